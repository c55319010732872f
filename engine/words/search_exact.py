"""Which rows of a space are nearest, exactly: by its codes where it has them, else by all rows in float32."""

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np

from engine.words.analogies import SLACK, Look, Sum
from engine.words.search_codes import is_plain
from engine.words.search_index import Index, opened
from engine.words.search_scan import (
    Bounds,
    Cosines,
    Some,
    Stage,
    all_cosines,
    best_rows,
    exact_cosines,
    ranked,
    rounding,
    within,
)
from engine.words.stored import Stored

Metric = Literal["cosine", "dot", "euclidean"]
Found = tuple[np.ndarray, np.ndarray]
"""Rows, the best first, and their scores in float64."""


MORE = 20
"""So many more rows than wanted an index is asked for, as it works with rounded numbers."""


class Search:
    """Answers in rows; a row of zero length has no direction and is never an answer."""

    def __init__(self, stored: Stored) -> None:
        self._vectors, self._inverse_norms, self._codes = stored.vectors, stored.inverse_norms, stored.codes
        self._folder, self._index = stored.folder, None

    def index(self) -> Index | None:
        """Return the index that was built beside the space; None while there is none."""
        if self._index is None and self._folder is not None:
            self._index = opened(self._folder, *self._vectors.shape)
        return self._index

    def nearest(self, unit: np.ndarray, k: int, without: Sequence[int] = (), index: Index | None = None) -> Found:
        """Return the k rows with the largest cosine with ``unit``, (d,) float64 of length 1; with an ``index`` those
        that it finds, or all, should it find too few.
        """
        if index is not None and k > 0:
            rows = index.near(unit, k + len(without) + MORE)
            rows = rows[(self._inverse_norms[rows] > 0) & ~np.isin(rows, list(without))]
            if len(rows) >= k:
                return ranked(rows, k, lambda rows: exact_cosines(self._vectors, rows, unit[None])[0])
        return self.nearest_to_sum(Sum(np.ones(1)), unit[None], k, without)

    def nearest_to_sum(self, score: Sum, units: np.ndarray, k: int, without: Sequence[int] = ()) -> Found:
        """Return the k rows with the largest cosine with a sum of vectors of length 1, (m, d) float64."""

        def exact(rows: np.ndarray) -> np.ndarray:
            return score.of(exact_cosines(self._vectors, rows, units))

        def is_answer(rows: np.ndarray) -> np.ndarray:
            return (self._inverse_norms[rows] > 0) & ~np.isin(rows, list(without))

        unit = score.weights @ units
        near = self._codes.near(unit, k, is_answer, exact) if self._codes is not None and k > 0 else None
        if near is not None:
            return ranked(near, k, exact)
        scores = all_cosines(self._vectors, self._inverse_norms, unit[None])[0]
        return best_rows([lambda some: within(scores[some], rounding(len(unit)))], k, self.answers(without), exact)

    def between(self, units: np.ndarray, k: int, without: Sequence[int] = ()) -> Found:
        """Return the k rows whose smallest cosine with the ``units``, (m, d), is largest."""

        def exact(rows: np.ndarray) -> np.ndarray:
            return exact_cosines(self._vectors, rows, units).min(axis=0)

        def bounds(some: Some, cosines: Cosines) -> Bounds:
            return within(cosines.found.min(axis=0), cosines.each + cosines.lost)

        return best_rows(self.look(units).stages(bounds), k, self.answers(without), exact)

    def by_dot(self, vector: np.ndarray, k: int, without: Sequence[int] = ()) -> Found:
        """Return the k rows with the largest product with ``vector``, (d,) float64."""
        stages = self._products(vector, lambda products, error, _: within(products, error))
        return best_rows(stages, k, self.answers(without), self._exactly(lambda rows: rows * vector))

    def by_distance(self, vector: np.ndarray, k: int, without: Sequence[int] = ()) -> Found:
        """Return the k rows at the smallest distance of ``vector``, (d,) float64; the scores are the distances."""

        def bounds(products: np.ndarray, error: np.ndarray, lengths: np.ndarray) -> Bounds:
            return within(2 * products - lengths**2, 2 * error + lengths**2 * 2.0**-20)

        stages, exact = self._products(vector, bounds), self._exactly(lambda rows: -((rows - vector) ** 2))
        rows, found = best_rows(stages, k, self.answers(without), exact)
        return rows, np.sqrt(-found)

    def look(self, units: np.ndarray) -> Look:
        """Return a look through all rows with vectors of length 1, (m, d) float64."""
        return Look(self._vectors, self._inverse_norms, self._codes, units)

    def answers(self, without: Sequence[int] = ()) -> np.ndarray:
        """Return which rows may be answers, (n,) bool."""
        found = self._inverse_norms > 0
        found[list(without)] = False
        return found

    def _products(self, vector: np.ndarray, told: Callable[..., Bounds]) -> list[Stage]:
        """Return what bounds the scores of rows by their products with a vector, of which ``told(products, error,
        lengths)`` makes them.
        """
        scale = float(np.abs(vector).max()) or 1.0
        length = scale * float(np.sqrt(((vector / scale) ** 2).sum()))

        def bounds(some: Some, cosines: Cosines) -> Bounds:
            inverse = self._inverse_norms[some]
            lengths = np.divide(1.0, inverse, out=np.zeros(len(inverse)), where=inverse > 0)
            across = np.where(is_plain(inverse), lengths * length, np.nan)  # of the others nothing is known
            wrong = SLACK * (cosines.each + cosines.lost)
            return told(cosines.found[0] * across, wrong * across + 1e-30, lengths)

        return self.look((vector / (length or 1.0))[None]).stages(bounds)

    def _exactly(self, terms: Callable[[np.ndarray], np.ndarray]) -> Callable[[np.ndarray], np.ndarray]:
        """Return a function that sums up the terms of some rows, float64."""

        def exact(rows: np.ndarray) -> np.ndarray:
            blocks = (rows[start : start + 4_096] for start in range(0, len(rows), 4_096))
            sums = [terms(self._vectors[some].astype(np.float64)).sum(axis=1) for some in blocks]
            return np.concatenate(sums) if sums else np.zeros(0)

        return exact
