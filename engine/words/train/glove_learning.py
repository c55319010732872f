"""GloVe (Pennington, Socher and Manning 2014, aclanthology D14-1162): vectors whose products tell what stands together.

For words i and j that stand near each other x times, f(x) (w_i . c_j + b_i + b'_j - log x)^2 / 2 is to be small, where
f(x) = (x / x_max)^alpha, 1 at most. Pairs are gone through in a random order, each a step of AdaGrad (Duchi, Hazan and
Singer 2011), the sums of squares beginning with 1; several threads do so side by side and do not wait for each other
(Hogwild: Recht and others 2011, arXiv 1106.5730). A word's vector in the end is the sum w + c.
"""

import math
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import DataError
from engine.words.train import glove_kernels as kernels
from engine.words.train.glove_pairs import MEMORY, PAIR, shuffling
from engine.words.train.glove_spec import GloveSpec
from engine.words.train.glove_weights import Weights
from engine.words.train.matrix import Cooccurrences

__all__ = ["GloveSpec", "GloveState", "learning", "warm"]

YIELD_SECONDS = 0.15
FIRST_STEP = 1 << 15


@dataclass(frozen=True, slots=True, eq=False)
class GloveState:
    """How far the learning is; what it has learnt may be taken at any time, and stays when it is stopped.

    ``epoch`` is 0 while pairs are shuffled; ``cost`` is that of the epoch so far, a pair's on average, None before its
    first; ``costs`` are those of whole epochs.
    """

    epoch: int
    epochs: int
    share: float
    cost: float | None
    costs: tuple[float, ...]
    pairs_per_second: float
    weights: Weights

    @property
    def vectors(self) -> np.ndarray:
        """Return the vectors as they are now, word and context together, (words, dimensions) float32; a copy."""
        return self.weights.vectors.astype(np.float32, copy=False)


def learning(
    counts: Cooccurrences, spec: GloveSpec, folder: Path | None = None, memory: int = MEMORY
) -> Generator[GloveState, None, None]:
    """Learn vectors of counted words; yield several times a second, and after each epoch.

    To pause is not to go on, to stop is to close: the last state keeps what is learnt. Where the pairs take more than
    ``memory`` bytes, they lie in ``folder`` meanwhile. Raises DataError where the numbers outgrow all bounds.
    """
    weights = Weights.drawn(counts.words, spec.dimensions, spec.seed)
    make_ready(weights, spec)
    with ThreadPoolExecutor(spec.threads) as pool:
        shuffled = shuffling(counts, spec, pool, folder, memory)
        while True:
            try:
                next(shuffled)
            except StopIteration as end:
                pairs = end.value
                break
            yield GloveState(0, spec.epochs, 0.0, None, (), 0.0, weights)
        yield from descending(pairs, weights, spec, pool)


def descending(
    pairs: np.ndarray, weights: Weights, spec: GloveSpec, pool: ThreadPoolExecutor
) -> Generator[GloveState, None, None]:
    """Go through pairs ``spec.epochs`` times, in their order, and change ``weights``."""
    n, size = len(pairs), FIRST_STEP
    costs: list[float] = []
    for epoch in range(1, spec.epochs + 1):
        at, cost = 0, 0.0
        while at < n:
            some = pairs[at : at + size]
            began = time.perf_counter()
            cost = step(some, weights, spec, spec.learning_rate, pool, cost)
            took = time.perf_counter() - began
            if not math.isfinite(cost):
                raise DataError(
                    f"GloVe's cost outgrew all bounds in epoch {epoch}: expected a smaller learning rate than "
                    f"{spec.learning_rate:g}, or of biases than {spec.bias_learning_rate:g}."
                )
            at += len(some)
            if at == n:
                costs.append(cost / n)
            share = (epoch - 1 + at / n) / spec.epochs
            yield GloveState(epoch, spec.epochs, share, cost / at, tuple(costs), len(some) / took, weights)
            size = max(spec.threads, int(size * min(2.0, YIELD_SECONDS / took)))


def make_ready(weights: Weights, spec: GloveSpec) -> None:
    """Have compiled what a step needs: else the first would take seconds, and seem to be as slow as that."""
    step(np.empty(0, PAIR), weights, spec, spec.learning_rate)


def step(
    pairs: np.ndarray,
    weights: Weights,
    spec: GloveSpec,
    rate: float,
    pool: ThreadPoolExecutor | None = None,
    cost: float = 0.0,
) -> float:
    """Go through some pairs at a learning rate, an equal share by each thread; return ``cost`` and theirs."""
    real: Any = weights.words.dtype.type
    descend = partial(_descend, weights, real(rate), real(spec.bias_learning_rate), real(spec.clip))
    if pool is None or spec.threads == 1:
        return descend(pairs, cost)  # adds up pair by pair, wherever one yields
    return cost + sum(pool.map(descend, np.array_split(pairs, spec.threads)))


def _descend(
    weights: Weights, rate: np.floating, bias_rate: np.floating, clip: np.floating, pairs: np.ndarray, cost: float = 0.0
) -> float:
    return kernels.descend(pairs, weights.words, weights.contexts, weights.dimensions, rate, bias_rate, clip, cost)


def warm() -> None:
    """Compile all that counting and learning need, or take it from the disk; a forge does this once."""
    import tempfile

    from engine.words.train.cooccurrence import LEAST_MEMORY, counting

    with tempfile.TemporaryDirectory() as folder:
        texts = [np.array([0, 1, 2, 0, 3, -1], np.int32)]
        for _ in counting(texts, 4, Path(folder) / "counts", memory=LEAST_MEMORY):
            pass
        counts = Cooccurrences.open(Path(folder) / "counts")
        for state in learning(counts, GloveSpec(dimensions=2, epochs=1, threads=1)):
            both = state.weights
            kernels.cost(np.empty(0, PAIR), both.words, both.contexts, both.dimensions)
