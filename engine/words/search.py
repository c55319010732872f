"""Many questions at once: the nearest rows of many rows, as maps and clusters need them."""

from collections.abc import Iterator

import numpy as np

from engine.words.space import Space

BLOCK_ROWS = 65_536


def nearest_rows(
    space: Space, rows: np.ndarray, k: int, among: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the k nearest of each of m rows by the cosine, the nearest first: indices (m, k) int64, cosines (m, k)
    float32.

    An index says which of ``among``, distinct rows of the space; without it, which row. A row is not its own neighbour,
    and one of zero length is nobody's and has none. Where there are fewer than k, the index is -1 and the cosine NaN.
    Of cosines that float32 cannot tell apart either may come first.
    """
    import faiss

    among = np.arange(len(space)) if among is None else np.asarray(among)
    k = max(k, 0)
    indices, cosines = np.full((len(rows), k), -1, np.int64), np.full((len(rows), k), np.nan, np.float32)
    asked = np.flatnonzero(space.inverse_norms[rows] > 0)
    places = np.flatnonzero(space.inverse_norms[among] > 0)
    wanted = min(k + 1, len(places))  # one more: each finds itself
    if not (k and len(asked) and len(places)):
        return indices, cosines
    queries = units(space, rows[asked])
    best = np.full((len(asked), wanted), -np.inf, np.float32)
    where = np.full((len(asked), wanted), -1, np.int64)
    for some in _blocks(places):
        scores, found = faiss.knn(
            queries, units(space, among[some]), min(wanted, len(some)), faiss.METRIC_INNER_PRODUCT
        )
        best, where = np.hstack([best, scores]), np.hstack([where, some[found]])
        order = np.lexsort((where, -best))[:, :wanted]
        best, where = np.take_along_axis(best, order, 1), np.take_along_axis(where, order, 1)
    best[among[where] == rows[asked, None]] = -np.inf
    order = np.argsort(-best, axis=1, kind="stable")[:, :k]
    best, where = np.take_along_axis(best, order, 1), np.take_along_axis(where, order, 1)
    there = best > -np.inf
    indices[asked, : best.shape[1]] = np.where(there, where, -1)
    cosines[asked, : best.shape[1]] = np.where(there, best, np.nan)
    return indices, cosines


def units(space: Space, rows: np.ndarray) -> np.ndarray:
    """Return the vectors of some rows at length 1, (m, d) float32; zeros stay zeros.

    Their lengths are worked out in float64: of some, that many times 1e38, no float32 holds the inverse.
    """
    found = np.empty((len(rows), space.dimensions), np.float32)
    for start in range(0, len(rows), 4096):
        some = space.vectors[rows[start : start + 4096]].astype(np.float64)
        lengths = np.sqrt(np.einsum("nd,nd->n", some, some))[:, None]
        np.divide(some, lengths, out=some, where=lengths > 0)
        found[start : start + 4096] = some
    return found


def _blocks(places: np.ndarray) -> Iterator[np.ndarray]:
    for start in range(0, len(places), BLOCK_ROWS):
        yield places[start : start + BLOCK_ROWS]
