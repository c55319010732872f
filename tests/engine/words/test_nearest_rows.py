"""The nearest rows of many against plain float64 arithmetic."""

import numpy as np
import pytest

from engine.words import Space, search
from tests.engine.words.conftest import Open

N, D = 300, 6


@pytest.fixture
def vectors() -> np.ndarray:
    """Rows of all lengths, some of zeros, some that no float32 sum holds, and some that are there twice."""
    rng = np.random.default_rng(5)
    rows = rng.normal(size=(N, D)) * 10.0 ** rng.uniform(-3, 3, (N, 1))
    rows[[7, 70]] = 0
    rows[[8, 80]] = rng.normal(size=(2, D)) * 1e38
    rows[100:110] = rows[:10]
    return rows.astype(np.float32)


@pytest.fixture
def space(opened: Open, vectors: np.ndarray) -> Space:
    lines = [f"w{n} {' '.join(map(repr, row))}\n" for n, row in enumerate(vectors.astype(float).tolist())]
    return opened("".join(lines).encode())


def cosines_of(vectors: np.ndarray) -> np.ndarray:
    """Return all cosines, (n, n); those of a row with itself, and with rows of zeros, are -2."""
    v = vectors.astype(float)
    lengths = np.linalg.norm(v, axis=1)
    lengths[lengths == 0] = np.inf
    found = (v / lengths[:, None]) @ (v / lengths[:, None]).T
    found[np.isinf(lengths)] = found[:, np.isinf(lengths)] = -2
    np.fill_diagonal(found, -2)
    return found


@pytest.mark.parametrize("among", [None, np.array([250, 3, 8, 7, 103, 40, 41, 42, 200, 3 + 96])])
@pytest.mark.parametrize("k", [1, 4, 15, N + 5])
@pytest.mark.parametrize("block", [64, search.BLOCK_ROWS])
def test_they_are_those_of_all_cosines(
    space: Space, vectors: np.ndarray, monkeypatch: pytest.MonkeyPatch, among: np.ndarray | None, k: int, block: int
) -> None:
    monkeypatch.setattr(search, "BLOCK_ROWS", block)
    rows = np.array([0, 3, 7, 8, 80, 99, 103, 299, 250])
    indices, cosines = search.nearest_rows(space, rows, k, among)
    assert (indices.shape, cosines.shape) == ((len(rows), k), (len(rows), k))
    true = cosines_of(vectors)[rows][:, np.arange(N) if among is None else among]
    for found, scores, row in zip(indices, cosines, true, strict=True):
        count = min(k, int((row > -2).sum()))
        assert (found[count:] == -1).all()
        assert np.isnan(scores[count:]).all()
        assert len(set(found[:count].tolist())) == count
        assert scores[:count] == pytest.approx(-np.sort(-row)[:count], abs=1e-6)
        assert row[found[:count]] == pytest.approx(scores[:count], abs=1e-6)


def test_a_row_is_not_its_own_neighbour_but_its_double_is(space: Space) -> None:
    indices, cosines = search.nearest_rows(space, np.array([3, 103]), 1)
    assert indices.tolist() == [[103], [3]]
    assert cosines == pytest.approx(np.ones((2, 1)))


def test_there_may_be_nothing_to_find(space: Space) -> None:
    for rows, k, among in ((np.array([], int), 3, None), (np.array([1]), 0, None), (np.array([1]), 2, np.array([1]))):
        indices, cosines = search.nearest_rows(space, rows, k, among)
        assert indices.tolist() == [[-1] * k for _ in rows]
        assert np.isnan(cosines).all()
