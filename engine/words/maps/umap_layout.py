"""UMAP (McInnes, Healy and Melville 2018, arXiv 1802.03426), in its own library's steps, so that it is seen forming.

It is what ``umap.UMAP(precomputed_knn=..., random_state=seed).fit_transform`` does: the same functions on the same
numbers in the same order, but the loop over the epochs is ours, and they are compiled for one thread and kept on disk.
From the same graph comes the same map to the last bit; the graph differs in the last digit of float32.
"""

import os
import sys
from collections.abc import Generator, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import coo_matrix

from engine.words.maps.layouts import Forming, Laying, Layout
from engine.words.maps.points import Points
from engine.words.maps.spec import MapSpec, maps_folder

MANY_POINTS = 10_000
NEGATIVE_SAMPLES = 5.0
"""So many points push one away for each that draws it."""


class Compiled(NamedTuple):
    """Functions of umap, compiled for one thread; and the modules that hold what is not compiled."""

    smooth: Any
    memberships: Any
    epoch: Any
    umap: Any
    spectral: Any


def by_umap(points: Points, indices: np.ndarray, distances: np.ndarray, spec: MapSpec) -> Laying:
    """Lay points out from the spectrum of their graph on."""
    if not is_compiled():
        yield Forming(0.0, "Compiling UMAP, the first time only: this takes up to half a minute")
    tools = compiled()
    k = min(spec.neighbours, len(points))
    notes = [] if k == spec.neighbours else [f"There are {k:,} words, so that many neighbours at most."]
    yield Forming(0.02, "Weighing neighbours")
    graph = graph_of(tools, indices[:, : k - 1], distances[:, : k - 1])
    positions = yield from laid_from(tools, graph, points, spec)
    return Layout("umap", positions, tuple(notes))


def laid_from(
    tools: Compiled, graph: coo_matrix, points: Points, spec: MapSpec
) -> Generator[Forming, None, np.ndarray]:
    """Lay out a graph as ``umap.umap_.simplicial_set_embedding``; edges too weak to be drawn once are taken out."""
    epochs = 500 if len(points) <= MANY_POINTS else 200
    graph.data[graph.data < graph.data.max() / epochs] = 0.0
    graph.eliminate_zeros()
    yield Forming(0.05, "Looking at the graph of neighbours as a whole")
    random = np.random.RandomState(spec.seed)
    start = tools.spectral.spectral_layout(
        points.vectors, graph, spec.dimensions, random, metric=points.metric, metric_kwds={}
    )
    start = tools.umap.noisy_scale_coords(start, random, max_coord=10, noise=0.0001)
    state = random.randint(tools.umap.INT32_MIN, tools.umap.INT32_MAX, 3).astype(np.int64)
    low = start.min(axis=0)
    positions = (10.0 * (start - low) / (start.max(axis=0) - low)).astype(np.float32, order="C")
    a, b = tools.umap.find_ab_params(spec.spread, spec.min_dist)
    for epoch in _epochs(tools, positions, graph, epochs, a, b, state):
        share = 0.15 + 0.85 * epoch / epochs
        yield Forming(share, f"Laying out: {epoch} of {epochs} rounds", positions)
    return positions


def graph_of(tools: Compiled, indices: np.ndarray, distances: np.ndarray) -> coo_matrix:
    """Return how strongly points belong together, from 0 to 1, as a symmetric graph (n, n)."""
    n, others = indices.shape
    near = np.hstack([np.arange(n)[:, None], indices])  # umap counts a point among its own
    far = np.hstack([np.zeros((n, 1), np.float32), distances]).astype(np.float32)
    sigmas, rhos = tools.smooth(far, float(others + 1), local_connectivity=1.0)
    rows, columns, strengths, _ = tools.memberships(near, far, sigmas, rhos, False)
    one_way = coo_matrix((strengths, (rows, columns)), shape=(n, n))
    one_way.eliminate_zeros()
    other_way = one_way.transpose()
    graph = (one_way + other_way - one_way.multiply(other_way)).tocoo()
    graph.sum_duplicates()
    graph.eliminate_zeros()
    return graph


def _epochs(
    tools: Compiled, positions: np.ndarray, graph: coo_matrix, epochs: int, a: float, b: float, state: Any
) -> Iterator[int]:
    """Move ``positions`` in place as ``umap.layouts.optimize_layout_euclidean``; yield how many epochs are done."""
    every = tools.umap.make_epochs_per_sample(graph.data, epochs)
    every_push = every / NEGATIVE_SAMPLES
    next_draw, next_push = every.copy(), every_push.copy()
    random = np.full((len(positions), 3), state) + positions[:, :1].astype(np.float64).view(np.int64)
    none = np.zeros(1, np.float32)  # of densMAP, which is not asked for
    alpha = 1.0
    for epoch in range(epochs):
        tools.epoch(
            positions,
            positions,
            graph.row,
            graph.col,
            len(positions),
            every,
            a,
            b,
            random,
            1.0,
            positions.shape[1],
            True,
            alpha,
            every_push,
            next_push,
            next_draw,
            epoch,
            False,
            none,
            none,
            0,
            0,
            0,
            0,
            none,
            none,
            0,
        )
        alpha = 1.0 - epoch / epochs
        yield epoch + 1


def is_compiled() -> bool:
    """Tell whether UMAP can be begun at once in this process."""
    return "umap" in sys.modules


def warm() -> None:
    """Import and compile all, or take it from the disk; a forge does this once for all that it forks."""
    points = np.random.default_rng(0).normal(size=(40, 3)).astype(np.float32)
    distances = np.linalg.norm(points[:, None] - points, axis=2)
    near = np.argsort(distances, axis=1)[:, 1:6]
    tools = compiled()
    graph = graph_of(tools, near, np.take_along_axis(distances, near, 1))
    for _ in _epochs(tools, points[:, :2].copy(), graph, 2, 1.5, 0.9, np.zeros(3, np.int64)):
        pass


@lru_cache(maxsize=1)
def compiled() -> Compiled:
    """Import umap and return its functions; numba keeps what it has compiled in Learnscope's home."""
    os.environ.setdefault("NUMBA_CACHE_DIR", str(maps_folder().resolve().parent / "cache" / "numba"))
    import numba
    from umap import layouts, spectral, umap_

    def for_one_thread(function: Any) -> Any:
        options = {name: value for name, value in function.targetoptions.items() if name in ("fastmath",)}
        return numba.njit(function.py_func, locals=function.locals, cache=True, **options)

    return Compiled(
        for_one_thread(umap_.smooth_knn_dist),
        for_one_thread(umap_.compute_membership_strengths),
        for_one_thread(layouts._nb_optimize_layout_euclidean_single_epoch),
        umap_,
        spectral,
    )
