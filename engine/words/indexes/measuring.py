"""What an index finds, how quickly, and how large it is: measured on one thread, question by question."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from engine.errors import DataError
from engine.words.indexes.kinds import Built, Kind
from engine.words.search import nearest_rows, units
from engine.words.search_codes import width
from engine.words.space import Space

K = 10
ALIKE = 1e-6
"""Cosines that float32 does not tell apart: of rows at the same distance either is right."""
WARM = 5


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """The n words that are searched, ``vectors`` (n, width) float32 of length 1, and q of their places that are asked
    about; ``tenth`` (q,) float64 is the cosine of the last of their K nearest, themselves left out, and ``counts`` (q,)
    how many these are.
    """

    vectors: np.ndarray
    places: np.ndarray
    tenth: np.ndarray
    counts: np.ndarray


@dataclass(frozen=True, slots=True)
class Speed:
    """``recall`` is the share of the K nearest that were found, 0 to 1; the milliseconds that a question takes: the
    median, and what 95 of 100 stay below.
    """

    recall: float
    median_ms: float
    p95_ms: float


def asked(space: Space, rows: int, queries: int) -> Asked:
    """Return the first ``rows`` words with a direction, and ``queries`` of them to ask about, spread over all.

    Raises DataError where there are fewer than two.
    """
    there = np.flatnonzero(space.inverse_norms > 0)[:rows]
    if len(there) < 2:
        raise DataError(f"This space has {len(there)} words with a direction: expected at least two to search among.")
    vectors = np.zeros((len(there), width(space.dimensions)), np.float32)
    vectors[:, : space.dimensions] = units(space, there)
    places = np.unique(np.linspace(0, len(there) - 1, min(queries, len(there))).astype(np.int64))
    near, _ = nearest_rows(space, there[places], K, there)
    counts = (near >= 0).sum(axis=1)
    tenth = [
        _cosines(vectors, place, some[:count])[-1] for place, some, count in zip(places, near, counts, strict=True)
    ]
    return Asked(vectors, places, np.array(tenth), counts)


def built(kind: Kind, vectors: np.ndarray) -> tuple[Built, float]:
    """Return an index of some vectors, and the seconds that one thread took to build it; raises DataError where they
    are too few for it.
    """
    if len(vectors) < kind.least:
        raise DataError(f"These {len(vectors)} words are too few for this index: expected at least {kind.least}.")
    with one_thread():
        start = time.perf_counter()
        index = kind.build(vectors)
        return index, time.perf_counter() - start


def measured(index: Built, asked: Asked) -> Speed:
    """Ask an index about all words that are to be asked, one by one."""
    found, times = [], []
    with one_thread():
        for place in asked.places[:WARM]:
            index.near(asked.vectors[place], K + 1)
        for place in asked.places:
            query = asked.vectors[place]
            start = time.perf_counter()
            near = index.near(query, K + 1)  # one more: each finds itself
            times.append(1e3 * (time.perf_counter() - start))
            found.append(near)
    right = sum(
        _right(asked, number, near[near != place][:K])
        for number, (place, near) in enumerate(zip(asked.places.tolist(), found, strict=True))
    )
    median, late = np.quantile(times, [0.5, 0.95])
    return Speed(right / int(asked.counts.sum()), float(median), float(late))


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep numpy and FAISS to one thread each."""
    import faiss  # noqa: F401 - limits hold for what is loaded
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        yield


def _right(asked: Asked, number: int, near: np.ndarray) -> int:
    """Return how many of the rows found are as near as the last of the nearest."""
    cosines = _cosines(asked.vectors, asked.places[number], np.unique(near))
    return min(int((cosines >= asked.tenth[number] - ALIKE).sum()), int(asked.counts[number]))


def _cosines(vectors: np.ndarray, place: int, rows: np.ndarray) -> np.ndarray:
    return np.einsum("nd,d->n", vectors[rows].astype(np.float64), vectors[place].astype(np.float64))
