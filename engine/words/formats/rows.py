"""What every reader yields: rows of words and their vectors; and the count of those that were left out."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

MAX_WORD_BYTES = 1_000
MAX_DIMENSIONS = 10_000
MAX_ROWS = (1 << 31) - 1
MOST_AT_ONCE = 4_096
NUMBERS_AT_ONCE = 2 << 20


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Some rows of a file: ``words`` as the bytes that stand there, ``vectors`` (n, d) float32, and ``places``, (n,)
    int64, the line or, in a binary file, the number of each row, the first being 1.
    """

    words: list[bytes]
    vectors: np.ndarray
    places: np.ndarray


@dataclass(frozen=True, slots=True)
class Dropped:
    """Rows that were left out for one reason: how many, and where the first of them stood."""

    why: str
    count: int
    first: int


@dataclass(slots=True)
class Report:
    """What is to be told about a file once it is read: rows left out by reason, and ``notes``, sentences.

    ``rows`` is how many rows of text there were, good or bad.
    """

    rows: int = 0
    notes: list[str] = field(default_factory=list)
    _dropped: dict[str, Dropped] = field(default_factory=dict)

    def drop(self, why: str, place: int, count: int = 1) -> None:
        """Take note of rows that are left out, the first of them at ``place``."""
        before = self._dropped.get(why)
        self._dropped[why] = Dropped(why, count, place) if before is None else _more(before, place, count)

    @property
    def dropped(self) -> tuple[Dropped, ...]:
        """Return what was left out, the most frequent reason first."""
        return tuple(sorted(self._dropped.values(), key=lambda one: (-one.count, one.first)))


def _more(before: Dropped, place: int, count: int) -> Dropped:
    return Dropped(before.why, before.count + count, min(before.first, place))


def rows_at_once(dimensions: int) -> int:
    """Return how many rows a reader yields at a time, so that they take little memory however long they are."""
    return max(1, min(MOST_AT_ONCE, NUMBERS_AT_ONCE // dimensions))


def kept(rows: Iterator[Rows], report: Report) -> Iterator[Rows]:
    """Leave out the rows that no space can hold: without a word, or with a number that is not finite."""
    for some in rows:
        good = np.asarray(np.isfinite(some.vectors).all(axis=1))
        bad = np.flatnonzero(~good)
        if len(bad):
            report.drop("a number is NaN or infinite", int(some.places[bad[0]]), len(bad))
        for index, word in enumerate(() if _all_fit(some.words) else some.words):
            why = misfit(word)
            if why and good[index]:
                good[index] = False
                report.drop(why, int(some.places[index]))
        if good.all():
            yield some
        else:
            yield Rows(
                [w for w, fine in zip(some.words, good, strict=True) if fine], some.vectors[good], some.places[good]
            )


def _all_fit(words: list[bytes]) -> bool:
    """Tell whether all are words, at one go; where this says no, each is looked at."""
    together = b"\n".join(words)
    try:
        texts = together.decode().split("\n")
    except UnicodeDecodeError:
        return False
    fit = b"\0" not in together and max(map(len, words), default=0) <= MAX_WORD_BYTES
    return fit and len(texts) == len(words) and all(map(str.strip, texts))


def misfit(word: bytes) -> str:
    """Return why these bytes are no word; nothing if they are one."""
    if len(word) > MAX_WORD_BYTES:
        return f"the word is longer than {MAX_WORD_BYTES:,} bytes"
    if b"\0" in word:
        return "the word holds a NUL byte"
    try:
        return "" if word.decode().strip() else "the word is empty"
    except UnicodeDecodeError:
        return "the word is not written in UTF-8"
