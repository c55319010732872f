"""A small copy of a space's directions to look through first: a byte for each number, a fourth of the memory to read.

Each row at length 1 is rounded to whole multiples of one step, from -127 to 127. FAISS multiplies a query with these
codes, slice by slice in several threads. A cosine differs from its product by no more than the length of what was
rounded away, for |e.q| <= |e||q|; so with the longest such e, ``bound``, it is certain which rows cannot be among the
nearest, and the few others are worked out exactly. Rows with a number beyond 127 steps stand ``apart`` and are always
worked out.

    codes.json    step, bound and width, see ``code_width``
    codes.apart   (rows,) int32
    codes.0, ...  a FAISS index each, of ``SLICE_ROWS`` rows; mapped, so that all who ask share one copy
"""

import json
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from engine.words.search_products import products
from engine.words.search_threads import together

WORTH_FROM = 1 << 24
"""From so many numbers in a space on: a smaller one is multiplied in a few milliseconds as it is."""
SLICE_ROWS = 1 << 14
LEVELS = 127
ZERO = 128
"""The code of zero: FAISS's QT_8bit_direct_signed keeps x as x + 128."""
APART = 0.001
"""The share of rows that may stand apart; the more there are, the finer is the step of the others."""
FIRST, FACTOR, MOST = 64, 8, 4_096
"""So many rows of each slice are asked for; then more, so long as it is not certain that no other can matter."""
BLOCK_ROWS = 4_096
"""So many rows are made float32 at once: with fewer, threads wait for each other more often than they multiply."""
_KEPT = threading.local()

log = logging.getLogger("learnscope.words")


@dataclass(frozen=True, slots=True, eq=False)
class Codes:
    """The codes of a space, mapped."""

    slices: tuple[Any, ...]
    width: int
    step: float
    bound: float
    apart: np.ndarray

    def near(
        self, unit: np.ndarray, k: int, is_answer: Callable[[np.ndarray], np.ndarray], exact: Callable[..., np.ndarray]
    ) -> np.ndarray | None:
        """Return rows among which certainly are the k with the largest cosine with ``unit``, (d,) float64 of length 1.

        ``is_answer(rows)`` tells which rows may be answers, and ``exact(rows)`` the cosines of rows. None where the
        codes cannot tell: too many rows are too much alike.
        """
        query = np.zeros((1, self.width), np.float32)
        query[0, : len(unit)] = unit * self.step
        bound = self.bound + self.width * 2.0**-23  # and what float32 sums round away
        apart = self.apart[is_answer(self.apart)]
        cosines = exact(apart)
        each = FIRST
        while each <= MOST:
            found = together(lambda one, each=each: one.search(query, min(each, one.ntotal)), self.slices)
            rows = np.concatenate([ids[0] + place * SLICE_ROWS for place, (_, ids) in enumerate(found)])
            scores = np.concatenate([scores[0] for scores, _ in found]).astype(np.float64)
            answers = is_answer(rows) & ~np.isin(rows, self.apart)
            surely = np.concatenate([scores[answers] - bound, cosines])
            if len(surely) >= k:
                kth = np.partition(surely, len(surely) - k)[len(surely) - k]
                unseen = [seen[0, -1] for one, (seen, _) in zip(self.slices, found, strict=True) if each < one.ntotal]
                if max(unseen, default=-np.inf) + bound < kth:
                    return np.concatenate([rows[answers & (scores + bound >= kth)], apart[cosines >= kth]])
            each *= FACTOR
        return None

    def cosines(self, units: np.ndarray) -> np.ndarray:
        """Return the cosines of all n rows with m vectors of length 1, ``units`` (m, d), as the codes have them: (m, n)
        float32; those of rows that stand apart are 0.

        Each is wrong by ``rounding(units)`` at most, and by the product of its vector with what the row has lost.
        """
        faiss: Any = import_module("faiss")  # its types leave out what lies below its indexes
        queries = np.zeros((len(units), self.width), np.float32)
        queries[:, : units.shape[1]] = units * self.step
        zero = (ZERO * queries.sum(axis=1, dtype=np.float64)).astype(np.float32)[:, None]

        def multiply(one: Any) -> np.ndarray:
            codes = faiss.rev_swig_ptr(one.codes.data(), one.ntotal * self.width).reshape(-1, self.width)
            found = np.empty((len(queries), len(codes)), np.float32)
            for start in range(0, len(codes), BLOCK_ROWS):
                some = codes[start : start + BLOCK_ROWS]
                rows = _scratch(self.width)[: len(some)]
                np.copyto(rows, some, casting="unsafe")
                np.subtract(products(rows, queries), zero, out=found[:, start : start + BLOCK_ROWS])
            return found

        return np.concatenate(together(multiply, self.slices), axis=1)

    def rounding(self, units: np.ndarray) -> float:
        """Return by how much float32 can make the ``cosines`` wrong: its sums are of codes from 0 to 255."""
        return (self.width + 8) * 2.0**-24 * 3 * ZERO * self.step * float(np.abs(units).sum(axis=1).max())


def _scratch(columns: int) -> np.ndarray:
    """Return memory of this thread for some rows, (``BLOCK_ROWS``, columns) float32: new memory is slow at first."""
    kept = getattr(_KEPT, "rows", None)
    if kept is None or kept.shape != (BLOCK_ROWS, columns):
        kept = _KEPT.rows = np.empty((BLOCK_ROWS, columns), np.float32)
    return kept


def write(folder: Path, vectors: np.ndarray, inverse_norms: np.ndarray) -> None:
    """Write the codes of ``vectors``, (n, d), beside a space, if it is large enough for them to be worth it."""
    import faiss

    if vectors.size < WORTH_FROM:
        return
    n, d = vectors.shape
    starts = range(0, n, SLICE_ROWS)
    largest = np.concatenate(together(lambda start: _largest(vectors[start : start + SLICE_ROWS]), starts)) * np.where(
        is_plain(inverse_norms), inverse_norms, 0
    )
    step = float(np.quantile(largest, 1 - APART, method="lower")) / LEVELS or 1.0
    apart = ((largest > step * (LEVELS + 0.4)) | ~is_plain(inverse_norms)) & (inverse_norms > 0)
    if apart.mean() > 10 * APART:
        return
    lengths = np.where(apart, 0, inverse_norms) / np.float32(step)

    def write_slice(start: int) -> float:
        some = slice(start, start + SLICE_ROWS)
        codes, bound = _coded(vectors[some], lengths[some], code_width(d))
        _slice_file(folder, start).write_bytes(faiss.serialize_index(_index(codes)).data)
        return bound

    bound = max(together(write_slice, starts, twice=False)) * step
    np.flatnonzero(apart).astype(np.int32).tofile(folder / "codes.apart")
    (folder / "codes.json").write_text(json.dumps({"width": code_width(d), "step": step, "bound": bound}))


def opened(folder: Path, rows: int, dimensions: int) -> Codes | None:
    """Map the codes that lie beside a space; None where there are none. Raises ValueError, OSError if damaged."""
    if not (folder / "codes.json").exists():
        return None
    import faiss

    said = json.loads((folder / "codes.json").read_text())
    step, bound = float(said["step"]), float(said["bound"])
    apart = np.fromfile(folder / "codes.apart", dtype=np.int32)
    columns = code_width(dimensions)
    if not _is_exact(columns):
        return None
    if not (said["width"] == columns and step > 0 and bound >= 0 and ((apart >= 0) & (apart < rows)).all()):
        raise ValueError("its codes are not those of its vectors")
    slices = []
    for start in range(0, rows, SLICE_ROWS):
        file = _slice_file(folder, start)
        try:
            index = faiss.read_index(str(file), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError:
            raise ValueError(f"{file.name} is damaged") from None
        if not _is_slice(index, min(SLICE_ROWS, rows - start), columns):
            raise ValueError(f"{file.name} does not belong to its vectors")
        slices.append(index)
    return Codes(tuple(slices), columns, step, bound, apart)


@cache
def _is_exact(columns: int) -> bool:
    """Tell whether FAISS multiplies such codes rightly on this processor: for each kind it has code of its own."""
    codes = np.random.default_rng(0).integers(ZERO - LEVELS, ZERO + LEVELS, (64, columns), np.uint8, endpoint=True)
    query = np.linspace(-1, 2, columns, dtype=np.float32)
    scores, rows = _index(codes).search(query[None], len(codes))
    if np.allclose(scores[0], (codes[rows[0]].astype(np.float32) - ZERO) @ query, rtol=1e-4, atol=0.01 * columns):
        return True
    log.warning(
        "FAISS multiplies codes of %d bytes wrongly on this processor: spaces are searched without them", columns
    )
    return False


def _index(codes: np.ndarray) -> Any:
    """Return FAISS's index of codes, (n, columns) uint8."""
    import faiss

    kind = faiss.ScalarQuantizer.QT_8bit_direct_signed
    index = faiss.IndexScalarQuantizer(codes.shape[1], kind, faiss.METRIC_INNER_PRODUCT)
    faiss.copy_array_to_vector(codes.reshape(-1), index.codes)
    index.is_trained, index.ntotal = True, len(codes)
    return index


def _slice_file(folder: Path, start: int) -> Path:
    return folder / f"codes.{start // SLICE_ROWS}"


def _is_slice(index: Any, rows: int, columns: int) -> bool:
    import faiss

    return (
        isinstance(index, faiss.IndexScalarQuantizer)
        and (index.ntotal, index.d, index.code_size) == (rows, columns, columns)
        and index.metric_type == faiss.METRIC_INNER_PRODUCT
        and index.sq.qtype == faiss.ScalarQuantizer.QT_8bit_direct_signed
        and index.codes.size() == rows * columns
    )


def width(dimensions: int) -> int:
    """Return d rounded up to what the processor takes at once: FAISS is several times slower else."""
    return -(-dimensions // 16) * 16


def code_width(dimensions: int) -> int:
    """Return how many bytes the code of a row has: so many that FAISS takes sixteen at once, but never 32.

    FAISS 1.15 multiplies directly kept bytes wrongly where it takes 32, as it does on processors with AVX-512.
    """
    return width(dimensions) if width(dimensions) % 32 else width(dimensions) + 16


def is_plain(inverse_norms: np.ndarray) -> np.ndarray:
    """Tell which rows have a length that float32 can be trusted with; the others are worked out in float64."""
    return (inverse_norms > 1e-30) & (inverse_norms < 1e30)


def _coded(vectors: np.ndarray, factors: np.ndarray, columns: int) -> tuple[np.ndarray, float]:
    """Return the codes of rows times their factors, (n, columns) uint8, and the longest that was rounded away."""
    codes, most = np.full((len(vectors), columns), ZERO, np.uint8), 0.0
    for start in range(0, len(vectors), BLOCK_ROWS):
        some = slice(start, start + BLOCK_ROWS)
        steps = vectors[some] * factors[some, None]
        rounded = np.rint(steps)
        steps -= rounded
        most = max(most, float(np.einsum("nd,nd->n", steps, steps).max()))
        rounded += ZERO
        codes[some, : steps.shape[1]] = rounded
    return codes, most**0.5


def _largest(vectors: np.ndarray) -> np.ndarray:
    """Return the largest number, without its sign, of each row."""
    return np.maximum(vectors.max(axis=1), -vectors.min(axis=1))
