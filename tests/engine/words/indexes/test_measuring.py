"""What is measured of an index, by indexes of which it is known what they find, and of the kinds that there are."""

import time
from collections.abc import Callable

import faiss
import numpy as np
import pytest
from threadpoolctl import threadpool_info

from engine.errors import DataError
from engine.words.indexes.kinds import KINDS, AllRows
from engine.words.indexes.measuring import asked, built, measured, one_thread
from tests.engine.words.compare.conftest import Make, names, unit

N, D = 2_000, 20


def in_groups(n: int = N) -> np.ndarray:
    rng = np.random.default_rng(0)
    return (rng.normal(size=(50, D))[rng.integers(0, 50, n)] + 0.7 * rng.normal(size=(n, D))).astype(np.float32)


class Told:
    """An index that answers as it is told."""

    size = 0

    def __init__(self, vectors: np.ndarray, near: Callable[[np.ndarray], np.ndarray]) -> None:
        self._vectors, self._near = vectors, near

    def near(self, query: np.ndarray, k: int) -> np.ndarray:
        return self._near(np.argsort(-(self._vectors @ query), kind="stable"))

    def set(self, value: int) -> None:
        pass


@pytest.mark.parametrize(
    ("near", "recall"),
    [
        (lambda rows: rows[:11], 1.0),
        (lambda rows: rows[1:11], 1.0),  # without the word itself
        (lambda rows: rows[:6], 0.5),
        (lambda rows: rows[11:22], 0.0),
        (lambda rows: rows[[0, *range(1, 8), 100, 101, 102]], 0.7),
        (lambda rows: rows[[0] + 10 * [1]], 0.1),  # the same one ten times
        (lambda rows: rows[:0], 0.0),
    ],
)
def test_recall_is_the_share_of_the_ten_nearest(
    make: Make, near: Callable[[np.ndarray], np.ndarray], recall: float
) -> None:
    questions = asked(make(names(300), in_groups(300)), 300, 40)
    assert len(questions.places) == 40
    assert measured(Told(questions.vectors, near), questions).recall == pytest.approx(recall)


def test_of_rows_at_the_same_distance_either_is_right(make: Make) -> None:
    questions = asked(make(names(60), np.repeat(in_groups(3), 20, axis=0)), 60, 12)
    rng = np.random.default_rng(0)
    index = Told(questions.vectors, lambda rows: np.concatenate([rng.permutation(rows[:20]), rows[20:]])[:11])
    assert measured(index, questions).recall > 0.99


def test_of_few_words_all_are_the_nearest(make: Make) -> None:
    vectors = in_groups(6)
    vectors[2] = 0
    questions = asked(make(names(6), vectors), 100, 100)
    assert questions.counts.tolist() == [4] * 5
    assert questions.vectors.shape == (5, 32)
    assert measured(AllRows(questions.vectors), questions).recall == 1.0
    assert measured(Told(questions.vectors, lambda rows: rows[:3]), questions).recall == 0.5


def test_the_median_and_the_late_ones_are_told_apart(make: Make) -> None:
    questions = asked(make(names(300), in_groups(300)), 300, 40)
    count = iter(range(1_000))

    def near(rows: np.ndarray) -> np.ndarray:
        time.sleep(0.05 if next(count) % 8 == 0 else 0.002)
        return rows[:11]

    speed = measured(Told(questions.vectors, near), questions)
    assert speed.median_ms >= 2
    assert speed.p95_ms >= 50
    assert speed.median_ms < speed.p95_ms


def test_one_thread_is_all_that_is_used_and_only_meanwhile() -> None:
    def threads() -> list[int]:
        return [one["num_threads"] for one in threadpool_info()] + [faiss.omp_get_max_threads()]

    before = threads()
    with one_thread():
        assert set(threads()) == {1}
    with pytest.raises(ZeroDivisionError), one_thread():
        raise ZeroDivisionError
    assert threads() == before


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_kind_finds_more_the_more_thoroughly_it_looks(make: Make, name: str) -> None:
    kind = KINDS[name]
    if not kind.installed:
        pytest.skip(f"{kind.needs} is not installed")
    questions = asked(make(names(N), in_groups()), N, 100)
    index, seconds = built(kind, questions.vectors)
    assert seconds > 0
    recalls = []
    for value in kind.values:
        index.set(value)
        recalls.append(measured(index, questions).recall)
    assert recalls == sorted(recalls)
    least = {"pq": 0.4, "ivf_pq": 0.4, "ivf": 0.98, "hnsw_sq": 0.95}.get(name, 0.99)
    assert recalls[-1] >= least
    if name in ("numpy", "flat"):
        assert recalls == [1.0]
    if name == "ivf":
        assert recalls[0] < 0.8
    vectors = questions.vectors.nbytes
    if name in ("pq", "ivf_pq"):
        assert index.size < vectors / 2
        assert recalls[-1] < 0.99
    elif name == "hnsw_sq":
        assert index.size < built(KINDS["hnsw"], questions.vectors)[0].size
    else:
        assert vectors <= index.size < 5 * vectors


@pytest.mark.parametrize("name", sorted(KINDS))
@pytest.mark.parametrize("n", [2, 40])
def test_every_kind_can_be_built_of_few_words(make: Make, name: str, n: int) -> None:
    kind = KINDS[name]
    if not kind.installed:
        pytest.skip(f"{kind.needs} is not installed")
    questions = asked(make(names(n), in_groups(n)), n, 10)
    if n == 2 and "pq" in name:
        with pytest.raises(DataError, match="2 words are too few"):
            built(kind, questions.vectors)
        return
    index, _ = built(kind, questions.vectors)
    index.set(kind.values[-1])
    near = index.near(questions.vectors[0], 11)
    assert set(near.tolist()) <= set(range(n))
    assert 1 <= len(near) <= 11


def test_what_is_found_is_what_numpy_finds(make: Make) -> None:
    vectors = in_groups(500)
    questions = asked(make(names(500), vectors), 500, 20)
    u = unit(vectors.astype(float))
    for place, tenth in zip(questions.places, questions.tenth, strict=True):
        cosines = np.sort(np.delete(u @ u[place], place))
        assert tenth == pytest.approx(cosines[-10], abs=1e-6)


@pytest.mark.parametrize("vectors", [np.zeros((5, 3)), np.eye(3)[:1]])
def test_fewer_than_two_words_are_told(make: Make, vectors: np.ndarray) -> None:
    with pytest.raises(DataError, match="expected at least two to search among"):
        asked(make(names(len(vectors)), vectors), 10, 10)
