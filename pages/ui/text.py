"""Text from outside, made fit for Streamlit's labels and messages, all of which are Markdown."""

import re

_BOLD = re.compile(r"\\\*\\\*(?! )((?:(?!\\\*).)+)(?<! )\\\*\\\*")  # as it is after all of Markdown was made plain
_ENTRY = re.compile(r"\s*[-*•]\s+(?=\S)")
_LINK = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)
_JOINER = "\u2060"  # takes no room; Streamlit makes a link of what looks like an address, whatever was escaped
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])")


def plain(text: str, limit: int = 200) -> str:
    """Return ``text`` so that Markdown shows it letter by letter: no links, pictures, formulas, colours or icons.

    A picture in Markdown would be fetched from wherever it points to. Line breaks become spaces; longer text is cut.
    """
    shown = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    shown = _LINK.sub(_JOINER, shown)
    return _SPECIAL.sub(r"\\\1", shown if len(shown) <= limit else shown[: limit - 1] + "…")


def prose(text: str) -> str:
    """Return ``text`` as Markdown of lines, lists (``- ``) and ``**bold**``; all else is shown letter by letter."""
    shown: list[str] = []
    listing = False
    for line in text.splitlines():
        entry = _ENTRY.match(line)
        words = _BOLD.sub(r"**\1**", plain(line[entry.end() :] if entry else line, len(line) + 1))
        if bool(entry) != listing:
            shown.append("")
            listing = bool(entry)
        # Two blanks end the line; an underline of equals signs would make a heading of the one before.
        shown.append(f"- {words}" if entry else re.sub(r"^=", r"\=", words) + "  " * bool(words))
    return "\n".join(shown).strip()
