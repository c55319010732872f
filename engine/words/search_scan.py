"""Looks through all rows of a space: first in rounded numbers, then exactly those of which it matters.

What is worked out in float32, or from codes of a byte (``search_codes``), is uncertain by so much as can be told. The
rows whose score may be among the k best are worked out once more in float64, one like the other wherever they stand; so
equal rows have equal scores, and what comes first does not depend on the library that multiplies, nor on the number of
its threads. Rows are multiplied slice by slice in several threads, with all vectors of a question at once, so that each
row is read from memory only once. What comes of the products is small: one thread is done with it before several would
have taken turns.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from engine.words.search_codes import Codes, is_plain
from engine.words.search_products import products
from engine.words.search_threads import together

SLICE_ROWS = 1 << 14
BLOCK_ROWS = 4_096
FEW = 2_000
"""So many rows are worked out exactly at once; of more, first those are found of which it matters."""
Some = slice | np.ndarray
"""Rows that lie side by side, or (r,) int."""


class Bounds(NamedTuple):
    """What the scores of some rows are at ``most``, float; and at ``least``, asked for a few places among them."""

    most: np.ndarray
    least: Callable[[np.ndarray], np.ndarray]


Stage = Callable[[Some], Bounds]
Exact = Callable[[np.ndarray], np.ndarray]


class Cosines(NamedTuple):
    """Cosines (m, r) float32 of rows with m vectors, each wrong by ``each`` at most. Beside that the rows themselves
    may have ``lost`` a vector as long as that: of a weighted sum of cosines, what that has in the sum's direction.
    """

    found: np.ndarray
    each: float
    lost: float

    def of(self, some: Some) -> "Cosines":
        """Return those of some rows."""
        return self._replace(found=self.found[:, some])


def rounding(d: int) -> float:
    """Return by how much a cosine of d numbers can be wrong in float32."""
    return (d + 8) * 2.0**-24


def slices(rows: int) -> list[slice]:
    """Return all rows in slices."""
    return [slice(start, min(start + SLICE_ROWS, rows)) for start in range(0, rows, SLICE_ROWS)]


def all_products(vectors: np.ndarray, queries: np.ndarray) -> np.ndarray:
    """Return the products of all n rows with m vectors, ``queries`` (m, d): (m, n) float32."""
    queries = np.ascontiguousarray(queries, np.float32)
    return np.concatenate(together(lambda some: _products(vectors[some], queries), slices(len(vectors))), axis=1)


def all_cosines(vectors: np.ndarray, inverse_norms: np.ndarray, units: np.ndarray) -> np.ndarray:
    """Return the cosines of all n rows with m vectors of length 1, ``units`` (m, d): (m, n) float32.

    Each is right within ``rounding(d)``; that of a row of zeros is 0.
    """
    return _as_cosines(all_products(vectors, units), vectors, inverse_norms, units)


def some_cosines(vectors: np.ndarray, inverse_norms: np.ndarray, units: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return the cosines of some r rows, as ``all_cosines`` does: (m, r) float32."""
    queries = np.ascontiguousarray(units, np.float32)

    def multiply(start: int) -> np.ndarray:
        some = rows[start : start + BLOCK_ROWS]
        return _as_cosines(_products(vectors[some], queries), vectors[some], inverse_norms[some], units)

    starts = range(0, len(rows), BLOCK_ROWS)
    return np.concatenate([np.empty((len(units), 0), np.float32), *together(multiply, starts)], axis=1)


def rough_cosines(codes: Codes | None, vectors: np.ndarray, inverse_norms: np.ndarray, units: np.ndarray) -> Cosines:
    """Return the cosines of all rows as they are got soonest: by the codes, where there are any."""
    if codes is None:
        return Cosines(all_cosines(vectors, inverse_norms, units), rounding(vectors.shape[1]), 0.0)
    found = codes.cosines(units)
    found[:, codes.apart] = exact_cosines(vectors, codes.apart, units)
    return Cosines(found, codes.rounding(units), codes.bound)


def _products(rows: np.ndarray, queries: np.ndarray) -> np.ndarray:
    """Return the products of n rows with ``queries``, both float32: (m, n)."""
    found = np.empty((len(queries), len(rows)), np.float32)
    for start in range(0, len(rows), BLOCK_ROWS):
        some = slice(start, start + BLOCK_ROWS)
        found[:, some] = products(rows[some], queries)
    return found


def _as_cosines(found: np.ndarray, vectors: np.ndarray, inverse_norms: np.ndarray, units: np.ndarray) -> np.ndarray:
    """Return products of rows with vectors of length 1, (m, n), made cosines in place."""
    with np.errstate(over="ignore", invalid="ignore"):
        found *= inverse_norms
    odd = np.flatnonzero(~is_plain(inverse_norms) & (inverse_norms > 0))
    if len(odd):
        found[:, odd] = exact_cosines(vectors, odd, units)
    return found


def exact_cosines(vectors: np.ndarray, rows: np.ndarray, units: np.ndarray) -> np.ndarray:
    """Return the cosines of some r rows with m vectors of length 1, ``units`` (m, d): (m, r) float64."""
    found = np.empty((len(units), len(rows)))
    for start in range(0, len(rows), BLOCK_ROWS):
        some = vectors[rows[start : start + BLOCK_ROWS]].astype(np.float64)
        lengths = np.sqrt((some * some).sum(axis=1))
        lengths[lengths == 0] = 1
        for one, unit in zip(found, units, strict=True):
            one[start : start + BLOCK_ROWS] = (some * unit).sum(axis=1) / lengths
    return found


def best_rows(stages: Sequence[Stage], k: int, is_answer: np.ndarray, exact: Exact) -> tuple[np.ndarray, np.ndarray]:
    """Return the k rows with the largest scores, the largest first, and their scores in float64.

    The first of the ``stages`` bounds the scores of all rows, the next one, more narrowly, those of the rows that are
    left, should they be more than a few. ``is_answer`` (n,) tells which count, and ``exact(rows)`` returns scores to be
    ranked by. Of equal ones that of the smaller row comes first.
    """
    if k <= 0:
        return np.zeros(0, np.int64), np.zeros(0)
    first, *finer = stages
    rows, most, sure = np.zeros(0, np.int64), np.zeros(0), np.zeros(0)
    for some in slices(len(is_answer)):
        bounds = first(some)
        places = np.flatnonzero(is_answer[some] & ~(bounds.most < _kth(sure, k)))
        places, best = _hopeful(bounds, places, k)
        rows, most = np.append(rows, places + some.start), np.append(most, bounds.most[places])
        sure = np.sort(np.append(sure, best))[-k:]
    rows = rows[~(most < _kth(sure, k))]
    for stage in finer:
        if len(rows) > FEW:
            rows = rows[_hopeful(stage(rows), np.arange(len(rows)), k)[0]]
    return ranked(rows, k, exact)


def rank_of(row: int, stages: Sequence[Stage], is_answer: np.ndarray, exact: Exact) -> int:
    """Return the place of a row among all answers, from 1 on; of equal ones the smaller row comes first."""
    (own,) = exact(np.array([row]))
    first, *finer = stages
    above, rows = 0, np.zeros(0, np.int64)
    for some in slices(len(is_answer)):
        more, close = _compared(first(some), np.flatnonzero(is_answer[some]), own)
        above, rows = above + more, np.append(rows, close + some.start)
    for stage in finer:
        if len(rows) > FEW:
            more, close = _compared(stage(rows), np.arange(len(rows)), own)
            above, rows = above + more, rows[close]
    near = exact(rows)
    return 1 + above + int(((near > own) | ((near == own) & (rows < row))).sum())


def ranked(rows: np.ndarray, k: int, exact: Callable[[np.ndarray], np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return the k best of some rows by their exact scores, and these."""
    scores = exact(rows)
    order = np.lexsort((rows, -scores))[:k]
    return rows[order], scores[order]


def within(scores: np.ndarray, error: np.ndarray | float) -> Bounds:
    """Return the bounds of scores, (r,), that may be wrong by an error; where they are no numbers, nothing is known."""
    with np.errstate(invalid="ignore", over="ignore"):
        most, least = scores + error, scores - error
    unknown = ~np.isfinite(scores) | np.isnan(most)
    most[unknown], least[unknown] = np.inf, -np.inf
    return Bounds(most, least.__getitem__)


def _hopeful(bounds: Bounds, places: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Return which of some places may be among the k best of them, and what the best are at least."""
    most = bounds.most[places]
    if len(places) <= k:
        return places, bounds.least(places)
    # What may be anything looks best, and tells nothing: so some more than k are asked what they are at least.
    asked = min(len(places), 2 * k + 64)
    best = places[np.argpartition(most, len(most) - asked)[len(most) - asked :]]
    sure = np.sort(bounds.least(best))[len(best) - k :]
    return places[~(most < sure[0])], sure


def _kth(sure: np.ndarray, k: int) -> float:
    """Return what the k best are at least, by a rising list of such; nothing is known where there are fewer."""
    return float(sure[-k]) if len(sure) >= k else -np.inf


def _compared(bounds: Bounds, places: np.ndarray, own: float) -> tuple[int, np.ndarray]:
    """Return how many of some places surely have a score above ``own``, and those of which it is not sure."""
    possible = places[~(bounds.most[places] < own)]
    above = bounds.least(possible) > own
    return int(above.sum()), possible[~above]
