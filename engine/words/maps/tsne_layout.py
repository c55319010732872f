"""t-SNE (van der Maaten and Hinton 2008) by openTSNE (Poličar et al. 2024), from neighbours that are known exactly."""

import time
from collections.abc import Generator
from typing import Any

import numpy as np

from engine.words.maps.layouts import Forming, Laying, Layout
from engine.words.maps.pca_layout import principal
from engine.words.maps.points import Points
from engine.words.maps.spec import MapSpec

EARLY, LATE = 250, 500
"""Iterations with and without exaggeration."""
FFT_FROM = 5_000
"""Points from which forces are interpolated on a grid (FIt-SNE, Linderman et al. 2019); for fewer a tree is faster."""
SLICE_SECONDS = 0.3
START_DEVIATION = 1e-4


def by_tsne(points: Points, indices: np.ndarray, distances: np.ndarray, spec: MapSpec) -> Laying:
    """Lay points out from their principal components on, in slices of the one optimisation.

    In one thread: OpenMP's wait for each other after every step, and where others work on the same machine that takes
    ten times as long as it saves.
    """
    from openTSNE import TSNEEmbedding, affinity
    from openTSNE.nearest_neighbors import PrecomputedNeighbors

    n = len(points)
    perplexity = min(spec.perplexity, (n - 1) / 3)
    k = max(1, min(int(3 * perplexity), indices.shape[1]))
    notes = [] if perplexity == spec.perplexity else [f"{n:,} words allow a perplexity of {perplexity:.3g} at most."]
    yield Forming(0.0, "Weighing neighbours")
    known = PrecomputedNeighbors(indices[:, :k].astype(np.int64), np.ascontiguousarray(distances[:, :k], np.float64))
    like: Any = perplexity  # a number, whatever its annotation says
    weights = affinity.PerplexityBasedNN(knn_index=known, perplexity=like, n_jobs=1)
    embedding = TSNEEmbedding(
        _start(points, spec),
        weights,
        negative_gradient_method="fft" if n > FFT_FROM and spec.dimensions == 2 else "bh",
        n_jobs=1,
        random_state=spec.seed,
    )
    yield from _optimised(embedding, EARLY, 0.05, 0.35, spec.exaggeration, 0.5, after=LATE)
    yield from _optimised(embedding, LATE, 0.35, 1.0, 1.0, 0.8)
    return Layout("tsne", np.asarray(embedding, np.float32), tuple(notes))


def _start(points: Points, spec: MapSpec) -> np.ndarray:
    """Return the principal components, small, and moved a little by the seed, so that none lie on each other."""
    start = principal(points.vectors, spec.dimensions)[0].astype(np.float64)
    start *= START_DEVIATION / (start[:, 0].std() or 1.0)
    return start + np.random.default_rng(spec.seed).normal(scale=START_DEVIATION / 100, size=start.shape)


def _optimised(
    embedding: Any, iterations: int, begin: float, end: float, exaggeration: float, momentum: float, after: int = 0
) -> Generator[Forming]:
    """Optimise in place, in slices of about ``SLICE_SECONDS``; how many these are makes no difference to the result.

    It is told how long it will take, with ``after`` more iterations behind these: of 10,000 points some minutes.
    """
    done, size = 0, 1
    start = time.monotonic()
    while done < iterations:
        size = min(size, iterations - done)
        began = time.monotonic()
        embedding.optimize(size, inplace=True, exaggeration=exaggeration, momentum=momentum)
        done += size
        share = begin + (end - begin) * done / iterations
        left = (time.monotonic() - start) / done * (iterations - done + after)
        yield Forming(share, f"Laying out: {done} of {iterations} steps{_told(left)}", np.asarray(embedding))
        size = int(np.clip(size * SLICE_SECONDS / max(time.monotonic() - began, 1e-3), 1, 50))


def _told(seconds: float) -> str:
    """Return how long is left, where that is long."""
    minutes = round(seconds / 60)
    return f", about {minutes:,} minutes left" if minutes > 1 else ""
