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
MAX_LISTED = 200
MAX_WORDS = 20
_PLUS, _MINUS = "+", "-−–"
_TOKEN = re.compile(
    rf'\s*(?:(?P<sign>[{re.escape(_PLUS + _MINUS)}])|"(?P<quoted>(?:[^"\\]|\\["\\])+)"(?=\s|$)|(?P<word>[^\s"]\S*))'
)
_ITEM = re.compile(
    r'[^\S\n]*(?:(?P<comma>[,;\n])|"(?P<quoted>(?:[^"\\]|\\["\\])+)"(?=[\s,;]|$)|(?P<word>[^\s",;][^\s,;]*))'
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
        plus, minus = [f"+ {quoted(word)}" for word in self.positive], [f"- {quoted(word)}" for word in self.negative]
        return " ".join([*plus[:1], *minus, *plus[1:]]).removeprefix("+ ")

    @property
    def is_parallelogram(self) -> bool:
        """Tell whether it is of two words with a plus and one with a minus, the fourth corner being asked for."""
        return len(self.positive) == 2 and len(self.negative) == 1

    def turned(self, answer: str) -> tuple[tuple["Formula", str], ...]:
        """Return what else the same four words ask, each with the word that is then expected; nothing unless the
        formula is a parallelogram.

        Where a is to b as c is to the answer, each corner can be asked for from the other three.
        """
        if not self.is_parallelogram:
            return ()
        (c, b), (a,) = self.positive, self.negative
        return (
            (Formula((b, c), (a,)), answer),
            (Formula((answer, a), (b,)), c),
            (Formula((answer, a), (c,)), b),
            (Formula((b, c), (answer,)), a),
        )


def quoted(word: str, *, always: bool = False) -> str:
    """Return a word as it stands in a formula; ``always`` in quotes, as one with a comma does in a list."""
    if word and not always and not re.search(r'[\s"]', word) and word[0] not in _PLUS + _MINUS:
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


def parse_words(text: str) -> tuple[str, ...]:
    """Read words with blanks, commas or line breaks between them; raises DataError for none, or too many.

    A word with one of these in it stands in double quotes.
    """
    words = tuple(word for group in _groups(text) for word in group)
    if not words:
        raise DataError("There is no word yet: expected words with blanks or commas between them.")
    return words


def parse_pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Read pairs of words with commas or line breaks between the pairs; raises DataError for anything else."""
    groups = [group for group in _groups(text) if group]
    if not groups:
        raise DataError("There is no pair yet: expected pairs such as he she, man woman.")
    for group in groups:
        if len(group) != 2:
            told = " ".join(map(quoted, group))
            raise DataError(
                f"A pair is two words, with a comma behind it: received {len(group)}, "
                f"{told if len(told) <= 60 else told[:57] + '…'}."
            )
    return tuple((first, second) for first, second in groups)


def _groups(text: str) -> list[list[str]]:
    """Return the words between commas or line breaks, for each such part of a text."""
    groups: list[list[str]] = [[]]
    place = count = 0
    while item := _ITEM.match(text, place):
        if item["comma"]:
            groups.append([])
        else:
            groups[-1].append(_unquoted(item))
            count += 1
        place = item.end()
    if text[place:].strip():
        raise DataError(f"There is a quote without its other at character {place + 1}: expected words.")
    if count > MAX_LISTED:
        raise DataError(f"There are {count:,} words: expected at most {MAX_LISTED}.")
    return groups
