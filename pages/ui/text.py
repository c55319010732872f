"""Text from outside, made fit for Streamlit's labels and messages, all of which are Markdown."""

import re

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])")


def plain(text: str, limit: int = 200) -> str:
    """Return ``text`` so that Markdown shows it letter by letter: no links, pictures, formulas, colours or icons.

    A picture in Markdown would be fetched from wherever it points to. Line breaks become spaces; longer text is cut.
    """
    shown = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return _SPECIAL.sub(r"\\\1", shown if len(shown) <= limit else shown[: limit - 1] + "…")
