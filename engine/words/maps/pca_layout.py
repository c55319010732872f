"""Principal component analysis (Pearson 1901): the space seen from its widest side, and nothing moved."""

import numpy as np
from scipy.linalg import eigh

BLOCK = 4096


def principal(vectors: np.ndarray, dimensions: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the places of n vectors (n, d) along their ``dimensions`` principal components, (n, dimensions) float32,
    and the share of the variance that each of these holds, (dimensions,) float64.

    Of each component that direction counts in which its largest weight is positive, so that the same vectors always
    give the same picture. Where there are fewer components than dimensions, the rest is zero.
    """
    n, d = vectors.shape
    mean = vectors.mean(axis=0, dtype=np.float64)
    covariance = np.zeros((d, d))
    for at in range(0, n, BLOCK):
        some = vectors[at : at + BLOCK] - mean
        covariance += some.T @ some
    wanted = min(dimensions, d)
    variances, directions = eigh(covariance, subset_by_index=(d - wanted, d - 1))  # the smallest come first
    variances, directions = np.maximum(variances[::-1], 0), directions[:, ::-1]
    directions = directions * np.sign(directions[np.abs(directions).argmax(axis=0), np.arange(wanted)])
    positions, shares = np.zeros((n, dimensions), np.float32), np.zeros(dimensions)
    for at in range(0, n, BLOCK):
        positions[at : at + BLOCK, :wanted] = (vectors[at : at + BLOCK] - mean) @ directions
    shares[:wanted] = variances / (np.trace(covariance) or 1.0)
    return positions, shares


def told(shares: np.ndarray) -> str:
    """Return in words how much of the variance the components hold."""
    each = " and ".join(f"{share:.1%}" for share in shares)
    return f"The axes hold {each} of the variance, {shares.sum():.1%} together; the rest is not seen."
