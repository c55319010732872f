"""The pairs that GloVe goes through, in a random order: each with what it needs of its value, once and for all epochs.

They are dealt into buckets at random, and each bucket is shuffled: so every order is equally likely, memory is touched
near where it was touched before, and what does not fit into memory may lie in a file. The order is that of the seed,
whatever the threads and the memory.
"""

import tempfile
from collections.abc import Generator, Sequence
from concurrent.futures import Executor
from pathlib import Path

import numpy as np

from engine.errors import DataError
from engine.seeds import derive
from engine.words.train import glove_kernels as kernels
from engine.words.train.glove_spec import GloveSpec
from engine.words.train.matrix import Cooccurrences
from engine.words.train.room import room

PAIR = np.dtype([("row", np.int32), ("column", np.int32), ("log", np.float32), ("weight", np.float32)])
"""Two words, the logarithm of how often they stand near each other, and how much that counts: f(x) of the paper."""
MEMORY = 1 << 30
BUCKET = 1 << 15
"""About so many pairs are shuffled at a time: they stay in the cache."""
AT_ONCE = 1 << 20


def shuffling(
    counts: Cooccurrences, spec: GloveSpec, pool: Executor, folder: Path | None = None, memory: int = MEMORY
) -> Generator[float, None, np.ndarray]:
    """Return all pairs (n,) of PAIR in a random order; yield what share of this is done.

    Where they take more than ``memory`` bytes, they lie in a file in ``folder`` that has no name and ends with them.
    Raises DataError where there is no room for it.
    """
    n = len(counts)
    pairs = _room(n, folder if n * PAIR.itemsize > memory else None)
    seed = derive(spec.seed, "glove", "pairs")
    parts = [(first, min(first + AT_ONCE, n)) for first in range(0, n, AT_ONCE)]
    dealing, mixing = np.uint64(seed), np.uint64(derive(seed, "buckets"))

    sizes = np.zeros((len(parts), max(1, n // BUCKET)), np.int64)
    for done in _at_a_time(parts, spec.threads):
        list(pool.map(lambda part: kernels.fill_buckets(dealing, *parts[part], sizes[part]), done))
        yield 0.1 * done[-1] / len(parts)
    # A bucket holds what each part puts into it, one after the other: so threads come to the same.
    offsets = np.concatenate([[0], np.cumsum(sizes.T.ravel())[:-1]])
    ends = np.ascontiguousarray(offsets.reshape(sizes.T.shape).T)
    target = (counts.offsets, counts.columns, counts.values, spec.x_max, spec.alpha)
    for done in _at_a_time(parts, spec.threads):
        list(pool.map(lambda part: kernels.deal(dealing, *parts[part], *target, ends[part], pairs), done))
        yield 0.1 + 0.5 * done[-1] / len(parts)
    stops = np.cumsum(sizes.sum(axis=0)).tolist()
    buckets = list(zip([0, *stops[:-1]], stops, strict=True))
    halves = pairs.view(np.uint64).reshape(n, 2)
    for done in _at_a_time(buckets, spec.threads * AT_ONCE // BUCKET):
        list(pool.map(lambda b: kernels.shuffle(mixing + np.uint64(b), halves[slice(*buckets[b])]), done))
        yield 0.6 + 0.4 * done[-1] / len(buckets)
    return pairs


def _room(n: int, folder: Path | None) -> np.ndarray:
    if folder is None:
        return np.empty(n, PAIR)
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            return room(file, PAIR, n)
    except OSError as error:
        why = error.strerror or "it cannot be written"
        raise DataError(f"The {n:,} pairs could not be kept on the server's disk: {why}.") from None


def _at_a_time(what: Sequence[object], count: int) -> Generator[range, None, None]:
    for first in range(0, len(what), count):
        yield range(first, min(first + count, len(what)))
