"""Products of many rows with a few vectors, by one call of FAISS.

numpy hands such work to a BLAS with threads of its own, which would fight with ours (``search_threads``). And a call
for each vector would not do: between two calls a thread waits for Python, at times longer than it multiplies.
"""

from functools import lru_cache
from importlib import import_module
from typing import Any

import numpy as np


def products(rows: np.ndarray, queries: np.ndarray) -> np.ndarray:
    """Return the products of n rows (n, d) with m vectors (m, d), both float32 and C-contiguous: (m, n) float32."""
    faiss: Any = import_module("faiss")  # its types leave out what lies below its indexes
    found = np.empty((len(queries), len(rows)), np.float32)
    # FAISS is given addresses, which keep nothing alive: another thread may have what is remembered of these rows
    # forgotten meanwhile, so it is held here.
    taken = (found, queries, rows, _each_row(len(queries), len(rows)))
    faiss.fvec_inner_products_by_idx(*map(faiss.swig_ptr, taken), rows.shape[1], len(queries), len(rows))
    return found


@lru_cache(maxsize=32)
def _each_row(queries: int, rows: int) -> np.ndarray:
    """Return which rows each vector is multiplied with, (queries, rows) int64: all of them."""
    return np.ascontiguousarray(np.broadcast_to(np.arange(rows), (queries, rows)))
