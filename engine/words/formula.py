r"""The formula in which one asks for an analogy: ``king - man + woman``.

    formula := [sign] word (sign word)*
    sign    := "+" | "-" | "−" | "–"     at the start, or behind a blank
    word    := anything without blanks that does not begin with a sign, or "anything in double quotes"

A sign inside a word is part of it: ``vice-president``, ``c++``. A word with blanks, or one that begins with a sign,
stands in double quotes; in them ``\"`` is a quote and ``\\`` a backslash. Nothing is ever evaluated.
"""

import re
from dataclasses import dataclass

from engine.errors import DataError

MAX_CHARS = 1_000
MAX_WORDS = 20
_PLUS, _MINUS = "+", "-−–"
_TOKEN = re.compile(
    rf'\s*(?:(?P<sign>[{re.escape(_PLUS + _MINUS)}])|"(?P<quoted>(?:[^"\\]|\\["\\])+)"(?=\s|$)|(?P<word>[^\s"]\S*))'
)
EXAMPLE = "expected a formula such as king - man + woman"


@dataclass(frozen=True, slots=True)
class Formula:
    """The words with a plus and the words with a minus, each in the order in which they stand."""

    positive: tuple[str, ...]
    negative: tuple[str, ...]

    @property
    def mix(self) -> dict[str, float]:
        """Return the weight of each word; one that stands twice counts twice."""
        weights: dict[str, float] = {}
        for words, sign in ((self.positive, 1.0), (self.negative, -1.0)):
            for word in words:
                weights[word] = weights.get(word, 0.0) + sign
        return weights

    def __str__(self) -> str:
        parts = [f"+ {quoted(word)}" for word in self.positive] + [f"- {quoted(word)}" for word in self.negative]
        return " ".join(parts).removeprefix("+ ")


def quoted(word: str) -> str:
    """Return a word as it stands in a formula."""
    if word and not re.search(r'[\s"]', word) and word[0] not in _PLUS + _MINUS:
        return word
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


def parse(text: str) -> Formula:
    """Read a formula; raises DataError, which names the place, for anything else."""
    if len(text) > MAX_CHARS:
        raise DataError(f"The formula is {len(text):,} characters long: expected at most {MAX_CHARS:,}.")
    text = text.strip()
    if not text:
        raise DataError(f"The formula is empty: {EXAMPLE}.")
    words: dict[bool, list[str]] = {True: [], False: []}
    sign: bool | None = True
    signed, place = False, 0
    while place < len(text):
        token = _TOKEN.match(text, place)
        if token is None:
            raise DataError(f"The formula has a quote without its other at character {place + 1}: {EXAMPLE}.")
        if token["sign"]:
            if signed:
                raise DataError(f"The formula has two signs in a row at character {place + 1}: {EXAMPLE}.")
            sign, signed = token["sign"] in _PLUS, True
        else:
            if sign is None:
                raise DataError(
                    f"The formula has two words without a sign between them at character {place + 1}: {EXAMPLE}, or "
                    "one word with blanks in double quotes."
                )
            words[sign].append(_unquoted(token))
            sign, signed = None, False
        place = token.end()
    if signed:
        raise DataError(f"The formula ends in a sign: {EXAMPLE}.")
    if len(words[True]) + len(words[False]) > MAX_WORDS:
        raise DataError(f"The formula has more than {MAX_WORDS} words: {EXAMPLE}.")
    return Formula(tuple(words[True]), tuple(words[False]))


def _unquoted(token: re.Match[str]) -> str:
    if token["word"] is not None:
        return token["word"]
    return re.sub(r'\\(["\\])', r"\1", token["quoted"])
