"""Text from outside, made fit for Streamlit's labels and messages, all of which are Markdown."""

import re

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])")
# Markdown makes links of addresses that merely stand in a text, escaped or not: where each of them would begin stands a
# character of no width.
_ADDRESS = re.compile(r"(?<=://)|(?<=www)(?=\.)|(?<=@)", re.IGNORECASE)
_NO_WIDTH = "\u2060"


def plain(text: str, limit: int = 200) -> str:
    """Return ``text`` so that Markdown shows it letter by letter: no links, pictures, formulas, colours or icons.

    A picture in Markdown would be fetched from wherever it points to, and a link in a name leads whoever trusts this
    page there. Line breaks become spaces; longer text is cut.
    """
    shown = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    cut = shown if len(shown) <= limit else shown[: limit - 1] + "…"
    return _SPECIAL.sub(r"\\\1", _ADDRESS.sub(_NO_WIDTH, cut))
