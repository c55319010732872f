"""Clusters of words, by k-means (Lloyd 1982) or HDBSCAN (Campello et al. 2013), called after words of theirs."""

from typing import Any

import numpy as np

from engine.words.maps.points import Points
from engine.words.maps.spec import MapSpec

NAMED_BY = 3
MOST_HDBSCAN = 10_000
"""Points up to which HDBSCAN works in all dimensions; it compares each with each there."""
MOST_KMEANS = 20_000
"""Points from which k-means learns its centres on so many of them, drawn at random."""


def found_clusters(points: Points, positions: np.ndarray, spec: MapSpec) -> tuple[np.ndarray, list[str]]:
    """Return the cluster of each point, (n,) int32, and notes; the largest is 0, and -1 stands for none.

    The same points give the same clusters, whatever the seed of the map.
    """
    on_map, notes = spec.cluster_on == "map", []
    if spec.clusters == "none" or len(points) < 3:
        return np.full(len(points), -1, np.int32), []
    if spec.clusters == "hdbscan" and not on_map and len(points) > MOST_HDBSCAN:
        on_map = True
        notes.append(f"HDBSCAN takes too long in all dimensions of more than {MOST_HDBSCAN:,} words: it saw the map.")
    values = positions if on_map else points.vectors
    found = _kmeans(values, spec.cluster_count) if spec.clusters == "kmeans" else _hdbscan(values, spec.cluster_size)
    return _by_size(found), notes


def labels(points: Points, clusters: np.ndarray, words: list[str]) -> list[str]:
    """Return the name of each cluster: three words of it, the most telling first.

    A word tells of its cluster by how much nearer it is to that centre than to any other, and by how common it is: half
    the difference of the squared distances, for the cosine that of the cosines, times the square root of log((n + 1) /
    r) for the r-th word of n in the cluster, as the file orders them. So neither a word without which no text does nor
    a rare one stands for the others.
    """
    count = int(clusters.max(initial=-1)) + 1
    if not count:
        return []
    centres = _centres(points, clusters, count)
    telling = (_telling(points, np.flatnonzero(clusters == cluster), centres, cluster) for cluster in range(count))
    return [", ".join(words[place] for place in found) for found in telling]


def _telling(points: Points, members: np.ndarray, centres: np.ndarray, cluster: int) -> np.ndarray:
    members = members[np.argsort(points.rows[members], kind="stable")]
    # |x - c|^2 = |x|^2 - 2 (x c - |c|^2 / 2), and |x|^2 is the same for all centres.
    near = points.vectors[members] @ centres.T - np.square(centres).sum(axis=1) / 2  # (members, clusters)
    others = np.delete(near, cluster, axis=1).max(axis=1, initial=-np.inf)
    own = near[:, cluster] - np.where(np.isfinite(others), others, near.min(initial=0))
    common = np.sqrt(np.log((len(members) + 1) / np.arange(1, len(members) + 1)))
    return members[np.argsort(-np.maximum(own, 0) * common, kind="stable")[:NAMED_BY]]


def _centres(points: Points, clusters: np.ndarray, count: int) -> np.ndarray:
    """Return the mean of each cluster, (count, d); as directions where these alone count."""
    centres = np.stack([points.vectors[clusters == cluster].mean(axis=0) for cluster in range(count)])
    if points.metric == "cosine":
        centres /= np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-12)
    return centres


def _kmeans(values: np.ndarray, count: int) -> np.ndarray:
    from sklearn.cluster import KMeans

    drawn = values
    if len(values) > MOST_KMEANS:
        drawn = values[np.sort(np.random.default_rng(0).choice(len(values), MOST_KMEANS, replace=False))]
    runs: Any = 4 if len(values) <= 5_000 else 1
    model = KMeans(min(count, len(np.unique(drawn, axis=0))), n_init=runs, random_state=0)
    return np.asarray(model.fit(drawn).predict(values))


def _hdbscan(values: np.ndarray, size: int) -> np.ndarray:
    from sklearn.cluster import HDBSCAN

    if len(values) <= size:
        return np.full(len(values), -1)
    own: Any = True
    return HDBSCAN(min_cluster_size=size, copy=own).fit_predict(values.astype(np.float64))


def _by_size(found: np.ndarray) -> np.ndarray:
    """Number clusters anew, the largest first; of two of one size, that which has the earlier point."""
    names, firsts, sizes = np.unique(found[found >= 0], return_index=True, return_counts=True)
    numbers = np.full(int(found.max(initial=-1)) + 1, -1, np.int32)
    numbers[names[np.lexsort((firsts, -sizes))]] = np.arange(len(names))
    return np.where(found >= 0, numbers[np.maximum(found, 0)] if len(numbers) else -1, -1).astype(np.int32)
