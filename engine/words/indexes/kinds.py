"""The indexes that are measured, each behind the same two questions: what is near, and how large is it.

IVF keeps the rows in lists around centres, and looks through the ``nprobe`` nearest lists (Sivic and Zisserman 2003).
HNSW walks through a graph of neighbours, with ``efSearch`` candidates (Malkov and Yashunin 2016, arXiv 1603.09320). PQ
keeps for each part of a vector the number of the nearest of 256 such parts (Jegou, Douze and Schmid 2011). All of these
are FAISS's (Douze et al. 2024, arXiv 2401.08281). annoy (trees of random planes) and hnswlib are measured where they
are installed, as with ``pip install -r requirements-indexes.txt``, which takes a C++ compiler.
"""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np

LINKS, CARE = 32, 40
"""Of graphs: how many neighbours a row is linked with, and how many candidates are looked at for these."""
TREES = 20
CODE_ROUNDS, CODE_POINTS = 10, 40
"""Of the k-means for codes: how many rounds, and how many vectors for each centre."""
REFINED = 8
"""So many times as many rows as wanted are ranked by their vectors."""


class Built(Protocol):
    """An index that is there; ``size`` are the bytes that it takes when it is written down."""

    size: int

    def near(self, query: np.ndarray, k: int) -> np.ndarray:
        """Return about k rows near to one vector, (d,) float32; fewer where it finds no more."""
        ...

    def set(self, value: int) -> None:
        """Look so thoroughly from now on."""
        ...


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of index: how it is built of n rows of length 1, (n, d) float32, and how thoroughly it may look: values of
    what it calls its ``knob``, the quickest first. ``needs`` names the package that it comes with; it takes ``least``
    rows or more.
    """

    build: Callable[[np.ndarray], Built]
    knob: str = ""
    values: tuple[int, ...] = (0,)
    needs: str = "faiss"
    least: int = 1

    @property
    def installed(self) -> bool:
        """Whether it can be built here; nothing is imported."""
        return find_spec(self.needs) is not None


class AllRows:
    """Plain numpy: one product with all rows, and the largest of it."""

    def __init__(self, vectors: np.ndarray) -> None:
        self._vectors = vectors
        self.size = vectors.nbytes

    def near(self, query: np.ndarray, k: int) -> np.ndarray:
        """Return the k nearest rows."""
        cosines = self._vectors @ query
        if k >= len(cosines):
            return np.argsort(-cosines)
        best = np.argpartition(-cosines, k)[:k]
        return best[np.argsort(-cosines[best])]

    def set(self, value: int) -> None:
        """There is nothing to be set."""


class OfFaiss:
    """An index of FAISS, by its factory's name for it."""

    def __init__(self, vectors: np.ndarray, name: str, knob: str) -> None:
        import faiss

        n, d = vectors.shape
        self._knob, self._space = knob, faiss.ParameterSpace()
        self._index: Any = faiss.index_factory(d, _factory_name(name, n, d), faiss.METRIC_INNER_PRODUCT)
        _ready(self._index)
        self._index.train(vectors)
        self._index.add(vectors)
        self.size = _written(self._index)

    def near(self, query: np.ndarray, k: int) -> np.ndarray:
        """Return what the index finds; -1 stands for what it does not."""
        rows = self._index.search(query[None], min(k, self._index.ntotal))[1][0]
        return rows[rows >= 0]

    def set(self, value: int) -> None:
        """Set the knob."""
        if self._knob:
            self._space.set_index_parameter(self._index, self._knob, value)
        if "IndexRefine" in type(self._index).__name__:
            self._index.k_factor = REFINED


class OfAnnoy:
    """Spotify's annoy: ``search_k`` nodes of its trees are looked at."""

    def __init__(self, vectors: np.ndarray) -> None:
        self._index = import_module("annoy").AnnoyIndex(vectors.shape[1], "angular")
        self._index.set_seed(1)
        for row, vector in enumerate(vectors):
            self._index.add_item(row, vector)
        self._index.build(TREES, n_jobs=1)
        self._looked, self.size = -1, _saved(self._index.save)

    def near(self, query: np.ndarray, k: int) -> np.ndarray:
        """Return what the trees hold near by."""
        return np.array(self._index.get_nns_by_vector(query, k, self._looked), np.int64)

    def set(self, value: int) -> None:
        """Look at so many nodes."""
        self._looked = value


class OfHnswlib:
    """The graph of those who invented it."""

    def __init__(self, vectors: np.ndarray) -> None:
        self._index = import_module("hnswlib").Index("ip", vectors.shape[1])
        self._index.init_index(len(vectors), ef_construction=CARE, M=LINKS, random_seed=1)
        self._index.set_num_threads(1)
        self._index.add_items(vectors)
        self._rows, self.size = len(vectors), _saved(self._index.save_index)

    def near(self, query: np.ndarray, k: int) -> np.ndarray:
        """Return what the walk finds."""
        return self._index.knn_query(query[None], min(k, self._rows))[0][0].astype(np.int64)

    def set(self, value: int) -> None:
        """Keep so many candidates."""
        self._index.set_ef(value)


def _faiss(name: str, knob: str = "", *values: int) -> Kind:
    least = 16 if "{codes}" in name else 1  # half a byte tells 16 parts of vectors apart
    return Kind(lambda vectors: OfFaiss(vectors, name, knob), knob, values or (0,), least=least)


KINDS: Mapping[str, Kind] = {
    "numpy": Kind(AllRows, needs="numpy"),
    "flat": _faiss("Flat"),
    "ivf": _faiss("IVF{lists},Flat", "nprobe", 1, 4, 16, 64),
    "hnsw": _faiss(f"HNSW{LINKS}", "efSearch", 16, 64, 256),
    "pq": _faiss("{codes}"),
    "ivf_pq": _faiss("IVF{lists},{codes}", "nprobe", 4, 16, 64),
    "ivf_pq_refined": _faiss("IVF{lists},{codes},RFlat", "nprobe", 4, 16, 64),
    "hnsw_sq": _faiss(f"HNSW{LINKS},SQ8", "efSearch", 16, 64, 256),
    "annoy": Kind(OfAnnoy, "search_k", (500, 2_000, 8_000), "annoy"),
    "hnswlib": Kind(OfHnswlib, "ef", (16, 64, 256), "hnswlib"),
}


def _factory_name(name: str, n: int, d: int) -> str:
    """Return FAISS's name: 2 sqrt(n) lists; a byte for four numbers, or half a byte where there are few rows.

    ``np`` leaves out what would order codes so that they can be compared bit by bit: a minute more, for nothing here.
    """
    codes = f"PQ{max(1, d // 4)}" + ("np" if n >= 1_000 else "x4np")
    return name.format(lists=max(1, min(int(2 * n**0.5), n)), codes=codes)


def _ready(index: Any) -> None:
    """Keep FAISS from writing a line to stderr for each k-means that has fewer points than it would like, and those of
    codes short: there is one for each part of the vectors, and with FAISS's own settings they take a minute for 20,000
    vectors of 300 numbers, to find one in a hundred more.
    """
    import faiss

    for part in (
        index,
        getattr(index, "pq", None),
        getattr(index, "base_index", None),
        getattr(index, "storage", None),
    ):
        if part is not None and part is not index and isinstance(part, faiss.Index):
            _ready(faiss.downcast_index(part))
        elif part is not None and hasattr(part, "cp"):
            part.cp.min_points_per_centroid = 1
            if isinstance(part, faiss.ProductQuantizer):
                part.cp.niter, part.cp.max_points_per_centroid = CODE_ROUNDS, CODE_POINTS


def _written(index: Any) -> int:
    """Return how many bytes an index takes when written, without keeping them."""
    import faiss

    total = 0

    def count(some: bytes) -> int:
        nonlocal total
        total += len(some)
        return len(some)

    faiss.write_index(index, faiss.PyCallbackIOWriter(count))  # type: ignore[attr-defined]
    return total


def _saved(save: Callable[[str], Any]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "index")
        save(str(path))
        return path.stat().st_size
