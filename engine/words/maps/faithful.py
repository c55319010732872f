"""How faithful a map is: what it shows together that is apart, what it tears apart, and whose neighbours it keeps."""

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from scipy.spatial import KDTree
from threadpoolctl import threadpool_limits

from engine.words.maps.points import Points, threads
from engine.words.maps.stages import part

K = 15
"""So many neighbours of each word are looked at."""
MOST_EXACT = 10_000
SAMPLE = 2_000
BLOCK = 128
Far = Callable[[np.ndarray], np.ndarray]
"""Tells of some points, (m,), how far all are from them, (m, n), in any unit that keeps the order."""


@dataclass(frozen=True, slots=True, eq=False)
class Faith:
    """What a map keeps of a space.

    ``trustworthiness`` is 1 where all that is near on the map is near in the space, ``continuity`` where all that is
    near in the space is near on the map (Venna and Kaski 2001); None where there are too few points to tell. ``kept``,
    (n,) float32, is the share of each point's nearest in the space that are among its nearest on the map. ``sample``
    is the number of points that the first two were worked out on.
    """

    trustworthiness: float | None
    continuity: float | None
    kept: np.ndarray
    sample: int


def faith(points: Points, near: np.ndarray, positions: np.ndarray) -> Generator[float, None, Faith]:
    """Judge the ``positions`` (n, dimensions) of points whose nearest are ``near`` (n, K or more, nearest first).

    All are judged, or ``SAMPLE`` of them where there are more than ``MOST_EXACT``. Yields the share that is done.
    """
    n = len(points)
    near = near[:, :K]
    shown = nearest_on(positions, near.shape[1])
    judged = np.arange(n) if n <= MOST_EXACT else np.sort(np.random.default_rng(0).choice(n, SAMPLE, replace=False))
    k = min(K, (n - 1) // 2)
    if not k:
        return Faith(None, None, _kept(near, shown), n)
    trusted = yield from part(_score(far_in_space(points), shown[:, :k], judged), 0.0, 0.5)
    continuous = yield from part(_score(far_on(positions), near[:, :k], judged), 0.5, 1.0)
    return Faith(trusted, continuous, _kept(near, shown), len(judged))


def nearest_on(positions: np.ndarray, k: int) -> np.ndarray:
    """Return the k nearest of each point on the map, without itself, (n, k) int64."""
    _, found = KDTree(positions).query(positions, k + 1, workers=threads())
    found = found.reshape(len(positions), k + 1)
    itself = found == np.arange(len(positions))[:, None]
    itself[~itself.any(axis=1), -1] = True  # behind many that lie at the same place
    return found[~itself].reshape(len(positions), k)


def far_in_space(points: Points) -> Far:
    """Return what tells how far points are in their space."""
    vectors = points.vectors
    squares = np.einsum("nd,nd->n", vectors, vectors)
    return lambda some: squares - 2 * (vectors[some] @ vectors.T)


def far_on(positions: np.ndarray) -> Far:
    """Return what tells how far points are on the map."""
    columns = [np.ascontiguousarray(column, np.float64) for column in positions.T]

    def far(some: np.ndarray) -> np.ndarray:
        total = np.zeros((len(some), len(positions)))
        for column in columns:
            way = column[some, None] - column
            way *= way  # in place, as all of this: memory that is asked for anew is slower than what is done with it
            total += way
        return total

    return far


def _score(far: Far, neighbours: np.ndarray, judged: np.ndarray) -> Generator[float, None, float]:
    """Return 1 less the mean excess of the neighbours' ranks by ``far``; yields the share that is done.

    That is 1 - 2 / (m k (2n - 3k - 1)) times the sum of rank - k over the neighbours whose rank is beyond k.
    """
    n, k = neighbours.shape
    blocks = [judged[at : at + BLOCK] for at in range(0, len(judged), BLOCK)]
    excess = 0
    # One thread of the matrix library in each of ours, or they would fight for the cores.
    with threadpool_limits(1), ThreadPoolExecutor(threads()) as pool:
        for done, ranks in enumerate(pool.map(lambda some: _ranks(far, some, neighbours[some]), blocks), 1):
            excess += int(np.maximum(ranks - k, 0).sum())
            yield done / len(blocks)
    return 1.0 - 2.0 * excess / (len(judged) * k * (2 * n - 3 * k - 1))


def _ranks(far: Far, some: np.ndarray, neighbours: np.ndarray) -> np.ndarray:
    """Return the rank, from 1, of each neighbour of some points: one more than there are points nearer than it."""
    distances = far(some)
    own = np.take_along_axis(distances, neighbours, 1)
    distances[np.arange(len(some)), some] = np.inf
    nearer = [np.count_nonzero(row < wanted[:, None], axis=1) for row, wanted in zip(distances, own, strict=True)]
    return 1 + np.array(nearer)


def _kept(near: np.ndarray, shown: np.ndarray) -> np.ndarray:
    n, k = near.shape
    if not k:
        return np.ones(n, np.float32)
    both = (near[:, :, None] == shown[:, None, :]).any(axis=2)
    return both.mean(axis=1).astype(np.float32)
