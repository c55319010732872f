"""The index that is asked where answers need not be exact: what it finds, what is told of it, when it is not asked."""

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from engine.errors import DataError
from engine.jobs import Progress
from engine.words import Space, load, search_building, search_codes, search_index
from engine.words.search_building import build_index, order
from tests.engine.words.conftest import Open

N, D = 3_000, 20


@pytest.fixture(autouse=True)
def small_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_codes, "WORTH_FROM", 1_000)


def binary(vectors: np.ndarray) -> bytes:
    rows = [b"w%d " % row + vector.tobytes() for row, vector in enumerate(vectors.astype("<f4"))]
    return b"%d %d\n" % vectors.shape + b"".join(rows)


def words_in_groups() -> np.ndarray:
    rng = np.random.default_rng(4)
    vectors = rng.normal(size=(50, D))[rng.integers(0, 50, N)] + 0.5 * rng.normal(size=(N, D))
    vectors[[5, 50]] = 0
    return vectors


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("vectors") / "v.bin"
    path.write_bytes(binary(words_in_groups()))
    return path


def run(space: Space) -> tuple[list[Progress], dict[str, object]]:
    """Carry out what builds the index of a space; return its progress and its result."""
    wanted = order(space)
    assert wanted is not None
    assert wanted.work == "engine.words.search_building:build_index"
    work, told = build_index(json.loads(wanted.arguments)), []
    while True:
        try:
            told.append(next(work))
        except StopIteration as end:
            return told, dict(end.value)


@pytest.fixture(params=["graph", "lists"])
def built(request: pytest.FixtureRequest, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Space:
    """A space with an index of each kind, built while it was open."""
    if request.param == "lists":
        monkeypatch.setattr(search_building, "GRAPH_TO", N - 1)
    space = load(file, cache=tmp_path)
    run(space)
    recall = space.recall()
    assert recall is not None
    assert recall.kind == request.param
    return space


def share_found(space: Space, exact: Callable[[str], list[tuple[str, float]]], words: list[str]) -> float:
    hits = [len(dict(exact(word)).keys() & dict(space.neighbours(word, exact=False)).keys()) for word in words]
    return sum(hits) / (10 * len(words))


def test_it_finds_what_it_was_measured_to_find(built: Space) -> None:
    recall = built.recall()
    assert recall is not None
    assert (recall.k, recall.words) == (10, 200)
    assert min(recall.approximate_ms, recall.exact_ms, recall.seconds) > 0
    vectors = words_in_groups()
    u = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    rows = np.flatnonzero(vectors.any(axis=1))[np.linspace(0, N - 3, 200).astype(int)]

    def by_hand(word: str) -> list[tuple[str, float]]:
        row = int(word[1:])
        cosines = u @ u[row]
        cosines[row] = -2
        return [(f"w{other}", float(cosines[other])) for other in np.argsort(-cosines)[:10]]

    assert share_found(built, by_hand, [f"w{row}" for row in rows]) == pytest.approx(recall.share, abs=0.002)
    assert recall.share > 0.9


def test_a_poor_index_is_told_as_poor(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_building, "GRAPH_TO", 0)
    monkeypatch.setattr(search_index, "PROBES", 1)
    space = load(file, cache=tmp_path)
    run(space)
    recall = space.recall()
    assert recall is not None
    assert recall.share < 0.9


def test_what_is_found_is_ranked_by_the_vectors_themselves(built: Space) -> None:
    for word in ("w0", "w7", "w2999"):
        found, exact = built.neighbours(word, 5, exact=False), dict(built.neighbours(word, 200))
        assert word not in dict(found)
        assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
        assert all(score == exact[other] for other, score in found if other in exact)
    assert not {"w5", "w50"} & {word for word, _ in built.neighbours(np.ones(D), 2_000, exact=False)}


def test_all_can_be_asked_for_even_where_the_index_finds_fewer(built: Space) -> None:
    assert built.neighbours("w1", N, exact=False) == built.neighbours("w1", N)
    assert len(built.neighbours("w1", N, exact=False)) == N - 3
    assert built.neighbours("w1", 0, exact=False) == []


def test_the_other_metrics_and_no_index_are_answered_exactly(built: Space, file: Path, tmp_path: Path) -> None:
    for metric in ("dot", "euclidean"):
        assert built.neighbours("w1", 5, metric, exact=False) == built.neighbours("w1", 5, metric)  # type: ignore[arg-type]
    other = load(file, 2_000, cache=tmp_path)
    assert other.recall() is None
    assert other.neighbours("w1", 5, exact=False) == other.neighbours("w1", 5)


def test_it_tells_how_far_it_is_and_what_it_measured(file: Path, tmp_path: Path) -> None:
    space = load(file, cache=tmp_path)
    told, result = run(space)
    shares = [progress.share or 0.0 for progress in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 0.95)
    recall = space.recall()
    assert recall is not None
    assert result == asdict(recall)
    assert order(space) is None
    assert sorted(path.name for path in space.folder.iterdir() if "draft" in path.name) == []  # type: ignore[union-attr]


def test_work_that_is_broken_off_leaves_no_index(file: Path, tmp_path: Path) -> None:
    space = load(file, cache=tmp_path)
    before = sorted(path.name for path in space.folder.iterdir())  # type: ignore[union-attr]
    work = build_index(json.loads(order(space).arguments))  # type: ignore[union-attr]
    next(work)
    next(work)
    work.close()
    assert sorted(path.name for path in space.folder.iterdir()) == before  # type: ignore[union-attr]
    assert space.recall() is None


def test_a_small_space_needs_none(opened: Open) -> None:
    space = opened(binary(np.random.default_rng(0).normal(size=(40, 5))))
    assert order(space) is None


def test_a_space_of_zeros_is_told(opened: Open) -> None:
    space = opened(binary(np.zeros((400, 5))))
    with pytest.raises(DataError, match="all of its numbers are zero"):
        run(space)


@pytest.mark.parametrize("spoil", ["cut", "another", "no faiss", "no json", "other json", "not measured"])
def test_an_index_that_does_not_belong_to_the_space_is_as_if_there_were_none(
    built: Space, opened: Open, tmp_path: Path, spoil: str
) -> None:
    folder = built.folder
    assert folder is not None
    index, measured = folder / search_index.INDEX, folder / search_index.MEASURED
    match spoil:
        case "cut":
            index.write_bytes(index.read_bytes()[:-3_000])
        case "another":
            smaller = opened(binary(words_in_groups()[:2_000]), "other.bin")
            run(smaller)
            shutil.copy(smaller.folder / search_index.INDEX, index)  # type: ignore[operator]
        case "no faiss":
            index.write_bytes(b"nothing of FAISS")
        case "no json":
            measured.write_text("[")
        case "other json":
            measured.write_text('{"kind": "graph"}')
        case "not measured":
            measured.unlink()
    again = Space(built._stored)
    assert again.recall() is None
    assert again.neighbours("w1", exact=False) == again.neighbours("w1")
