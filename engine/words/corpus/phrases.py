"""Phrases: two words that come together more often than chance become one token (Mikolov et al. 2013, arXiv
1310.4546, equation 6; times the number of tokens, as in the authors' program).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from engine.words.corpus.encoded import END

LEAST = 5
"""So often must a pair come, and so much is taken from its count, so that pairs of rare words are not phrases."""
MOST_PAIRS = 20_000_000
"""Distinct pairs in memory, 16 bytes each: beyond it, those that came once so far are forgotten."""


@dataclass(frozen=True, slots=True, eq=False)
class Phrases:
    """Pairs of rows: ``keys`` (p,) int64 are first * words + second, sorted, with ``counts`` and ``scores`` (p,)."""

    words: int
    keys: np.ndarray
    counts: np.ndarray
    scores: np.ndarray

    def pairs(self) -> np.ndarray:
        """Return (p, 2) rows."""
        return np.stack(np.divmod(self.keys, self.words), axis=1)

    def join(self, ids: np.ndarray) -> np.ndarray:
        """Return ids of whole sentences in which phrase p has become ``words + p``; from the left, none twice."""
        keys = _keys(ids, self.words)
        places = np.minimum(np.searchsorted(self.keys, keys), max(0, len(self.keys) - 1))
        hit = (keys >= 0) & (self.keys[places] == keys) if len(self.keys) else np.zeros(len(keys), bool)
        # Of hits one behind the other (a b, b c) every second is taken, beginning with the first.
        at = np.arange(len(hit))
        begins = np.maximum.accumulate(np.where(hit & ~np.append(False, hit[:-1]), at, 0)) if len(hit) else at
        first = np.flatnonzero(hit & ((at - begins) % 2 == 0))
        found = ids.copy()
        found[first] = self.words + places[first]
        return np.delete(found, first + 1)


def find(chunks: Iterable[np.ndarray], counts: np.ndarray, threshold: float) -> Phrases:
    """Return the pairs whose score is above ``threshold``: (count(ab) - LEAST) * tokens / (count(a) * count(b)), which
    is about how many times more often they come together than chance would have it.

    ``chunks`` are ids of whole sentences, ``counts`` (words,) how often each row comes.
    """
    keys, pair_counts = _counted(_keys(ids, len(counts)) for ids in chunks)
    often = pair_counts >= LEAST
    keys, pair_counts = keys[often], pair_counts[often]
    first, second = np.divmod(keys, len(counts))
    scores = (pair_counts - LEAST) * float(counts.sum()) / (counts[first] * counts[second].astype(float))
    good = scores > threshold
    return Phrases(len(counts), keys[good], pair_counts[good], scores[good])


def _keys(ids: np.ndarray, words: int) -> np.ndarray:
    """Return the key of each two neighbours, -1 where a sentence ends between them."""
    left, right = ids[:-1].astype(np.int64), ids[1:].astype(np.int64)
    return np.where((left == END) | (right == END), -1, left * words + right)


def _counted(parts: Iterator[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return the distinct keys, sorted, and how often each comes; where there are too many, without the rare."""
    keys, counts = np.empty(0, np.int64), np.empty(0, np.int64)
    for part in parts:
        new, times = np.unique(part[part >= 0], return_counts=True)
        together, places = np.unique(np.concatenate([keys, new]), return_inverse=True)
        sums = np.zeros(len(together), np.int64)
        np.add.at(sums, places, np.concatenate([counts, times]))
        keys, counts = together, sums
        least = 1
        while len(keys) > MOST_PAIRS:
            least += 1
            keys, counts = keys[counts >= least], counts[counts >= least]
    return keys, counts
