"""A model that only counts: which symbol follows the two before it, smoothed after Kneser and Ney.

Of what was seen ``DISCOUNT`` is taken off, and given to a shorter memory. That one does not count how often a symbol
came, but behind how many others it did: ``Francisco`` is frequent, and yet follows next to nothing but ``San``
(Kneser and Ney 1995; in this form, interpolated, Chen and Goodman 1999, "An empirical study of smoothing techniques for
language modeling", equation 27).
"""

from typing import NamedTuple

import numpy as np

DISCOUNT = 0.75


class _Table(NamedTuple):
    """Counts: ``counts`` of the ``keys``, sorted; by ``contexts``, sorted too, their ``totals`` and ``kinds``, how
    many different symbols followed.
    """

    keys: np.ndarray
    counts: np.ndarray
    contexts: np.ndarray
    totals: np.ndarray
    kinds: np.ndarray


class Trigrams:
    """The counts of ``symbols`` (n,) int64, each from 0 to ``vocabulary`` - 1, at least three of them."""

    def __init__(self, symbols: np.ndarray, vocabulary: int) -> None:
        self.vocabulary = v = vocabulary
        threes, counts = np.unique((symbols[:-2] * v + symbols[1:-1]) * v + symbols[2:], return_counts=True)
        # The ends of all different threes are the twos, counted by what stands before them; and so on.
        twos, before_twos = np.unique(threes % (v * v), return_counts=True)
        ones, before_ones = np.unique(twos % v, return_counts=True)
        self._tables = [
            _table(keys, counted, v) for keys, counted in ((ones, before_ones), (twos, before_twos), (threes, counts))
        ]

    def probability(self, first: np.ndarray, second: np.ndarray, third: np.ndarray) -> np.ndarray:
        """Return the probabilities (n,) float64 of ``third`` behind ``first`` and ``second``, (n,) int64 each."""
        v = self.vocabulary
        found = np.full(len(third), 1.0 / v)
        for table, context in zip(self._tables, (np.zeros_like(third), second, first * v + second), strict=True):
            place, known = _find(table.contexts, context)
            total = np.where(known, table.totals[place], 1)
            at, seen = _find(table.keys, context * v + third)
            taken = np.where(seen, table.counts[at] - DISCOUNT, 0.0) / total
            left = np.where(known, DISCOUNT * table.kinds[place] / total, 1.0)
            found = taken + left * found
        return found

    def bits(self, symbols: np.ndarray) -> float:
        """Return the mean of -log2 of the probabilities of ``symbols`` (n,), each behind the two before it."""
        return float(-np.log2(self.probability(symbols[:-2], symbols[1:-1], symbols[2:])).mean())


def _table(keys: np.ndarray, counts: np.ndarray, vocabulary: int) -> _Table:
    contexts, place, kinds = np.unique(keys // vocabulary, return_inverse=True, return_counts=True)
    return _Table(keys, counts, contexts, np.bincount(place, counts), kinds)


def _find(among: np.ndarray, sought: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where ``sought`` stand in ``among``, sorted, and whether they do."""
    place = np.searchsorted(among, sought).clip(max=len(among) - 1)
    return place, among[place] == sought
