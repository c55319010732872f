"""An index to ask instead of all rows: quicker, and it may miss some; how many it misses was measured and is told.

approximate.faiss   of FAISS, mapped by whoever asks; built by ``search_building``, and never read from anyone else
approximate.json    written last: what was measured
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from engine.words.search_codes import width
from engine.words.search_threads import together

INDEX, MEASURED = "approximate.faiss", "approximate.json"
BREADTH = 96
"""So many candidates a graph keeps while it is walked through."""
PROBES = 32
"""So many lists are looked through."""
Kind = Literal["graph", "lists"]


@dataclass(frozen=True, slots=True)
class Recall:
    """What an index was measured to find, and how quickly.

    ``share`` of the ``k`` nearest rows that it finds, from 0 to 1, over ``words`` words that are spread over all of the
    space; the median milliseconds that a question takes with it and without it; the ``seconds`` that it took to build.
    """

    kind: Kind
    share: float
    k: int
    words: int
    approximate_ms: float
    exact_ms: float
    seconds: float


class Index:
    """An index that is there, and what was measured of it."""

    def __init__(self, index: Any, recall: Recall) -> None:
        self._index, self.recall = index, recall

    def near(self, unit: np.ndarray, k: int) -> np.ndarray:
        """Return about k rows near to ``unit``, (d,) float64 of length 1; fewer where it finds no more."""
        import faiss

        query = np.zeros((1, self._index.d), np.float32)
        query[0, : len(unit)] = unit
        if self.recall.kind == "graph":
            how = faiss.SearchParametersHNSW(efSearch=max(BREADTH, 2 * k))  # type: ignore[attr-defined]
        else:
            how = faiss.SearchParametersIVF(nprobe=PROBES)  # type: ignore[call-arg]
        ((_, rows),) = together(lambda index: index.search(query, min(k, index.ntotal), params=how), [self._index])
        return rows[0][(rows[0] >= 0) & (rows[0] < self._index.ntotal)]


def opened(folder: Path, rows: int, dimensions: int) -> Index | None:
    """Map the index that lies beside a space; None where there is none, or none that belongs to it."""
    try:
        recall = Recall(**json.loads((folder / MEASURED).read_text(encoding="utf-8")))
        import faiss

        index = faiss.read_index(str(folder / INDEX), faiss.IO_FLAG_MMAP_IFC)
    except (OSError, ValueError, TypeError, RuntimeError):
        return None
    kind = faiss.IndexHNSWSQ if recall.kind == "graph" else faiss.IndexIVFScalarQuantizer
    fits = (index.ntotal, index.d, index.metric_type) == (rows, width(dimensions), faiss.METRIC_INNER_PRODUCT)
    return Index(index, recall) if isinstance(index, kind) and fits else None
