"""The points of a map in the space that they come from, and the nearest ones of each: exact, by FAISS."""

import os
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from engine.errors import DataError
from engine.words.maps.spec import MapSpec
from engine.words.search import units
from engine.words.space import Space

BLOCK = 1024
"""Points asked about at once: few enough to tell of progress, enough for one product of matrices."""
MOST_THREADS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """n points: their ``rows`` in the space, (n,) int64, and their ``vectors``, (n, d) float32, finite.

    For the cosine these have length 1. For the Euclidean distance they are moved and scaled, all alike, so that their
    mean is 0 and none is longer than 1: no sum of squares overflows, and what is near stays near.
    """

    rows: np.ndarray
    vectors: np.ndarray
    metric: str

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def distinct(self) -> bool:
        """Tell whether at least two of them lie at different places."""
        return len(self) > 1 and bool((self.vectors != self.vectors[0]).any())


def gather(space: Space, rows: np.ndarray, spec: MapSpec) -> tuple[Points, list[str]]:
    """Return the points of some rows, and a note of those that were left out.

    A vector of zeros has no direction, so it has no place where the cosine counts. Raises DataError if nothing is left.
    """
    if spec.metric == "euclidean":
        return Points(rows, _moved(space.vectors[rows]), spec.metric), []
    there = space.inverse_norms[rows] > 0
    left_out = int((~there).sum())
    if left_out == len(rows):
        raise DataError("The vectors of these words are all zero: they have no direction, so there is nothing to map.")
    note = f"{left_out:,} of the words have vectors of zeros, which have no direction: they are left out."
    kept = rows[there]
    return Points(kept, units(space, kept), spec.metric), [note] if left_out else []


def _moved(vectors: np.ndarray) -> np.ndarray:
    """Return vectors with mean 0 and the longest of length 1, worked out in float64, block by block."""
    blocks = range(0, len(vectors), 4096)
    mean = sum((vectors[at : at + 4096].sum(axis=0, dtype=np.float64) for at in blocks), np.float64(0)) / len(vectors)
    longest = max(float(np.linalg.norm(vectors[at : at + 4096] - mean, axis=1).max()) for at in blocks)
    found = np.empty(vectors.shape, np.float32)
    for at in blocks:
        found[at : at + 4096] = (vectors[at : at + 4096] - mean) / (longest or 1.0)
    return found


def nearest(points: Points, k: int) -> Generator[float, None, tuple[np.ndarray, np.ndarray]]:
    """Return the k nearest of each point, without itself, the nearest first: indices (n, k) int64, distances (n, k)
    float32; fewer than k where there are not so many points. Yields the share that is done.

    The distance is 1 - cosine, from 0 to 2, or the Euclidean one of ``points.vectors``.
    """
    n = len(points)
    k = min(k, n - 1)
    indices, distances = np.empty((n, k), np.int64), np.empty((n, k), np.float32)
    starts = list(range(0, n, BLOCK))
    with ThreadPoolExecutor(threads()) as pool:
        for start, (some, far) in zip(starts, pool.map(lambda at: _nearest(points, at, k), starts), strict=True):
            indices[start : start + BLOCK], distances[start : start + BLOCK] = some, far
            yield (start + BLOCK) / (n + BLOCK)
    return indices, distances


def threads() -> int:
    """Return how many threads a map is worked out by."""
    return min(MOST_THREADS, os.cpu_count() or 1)


def _nearest(points: Points, start: int, k: int) -> tuple[np.ndarray, np.ndarray]:
    import faiss

    asked = points.vectors[start : start + BLOCK]
    inner = points.metric == "cosine"
    kind = faiss.METRIC_INNER_PRODUCT if inner else faiss.METRIC_L2
    scores, found = faiss.knn(asked, points.vectors, k + 1, kind)  # one more: each finds itself
    far = np.maximum(1 - scores, 0) if inner else np.sqrt(np.maximum(scores, 0))
    itself = found == np.arange(start, start + len(asked))[:, None]
    itself[~itself.any(axis=1), -1] = True  # behind many that are just like it
    return found[~itself].reshape(len(asked), k), far[~itself].reshape(len(asked), k)
