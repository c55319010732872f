"""Builds the index of a space, in a process of its own, and measures what it finds.

Up to ``GRAPH_TO`` rows it is a graph (HNSW: Malkov and Yashunin 2016, arXiv 1603.09320): it misses about one in a
hundred and takes a fraction of a millisecond, but a minute of a core for each 100,000 rows to be built. From there on
it is lists around centres (IVF): built some ten times as fast, it misses more. Both keep a byte for each number; what
they find is ranked by the vectors themselves.
"""

import json
import os
import statistics
import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import DataError
from engine.jobs import Order, Progress
from engine.words import search_codes
from engine.words.search import units
from engine.words.search_codes import width
from engine.words.search_index import INDEX, MEASURED, Index, Kind, Recall
from engine.words.space import Ranked, Space
from engine.words.stored import open_folder

GRAPH_TO = 1_000_000
LINKS, CARE = 24, 80
TRAINING_ROWS = 100_000
BLOCK_ROWS = 5_000
SAMPLE, K = 200, 10
LEARNT, BUILT = 0.1, 0.95
Steps = Generator[Progress, None, Mapping[str, Any]]


def order(space: Space) -> Order | None:
    """Return what builds the index of a space; None if it has one, or is so small that the exact search is as quick."""
    if space.folder is None or space.vectors.size < search_codes.WORTH_FROM or space.recall() is not None:
        return None
    return Order.of("engine.words.search_building:build_index", folder=str(space.folder.resolve()))


def build_index(arguments: Mapping[str, Any]) -> Steps:
    """Build the index of the space in ``arguments["folder"]``, whole or not at all; the result is its ``Recall``.

    Raises DataError where there is no space, or none with a row that has a direction.
    """
    import faiss

    folder = Path(arguments["folder"])
    space = Space(open_folder(folder))
    if not space.inverse_norms.any():
        raise DataError("There is nothing to be found in this space: all of its numbers are zero.")
    kind: Kind = "graph" if len(space) <= GRAPH_TO else "lists"
    faiss.omp_set_num_threads(max(1, (os.cpu_count() or 1) // 2))  # the others are for those who ask meanwhile
    start = time.perf_counter()
    index = _empty(kind, len(space), space.dimensions)
    yield Progress(0.0, "learning how the numbers are spread")
    index.train(_padded(space, _spread(space, TRAINING_ROWS)))
    for first in range(0, len(space), BLOCK_ROWS):
        yield Progress(LEARNT + (BUILT - LEARNT) * first / len(space), f"{first:,} of {len(space):,} words")
        index.add(_padded(space, np.arange(first, min(first + BLOCK_ROWS, len(space)))))
    seconds = time.perf_counter() - start
    yield Progress(BUILT, "measuring what it finds")
    recall = measured(space, index, kind, seconds)
    (folder / MEASURED).unlink(missing_ok=True)
    _put(folder / INDEX, faiss.serialize_index(index).data)
    _put(folder / MEASURED, json.dumps(asdict(recall)).encode())
    return asdict(recall)


def measured(space: Space, index: Any, kind: Kind, seconds: float) -> Recall:
    """Return what an index finds of the nearest words, and how quickly."""
    built = Index(index, Recall(kind, 0.0, K, 0, 0.0, 0.0, seconds))
    words = [space.words[row] for row in _spread(space, SAMPLE).tolist()]
    exact, exact_ms = _timed(lambda word: space.neighbours(word, K), words)
    found, found_ms = _timed(lambda word: space.nearest_by(built, word, K), words)
    pairs = zip(exact, found, strict=True)
    right = sum(len({word for word, _ in a} & {word for word, _ in b}) for a, b in pairs)
    return Recall(kind, right / max(1, sum(map(len, exact))), K, len(words), found_ms, exact_ms, seconds)


def _timed(ask: Callable[[str], Ranked], words: list[str]) -> tuple[list[Ranked], float]:
    """Return the answers and the median milliseconds that one took."""
    answers, times = [], []
    for word in words:
        start = time.perf_counter()
        answers.append(ask(word))
        times.append(1e3 * (time.perf_counter() - start))
    return answers, statistics.median(times)


def _empty(kind: Kind, rows: int, dimensions: int) -> Any:
    import faiss

    d, byte, cosine = width(dimensions), faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    if kind == "graph":
        index = faiss.IndexHNSWSQ(d, byte, LINKS, cosine)  # type: ignore[arg-type]
        index.hnsw.efConstruction = CARE
        return index
    lists = max(1, int(2 * rows**0.5))
    index = faiss.IndexIVFScalarQuantizer(faiss.IndexFlatIP(d), d, lists, byte, cosine, False)
    index.cp.niter, index.cp.min_points_per_centroid = 10, 1
    return index


def _spread(space: Space, count: int) -> np.ndarray:
    """Return some rows that have a direction, spread evenly over all."""
    rows = np.flatnonzero(space.inverse_norms > 0)
    return rows[np.linspace(0, len(rows) - 1, min(count, len(rows))).astype(np.int64)]


def _padded(space: Space, rows: np.ndarray) -> np.ndarray:
    found = np.zeros((len(rows), width(space.dimensions)), np.float32)
    found[:, : space.dimensions] = units(space, rows)
    return found


def _put(path: Path, data: Any) -> None:
    """Write a file whole or not at all."""
    draft = path.with_suffix(".draft")
    try:
        draft.write_bytes(data)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
