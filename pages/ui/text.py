"""Text from outside, made fit for Streamlit's labels and messages, all of which are Markdown."""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])")
# Markdown makes links of addresses that merely stand in a text, escaped or not: where each of them would begin stands a
# character of no width.
# So it does of names of icons, of the house's own sign, and of what it takes for arrows, dashes and comparisons.
_READ_ANYWAY = re.compile(
    r"(?<=://)|(?<=www)(?=\.)|(?<=@)|(?<=:)(?=material/)|(?<=:)(?=streamlit:)|(?<=[<>~-])(?=[<>=-])", re.IGNORECASE
)
_NO_WIDTH = "\u2060"
_BOLD = re.compile(r"\\\*\\\*(?! )((?:(?!\\\*).)+)(?<! )\\\*\\\*")  # as it is after all of Markdown was made plain
_ENTRY = re.compile(r"\s*[-*•]\s+(?=\S)")


def plain(text: str, limit: int = 200) -> str:
    """Return ``text`` so that Markdown shows it letter by letter: no links, pictures, formulas, colours or icons.

    A picture in Markdown would be fetched from wherever it points to, and a link in a name leads whoever trusts this
    page there. Line breaks become spaces; longer text is cut.
    """
    shown = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    cut = shown if len(shown) <= limit else shown[: limit - 1] + "…"
    return _SPECIAL.sub(r"\\\1", _READ_ANYWAY.sub(_NO_WIDTH, cut))


def told_apart(titles: Mapping[str, str]) -> dict[str, str]:
    """Return the ``titles`` of some ids, no two alike: a browser says by its title alone which one is chosen.

    Behind those that are alike stands a mark, which is that of its id and stays whatever else comes and goes.
    """
    times = Counter(titles.values())
    return {one: title if times[title] == 1 else f"{title} · {_mark(one)}" for one, title in titles.items()}


def _mark(one: str) -> str:
    return hashlib.sha256(one.encode(errors="surrogatepass")).hexdigest()[:6]


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
