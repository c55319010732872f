"""How alike two maps are by the order of their numbers."""

import numpy as np


def rank_correlation(one: np.ndarray, other: np.ndarray) -> float | None:
    """Return Spearman's correlation of the numbers of two maps of one shape, from -1 to 1; None where one of them is
    the same everywhere, for then there is no order. Equal numbers share the mean of their ranks.
    """
    first, second = _ranks(one.ravel()), _ranks(other.ravel())
    if not first.any() or not second.any():
        return None
    return float(np.clip((first * second).sum() / np.sqrt((first**2).sum() * (second**2).sum()), -1, 1))


def _ranks(values: np.ndarray) -> np.ndarray:
    """Return ranks, less their mean."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[places.ravel()] - (len(values) + 1) / 2
