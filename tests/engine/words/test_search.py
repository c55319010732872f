"""Exact answers, with codes and without, against plain float64 arithmetic over random spaces full of ties."""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import DataError
from engine.words import Space, load, search_codes, search_exact, search_scan, stored
from engine.words.analogies import METHODS


def space_of(vectors: np.ndarray) -> Space:
    """Return a space of words w0, w1, ...; its files are gone when it is."""
    n, d = vectors.shape
    rows = [b"w%d " % row + vector.tobytes() for row, vector in enumerate(vectors.astype("<f4"))]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "vectors.bin"
        file.write_bytes(b"%d %d\n" % (n, d) + b"".join(rows))
        return load(file, cache=Path(folder) / "kept")


@pytest.fixture(autouse=True, params=["codes", "all rows"])
def codes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """With codes even of small spaces, in many slices; and without any."""
    monkeypatch.setattr(search_scan, "SLICE_ROWS", 50)
    monkeypatch.setattr(search_scan, "BLOCK_ROWS", 30)
    monkeypatch.setattr(search_scan, "FEW", 5)
    if request.param == "codes":
        small = {"WORTH_FROM": 0, "SLICE_ROWS": 37, "APART": 0.05, "FIRST": 4, "FACTOR": 3, "BLOCK_ROWS": 16}
        for name, value in small.items():
            monkeypatch.setattr(search_codes, name, value)
    return request.param == "codes"


SORTS = ("noise", "groups", "doubles", "small integers", "one large number", "all the same", "of all lengths")


@st.composite
def spaces(draw: st.DrawFn) -> np.ndarray:
    """Vectors (n, d) of one sort or another, with some rows of zeros."""
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    n, d = draw(st.integers(3, 260)), draw(st.integers(2, 40))
    rows = rng.normal(size=(n, d))
    match draw(st.sampled_from(SORTS)):
        case "groups":
            rows = rows[rng.integers(0, 3, n)] + 1e-3 * rows
        case "doubles":
            rows = rows[rng.integers(0, max(1, n // 4), n)]
        case "small integers":
            rows = np.round(rows)
        case "one large number":
            rows[:: draw(st.integers(20, 90)), 0] = 1e4
        case "all the same":
            rows[:] = rows[0]
        case "of all lengths":
            rows *= 10.0 ** rng.integers(-43, 38, (n, 1))
    rows[rng.random(n) < 0.05] = 0
    return np.clip(rows, -3e38, 3e38).astype(np.float32)


def units(vectors: np.ndarray) -> np.ndarray:
    v = vectors.astype(float)
    scaled = v / np.maximum(np.abs(v).max(axis=-1, keepdims=True), 1e-300)
    lengths = np.linalg.norm(scaled, axis=-1, keepdims=True)
    return np.divide(scaled, lengths, out=np.zeros_like(v), where=lengths > 0)


def assert_best(
    found: list[tuple[str, float]], true: np.ndarray, vectors: np.ndarray, k: int, near: float, without: set[int]
) -> None:
    """Assert that these are the k best of the true scores, (n,), with equal rows in their order."""
    answers = [row for row in np.flatnonzero(usable(vectors)).tolist() if row not in without]
    rows = [int(word[1:]) for word, _ in found]
    scores = np.array([score for _, score in found])
    assert len(rows) == len(set(rows)) == min(max(k, 0), len(answers))
    assert set(rows) <= set(answers)
    best = -np.sort(-true[answers])[: len(rows)]
    scale = np.maximum(np.abs(best), 1)
    assert (np.abs(scores - best) <= near * scale).all(), (scores, best)
    assert (np.abs(true[rows] - scores) <= near * scale).all()
    first: dict[bytes, list[int]] = {}
    for row in answers:
        first.setdefault(vectors[row].tobytes(), []).append(row)
    for place, row in enumerate(rows):
        earlier = [other for other in first[vectors[row].tobytes()] if other < row]
        assert earlier == [other for other in rows[:place] if other in earlier], "equal rows are not in their order"


def usable(vectors: np.ndarray) -> np.ndarray:
    """Return which rows are long enough to have a direction: see ``telling.unit``."""
    return np.linalg.norm(vectors.astype(float), axis=1) > 1e-38


RANDOM = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@RANDOM
@given(vectors=spaces(), k=st.sampled_from([0, 1, 2, 10, 50, 10**6]), seed=st.integers(0, 10**6))
def test_neighbours_are_those_of_all_scores(vectors: np.ndarray, k: int, seed: int) -> None:
    space, rng = space_of(vectors), np.random.default_rng(seed)
    v = vectors.astype(float)
    row = int(rng.integers(len(v)))
    for query, vector, without in ((f"w{row}", v[row], {row}), (rng.normal(size=v.shape[1]), None, set())):
        q = vector if isinstance(query, str) else query
        if usable(q[None].astype(np.float32))[0]:
            assert_best(space.neighbours(query, k), units(v) @ units(q), vectors, k, 1e-12, without)
        if np.abs(v).max() < 1e30:
            assert_best(space.neighbours(query, k, "dot"), v @ q, vectors, k, 1e-12, without)
            distances = [(word, -score) for word, score in space.neighbours(query, k, "euclidean")]
            assert_best(distances, -np.linalg.norm(v - q, axis=1), vectors, k, 1e-12, without)


@RANDOM
@given(vectors=spaces(), k=st.sampled_from([1, 3, 20]), seed=st.integers(0, 10**6), exclude=st.booleans())
def test_analogies_are_those_of_all_scores(vectors: np.ndarray, k: int, seed: int, exclude: bool) -> None:
    space = space_of(vectors)
    chosen = np.random.default_rng(seed).choice(len(vectors), 3, replace=False).tolist()
    u = units(vectors)
    true = analogy_scores(u, *chosen)
    a, b, c = (f"w{row}" for row in chosen)
    without = set(chosen) if exclude else set()
    beside = space.answers([a, b], [c], k, exclude_inputs=exclude)
    for method in METHODS:
        if true[method] is None:
            with pytest.raises(DataError, match="direction"):
                space.analogy([a, b], [c], k, method, exclude)
            assert "direction" in beside[method].why
            assert beside[method].ranked == []
            continue
        near = {"3cosadd": 1e-10, "3cosmul": 1e-8, "pairdirection": 1e-6}[method]  # they divide by next to nothing
        found = space.analogy([a, b], [c], k, method, exclude)
        assert_best(found, true[method], vectors, k, near, without)
        assert [word for word, _ in found] == [word for word, _ in beside[method].ranked]
        assert_best(beside[method].ranked, true[method], vectors, k, near, without)


def analogy_scores(u: np.ndarray, a: int, b: int, c: int) -> dict[str, Any]:
    """Return the scores of all rows at length 1 by each method, from differences; None where there are none."""
    cosines = {row: (1 + u @ u[row]) / 2 for row in (a, b, c)}
    mix, direction = u[a] + u[b] - u[c], u[b] - u[c]
    steps = u - u[a]
    lengths = np.linalg.norm(steps, axis=1)
    along = np.divide(steps @ units(direction), lengths, out=np.zeros(len(u)), where=lengths > 1e-4)
    return {
        "3cosadd": u @ units(mix) if np.linalg.norm(mix) > 1e-8 else None,
        "3cosmul": cosines[a] * cosines[b] / (cosines[c] + 1e-6),
        "pairdirection": along if np.linalg.norm(direction) > 1e-4 else None,
    }


@RANDOM
@given(vectors=spaces(), k=st.sampled_from([1, 20]), seed=st.integers(0, 10**6))
def test_words_between_two_are_those_of_all_scores(vectors: np.ndarray, k: int, seed: int) -> None:
    space = space_of(vectors)
    a, b = np.random.default_rng(seed).choice(len(vectors), 2, replace=False).tolist()
    if usable(vectors[[a, b]]).all():
        u = units(vectors)
        assert_best(space.between(f"w{a}", f"w{b}", k), np.minimum(u @ u[a], u @ u[b]), vectors, k, 1e-12, {a, b})


@RANDOM
@given(vectors=spaces(), seed=st.integers(0, 10**6), exclude=st.booleans())
def test_the_rank_of_a_word_is_its_place_in_the_whole_list(vectors: np.ndarray, seed: int, exclude: bool) -> None:
    space, rng = space_of(vectors), np.random.default_rng(seed)
    a, b, c, expected = (f"w{row}" for row in rng.choice(len(vectors), 4, replace=len(vectors) < 4).tolist())
    for method in METHODS:
        try:
            everything = space.analogy([a, b], [c], len(space), method, exclude)
        except DataError:
            continue
        if not usable(vectors[[int(expected[1:])]])[0]:
            with pytest.raises(DataError, match=r"expected word 'w\d+' has no direction"):
                space.rank_of(expected, [a, b], [c], method, exclude)
            continue
        place = space.rank_of(expected, [a, b], [c], method, exclude)
        others = [(word, score) for word, score in everything if word != expected]
        if exclude and expected in (a, b, c):
            assert place.rank is None
        else:
            rank = [word for word, _ in everything].index(expected)
            assert (place.rank, place.score) == (rank + 1, everything[rank][1])
        assert place.other == (others[0][0] if others else None)
        assert place.margin == (pytest.approx(place.score - others[0][1], abs=1e-12) if others else None)


def test_an_expected_word_that_is_not_there_is_told() -> None:
    space = space_of(np.eye(5, dtype=np.float32))
    with pytest.raises(DataError, match="expected word 'nobody' is not in this space of 5 words"):
        space.rank_of("nobody", ["w0", "w1"], ["w2"])
    with pytest.raises(DataError, match="received 1 and 1"):
        space.rank_of("w3", ["w0"], ["w2"], "pairdirection")


def test_a_weight_that_is_no_number_is_told() -> None:
    space = space_of(np.eye(5, dtype=np.float32))
    for weight in (float("nan"), float("inf")):
        with pytest.raises(DataError, match="5 finite numbers"):
            space.neighbours({"w1": weight})
    assert space.neighbours({"w1": 1e300, "w2": 1e-300}, 1)[0][0] == "w0"


def test_codes_are_asked_first_and_the_whole_space_only_where_they_cannot_tell(
    codes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []
    real = search_exact.all_cosines
    monkeypatch.setattr(search_exact, "all_cosines", lambda *given: looks.append(1) or real(*given))
    monkeypatch.setattr(search_codes, "MOST", 12)
    rng = np.random.default_rng(0)
    space = space_of(rng.normal(size=(400, 30)).astype(np.float32))
    for row in range(50):
        space.neighbours(f"w{row}", 5)
    assert len(looks) <= 5 if codes else len(looks) == 50
    looks.clear()
    assert [word for word, _ in space_of(np.ones((400, 30), np.float32)).neighbours("w2", 3)] == ["w0", "w1", "w3"]
    assert len(looks) == 1


def test_where_the_processor_multiplies_codes_wrongly_none_are_used(
    codes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_codes, "_is_exact", lambda columns: columns != 48)
    rng = np.random.default_rng(2)
    assert space_of(rng.normal(size=(400, 30)).astype(np.float32))._stored.codes is None
    assert (space_of(rng.normal(size=(400, 60)).astype(np.float32))._stored.codes is not None) == codes


def test_codes_are_as_wide_as_faiss_multiplies_rightly() -> None:
    widths = [search_codes.code_width(dimensions) for dimensions in (1, 16, 17, 48, 49, 64, 100, 300, 1_000)]
    assert widths == [16, 16, 48, 48, 80, 80, 112, 304, 1_008]
    assert all(search_codes._is_exact(width) for width in widths)


def test_no_cosine_is_as_wrong_as_it_may_be(codes: bool) -> None:
    rng = np.random.default_rng(4)
    vectors = rng.normal(size=(500, 33)).astype(np.float32)
    vectors[:20, 0] = 50
    space, asked = space_of(vectors), units(rng.normal(size=(5, 33)))
    rough = search_scan.rough_cosines(space._stored.codes, space.vectors, space.inverse_norms, asked)
    wrong = np.abs(rough.found - asked @ units(vectors).T).max()
    assert wrong < rough.each + rough.lost
    assert (rough.lost > 0) == codes
    assert wrong > 0.05 * rough.lost, "what may be wrong is told too large by far"


def test_what_is_rounded_away_is_no_more_than_the_bound(codes: bool) -> None:
    rng = np.random.default_rng(1)
    vectors = rng.normal(size=(500, 33)).astype(np.float32)
    vectors[:20, 0] = 50
    kept = space_of(vectors)._stored.codes
    if not codes:
        assert kept is None
        return
    assert kept is not None
    assert kept.width == 48
    assert kept.apart.tolist()[:20] == list(range(20))
    assert len(kept.apart) <= 25
    import faiss

    decoded = np.vstack([faiss.vector_to_array(one.codes).reshape(-1, 48) for one in kept.slices]).astype(float) - 128
    away = np.linalg.norm(units(vectors) - decoded[:, :33] * kept.step, axis=1)
    away[kept.apart] = 0
    assert away.max() == pytest.approx(kept.bound, rel=1e-4)
    assert not decoded[kept.apart].any()
    assert not decoded[:, 33:].any()


@pytest.mark.parametrize("codes", ["codes"], indirect=True)
@pytest.mark.parametrize("spoil", ["cut", "another", "gone", "apart", "step", "no json"])
def test_codes_that_do_not_belong_to_the_vectors_are_not_opened(codes: bool, tmp_path: Path, spoil: str) -> None:
    file, kept = tmp_path / "v.txt", tmp_path / "kept"
    file.write_text("".join(f"w{n} {n % 7} {n % 5} {n % 3} 1\n" for n in range(100)))
    before = load(file, cache=kept).neighbours("w5")
    (folder,) = kept.iterdir()
    match spoil:
        case "cut":
            (folder / "codes.1").write_bytes((folder / "codes.1").read_bytes()[:-20])
        case "another":
            (folder / "codes.1").write_bytes((folder / "codes.2").read_bytes())
        case "gone":
            (folder / "codes.2").unlink()
        case "apart":
            np.array([100], np.int32).tofile(folder / "codes.apart")
        case "step":
            (folder / "codes.json").write_text('{"width": 16, "step": 0, "bound": 0}')
        case "no json":
            (folder / "codes.json").write_text("{")
    with pytest.raises(DataError, match="cannot be opened, so read its file again"):
        stored.open_folder(folder)
    assert load(file, cache=kept).neighbours("w5") == before


def test_many_who_ask_at_once_get_the_same(codes: bool) -> None:
    from concurrent.futures import ThreadPoolExecutor

    space = space_of(np.random.default_rng(2).normal(size=(300, 20)).astype(np.float32))
    words = [f"w{row}" for row in range(40)]
    alone = [space.neighbours(word) for word in words]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(space.neighbours, words)) == alone
