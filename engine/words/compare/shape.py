"""The shape of a space: along how many directions its words really spread, and whether all directions are alike."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.errors import DataError
from engine.words.search import units
from engine.words.space import Space

BLOCK = 4_096


@dataclass(frozen=True, slots=True, eq=False)
class Spectrum:
    """The variances of ``words`` words along the principal components of their space, (d,) float64, largest first."""

    variances: np.ndarray
    words: int

    @property
    def shares(self) -> np.ndarray:
        """The share of all variance that each component holds, (d,) from 0 to 1."""
        return self.variances / self.variances.sum()

    @property
    def participation(self) -> float:
        """The participation ratio, 1 to d: so many components there would be if all of them held the same variance, and
        the others none.
        """
        return float(1 / (self.shares**2).sum())

    def components_for(self, share: float) -> int:
        """Return how many of the first components hold at least a ``share``, 0 to 1, of the variance."""
        return min(int(np.searchsorted(self.shares.cumsum(), share - 1e-12)) + 1, len(self.variances))


@dataclass(frozen=True, slots=True)
class Isotropy:
    """Whether words lie alike in all directions.

    ``value``, 0 to 1, is 1 where they do: the smallest of the sums of exp(c.v) over all words v, divided by the
    largest, for the eigenvectors c of V'V (Mu and Viswanath 2018, arXiv 1702.01417). An eigenvector may as well be
    taken the other way round, so both ways count here. ``cosine`` is the mean, and ``deviation`` the standard
    deviation, of the cosines of all pairs of ``words`` words: where all lie in a cone, the mean is far from 0.
    """

    value: float
    cosine: float
    deviation: float
    words: int


def spectrum(space: Space, restrict: int | None = None, unit: bool = False) -> Spectrum:
    """Return the PCA spectrum of a space, of its first ``restrict`` words; with ``unit``, each at length 1.

    Raises DataError where no two words lie apart.
    """
    rows = _rows(space, restrict)
    total, product = _moments(space, rows, unit)
    mean = total / len(rows)
    covariance = product / len(rows) - np.outer(mean, mean)
    variances = np.maximum(np.linalg.eigvalsh(covariance)[::-1], 0)
    if not variances[0] > 1e-13 * np.trace(product) / len(rows):
        raise DataError(
            f"These {len(rows):,} words all lie at one place: there is no direction along which they spread."
        )
    return Spectrum(variances, len(rows))


def isotropy(space: Space, restrict: int | None = None, unit: bool = False) -> Isotropy:
    """Return how isotropic a space is, by its first ``restrict`` words; with ``unit``, each at length 1.

    The mean cosine is that of all pairs, not of a sample: it follows from the sum of all directions. Raises DataError
    where fewer than two words have a direction.
    """
    rows = _rows(space, restrict)
    rows = rows[space.inverse_norms[rows] > 0]
    m = len(rows)
    if m < 2:
        raise DataError(f"Of these words {m} have a direction: expected at least two.")
    total, product = _moments(space, rows, unit=True)
    pairs = m * (m - 1)
    cosine = (total @ total - np.trace(product)) / pairs
    square = ((product**2).sum() - m) / pairs
    _, raw = (total, product) if unit else _moments(space, rows, unit=False)
    _, directions = np.linalg.eigh(raw)
    both = np.hstack([directions, -directions])
    sums = np.full(both.shape[1], -np.inf)  # their logarithms: exp(c.v) of long vectors is beyond all floats
    for some in _blocks(space, rows, unit):
        sums = np.logaddexp(sums, np.logaddexp.reduce(some @ both, axis=0))
    return Isotropy(float(np.exp(sums.min() - sums.max())), float(cosine), float(max(square - cosine**2, 0) ** 0.5), m)


def _rows(space: Space, restrict: int | None) -> np.ndarray:
    count = len(space) if restrict is None else min(restrict, len(space))
    if count < 1:
        raise DataError(f"The shape of a space is that of its first words: expected 1 or more, received {restrict}.")
    return np.arange(count)


def _moments(space: Space, rows: np.ndarray, unit: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return the sum of some vectors, (d,), and V'V, (d, d), both float64."""
    total, product = np.zeros(space.dimensions), np.zeros((space.dimensions, space.dimensions))
    for some in _blocks(space, rows, unit):
        total += some.sum(axis=0)
        product += some.T @ some
    return total, product


def _blocks(space: Space, rows: np.ndarray, unit: bool) -> Iterator[np.ndarray]:
    for start in range(0, len(rows), BLOCK):
        some = rows[start : start + BLOCK]
        yield (units(space, some) if unit else space.vectors[some]).astype(np.float64)
