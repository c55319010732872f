"""Which of the frequent words of a text stand near each other, how often and how far: little enough to be seen whole.

What trainers learn from is counted by ``engine.words.train.cooccurrence``, for all words; this counts the same for a
few, distance by distance, in a page of numpy.
"""

import base64
import zlib
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from engine.jobs import Order, Progress
from engine.jobs.job import Work
from engine.words.corpus.encoded import END, EncodedText, whole_sentences

MOST_TOKENS = 2_000_000
"""So many of a text, from its beginning, are looked at."""
AT_ONCE = 1 << 18
MOST_SHOWN = 12
"""Words of a sentence that are shown on each side of two that stand near each other."""


@dataclass(frozen=True, slots=True, eq=False)
class Nearness:
    """``counts`` (window, m, m) int64: how often word j stands d + 1 places behind word i, for the m most frequent."""

    counts: np.ndarray

    @property
    def window(self) -> int:
        """Return how many places away a word may stand."""
        return len(self.counts)

    def times(self, symmetric: bool = True) -> np.ndarray:
        """Return (window, m, m) int64: how often j stands so far from i, before it or behind, and else only behind it;
        of two that are the same word each stands near the other, if ``symmetric``.
        """
        return self.counts + self.counts.transpose(0, 2, 1) if symmetric else self.counts

    def weighed(self, symmetric: bool = True) -> np.ndarray:
        """Return the matrix (m, m) float64 that GloVe learns from: each time counts 1 / distance (Pennington, Socher
        and Manning 2014, aclanthology D14-1162).
        """
        return np.einsum("dij,d->ij", self.times(symmetric), 1 / np.arange(1, self.window + 1))

    def to_told(self) -> dict[str, Any]:
        """Return this as plain data, packed: most pairs of words are never near each other; ``of`` undoes it."""
        packed = base64.b64encode(zlib.compress(self.counts.astype("<i8").tobytes(), 1)).decode()
        return {"shape": list(self.counts.shape), "counts": packed}

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self:
        """Return what ``to_told`` has told."""
        flat = np.frombuffer(zlib.decompress(base64.b64decode(told["counts"])), "<i8")
        return cls(flat.reshape(told["shape"]))


@dataclass(frozen=True, slots=True)
class Seen:
    """Two words that stand near each other in a sentence: their places among its ``words``, and whether these begin and
    end with the sentence's own.
    """

    words: tuple[str, ...]
    first: int
    second: int
    whole: tuple[bool, bool]

    @property
    def distance(self) -> int:
        """Return how many places the second stands behind the first."""
        return self.second - self.first


def order(text: EncodedText, kept: int, window: int, m: int) -> Order:
    """Return the order to count the first ``m`` words of a text, see ``counting``."""
    folder = str(text.folder.absolute())
    return Order.of("engine.words.corpus.nearness:count", folder=folder, kept=kept, window=window, m=m)


def count(arguments: Mapping[str, Any]) -> Work:
    """Count, see ``order``; the result is told as by ``Nearness.to_told``. Raises DataError."""
    text = EncodedText.open(Path(arguments["folder"]))
    found = yield from counting(text, arguments["kept"], arguments["window"], arguments["m"])
    return found.to_told()


def counting(text: EncodedText, kept: int, window: int, m: int) -> Generator[Progress, None, Nearness]:
    """Count the first ``m`` of the ``kept`` words of a text; yield after each chunk.

    Words from row ``kept`` on are no distance, as if they had never stood there.
    """
    m = min(m, kept)
    counts = np.zeros((window, m, m), np.int64)
    seen = 0
    total = min(MOST_TOKENS, text.record.tokens)
    for ids in looked_at(text, kept):
        counts += near(ids, window, m)
        seen += int((ids != END).sum())
        yield Progress(min(1.0, seen / total), f"{seen:,} words counted")
    return Nearness(counts)


def looked_at(text: EncodedText, kept: int) -> Iterator[np.ndarray]:
    """Yield the ids of what is looked at of a text, whole sentences of the ``kept`` words."""
    for ids in whole_sentences(text.ids[:MOST_TOKENS], AT_ONCE):
        left = ids[ids < kept]
        if len(left):
            yield left


def near(ids: np.ndarray, window: int, m: int) -> np.ndarray:
    """Return how often word j stands d + 1 places behind word i in some sentences, (window, m, m) int64, i, j < m."""
    sentence = np.cumsum(ids == END)
    found = np.zeros((window, m, m), np.int64)
    for distance in range(1, min(window, len(ids) - 1) + 1):
        one, other = ids[:-distance], ids[distance:]
        good = (one >= 0) & (one < m) & (other >= 0) & (other < m) & (sentence[:-distance] == sentence[distance:])
        pairs = one[good].astype(np.int64) * m + other[good]
        found[distance - 1] = np.bincount(pairs, minlength=m * m).reshape(m, m)
    return found


def sightings(
    text: EncodedText, kept: int, window: int, one: int, other: int, symmetric: bool = True, most: int = 5
) -> list[Seen]:
    """Return the first ``most`` places where two words, rows below ``kept``, stand near each other: in either order if
    ``symmetric``, else the second behind the first.
    """
    orders = {(one, other), (other, one)} if symmetric else {(one, other)}
    found: list[Seen] = []
    for ids in looked_at(text, kept):
        found += [_seen(text, ids, *pair) for pair in _places(ids, window, orders)[: most - len(found)]]
        if len(found) == most:
            break
    return found


def _places(ids: np.ndarray, window: int, orders: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the places of all pairs of words in such orders, in the order of the text."""
    sentence = np.cumsum(ids == END)
    found: set[tuple[int, int]] = set()
    for first, second in orders:
        at = np.flatnonzero(ids == first)
        for distance in range(1, window + 1):
            there = at[at + distance < len(ids)]
            good = (ids[there + distance] == second) & (sentence[there + distance] == sentence[there])
            found |= {(int(place), int(place) + distance) for place in there[good]}
    return sorted(found)


def _seen(text: EncodedText, ids: np.ndarray, first: int, second: int) -> Seen:
    """Return the sentence around two places, cut where it is long."""
    start = max(0, first - MOST_SHOWN)
    ends = np.flatnonzero(ids[start:first] == END)
    begin = start + int(ends[-1]) + 1 if len(ends) else start
    stop = min(len(ids), second + MOST_SHOWN + 1)
    ends = np.flatnonzero(ids[second:stop] == END)
    end = second + int(ends[0]) if len(ends) else stop
    whole = (begin == 0 or bool(ids[begin - 1] == END), end < len(ids) and bool(ids[end] == END))
    words = tuple(text.words[int(row)] for row in ids[begin:end])
    return Seen(words, first - begin, second - begin, whole)
