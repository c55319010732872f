"""How sure a score is: intervals that would hold what is true in 95 of 100 such measurements."""

from statistics import NormalDist

import numpy as np

Interval = tuple[float, float]
LEVEL = 0.95


def wilson(correct: int, asked: int, level: float = LEVEL) -> Interval:
    """Return the interval of a share, 0 to 1, of which ``correct`` of ``asked`` were counted (Wilson 1927).

    It takes the questions as independent. NaN where none was asked.
    """
    if not asked:
        return float("nan"), float("nan")
    z, share = _z(level), correct / asked
    middle = share + z * z / (2 * asked)
    reach = z * (share * (1 - share) / asked + z * z / (4 * asked * asked)) ** 0.5
    low, high = ((middle + sign * reach) / (1 + z * z / asked) for sign in (-1, 1))
    return (0.0 if correct == 0 else low), (1.0 if correct == asked else high)  # but for what is rounded away


def spearman_interval(rho: float, pairs: int, level: float = LEVEL) -> Interval:
    """Return the interval of Spearman's correlation, -1 to 1: Fisher's z, with the variance of Bonett and Wright (2000,
    doi 10.1007/BF02294183), which holds for correlations that are not near to nothing, too.

    All of -1 to 1 where there are fewer than four pairs; NaN where the correlation is.
    """
    if np.isnan(rho) or pairs < 4:
        return (rho, rho) if np.isnan(rho) else (-1.0, 1.0)
    middle = np.arctanh(np.clip(rho, -1 + 1e-12, 1 - 1e-12))
    reach = _z(level) * ((1 + rho * rho / 2) / (pairs - 3)) ** 0.5
    return float(np.tanh(middle - reach)), float(np.tanh(middle + reach))


def middle_of(values: np.ndarray, level: float = LEVEL) -> Interval:
    """Return the interval that holds the middle of bootstrapped values (Efron 1979), NaN among them left out."""
    values = values[~np.isnan(values)]
    if not len(values):
        return float("nan"), float("nan")
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _z(level: float) -> float:
    return NormalDist().inv_cdf((1 + level) / 2)
