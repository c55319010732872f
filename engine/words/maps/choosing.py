"""Which words a map is of: the first ones, those around a word, those that pass a filter, those that were named."""

import re
from collections.abc import Iterator, Sequence

import numpy as np

from engine.errors import DataError
from engine.words.maps.spec import MapSpec
from engine.words.space import Space

MOST_TOLD = 5
_NAMED = re.compile(r'"((?:[^"\\]|\\["\\])+)"|([^\s,"]+)')


def chosen_rows(space: Space, spec: MapSpec) -> tuple[np.ndarray, list[str]]:
    """Return the rows of a map's words, (n,) int64, all different, and notes of what was asked for and is not there.

    Raises DataError where there is no word.
    """
    match spec.of:
        case "top":
            return np.arange(min(spec.top, len(space))), []
        case "neighbourhood":
            return _around(space, spec)
        case "filter":
            return _filtered(space, spec), []
        case "selection":
            return _named(space, named_words(spec.selection))


def _around(space: Space, spec: MapSpec) -> tuple[np.ndarray, list[str]]:
    word = spec.around.strip()
    if not word:
        raise DataError("A map around a word needs the word: none is named.")
    near = [name for name, _ in space.neighbours(word, spec.around_count, spec.metric)]
    notes = [] if word in space else [f"{_short(word)} is not on the map: it is known by its subwords only."]
    return _rows_of(space, [word, *near]), notes


def _filtered(space: Space, spec: MapSpec) -> np.ndarray:
    first, last = spec.first_rank - 1, min(spec.last_rank, len(space))
    if first >= last:
        raise DataError(f"There is no word of rank {spec.first_rank:,}: this space has {len(space):,} words.")
    found = np.fromiter(_fitting(space, spec.pattern.strip(), first, last, spec.top), dtype=np.int64)
    if not len(found):
        raise DataError(
            f"No word from rank {spec.first_rank:,} to {last:,} fits the pattern {_short(spec.pattern.strip())}."
        )
    return found


def _fitting(space: Space, pattern: str, first: int, last: int, most: int) -> Iterator[int]:
    count = 0
    for row in range(first, last):
        if count == most:
            return
        if fits(space.words[row], pattern):
            count += 1
            yield row


def fits(word: str, pattern: str) -> bool:
    """Tell whether a word is like a pattern, in which a star stands for any letters; capitals do not matter.

    A pattern without a star is looked for anywhere in the word. It takes time in proportion to their lengths.
    """
    word, pattern = word.casefold(), pattern.casefold()
    if "*" not in pattern:
        return pattern in word
    head, *middle, tail = pattern.split("*")
    if len(word) < len(head) + len(tail) or not (word.startswith(head) and word.endswith(tail)):
        return False
    place, end = len(head), len(word) - len(tail)
    for part in middle:
        place = word.find(part, place, end)
        if place < 0:
            return False
        place += len(part)
    return True


def named_words(text: str) -> list[str]:
    """Return the words of a list with blanks or commas between them, each once; one with blanks stands in quotes.

    Raises DataError where a quote has no other.
    """
    rest = _NAMED.sub("", text)
    if '"' in rest:
        raise DataError('The list of words has a quote without its other: expected words such as king, "New York".')
    found = [re.sub(r'\\(["\\])', r"\1", quoted) if quoted else word for quoted, word in _NAMED.findall(text)]
    return list(dict.fromkeys(found))


def _named(space: Space, words: Sequence[str]) -> tuple[np.ndarray, list[str]]:
    if not words:
        raise DataError("A map of words that you name needs words: none is named.")
    rows = _rows_of(space, words)
    strange = [word for word in words if word not in space]
    if not len(rows):
        raise DataError(f"Not one of these words is in this space of {len(space):,} words: {_some(strange)}.")
    return rows, [f"Not in this space: {_some(strange)}."] if strange else []


def _rows_of(space: Space, words: Sequence[str]) -> np.ndarray:
    found = (space.words.find(word) for word in words)
    return np.fromiter((row for row in found if row is not None), dtype=np.int64)


def _some(words: Sequence[str]) -> str:
    more = len(words) - MOST_TOLD
    return ", ".join(map(_short, words[:MOST_TOLD])) + (f" and {more:,} more" if more > 0 else "")


def _short(word: str) -> str:
    return repr(word if len(word) <= 40 else word[:37] + "…")
