"""Alignment against scipy's, and spaces of which it is known how they were turned and which words were moved."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.linalg import orthogonal_procrustes
from scipy.spatial import procrustes as scipy_procrustes
from scipy.stats import ortho_group

from engine.errors import DataError
from engine.words.compare import moved, procrustes
from tests.engine.words.compare.conftest import Make, names, unit

N, D = 80, 6


@pytest.fixture
def two() -> tuple[np.ndarray, np.ndarray]:
    """A space, and another that resembles it in other coordinates."""
    rng = np.random.default_rng(5)
    first = rng.normal(size=(N, D)) + 0.5
    second = 3 * (first + 0.3 * rng.normal(size=(N, D))) @ ortho_group.rvs(D, random_state=1) + 0.2
    return first.astype(np.float32).astype(float), second.astype(np.float32).astype(float)


@pytest.mark.parametrize("unit_rows", [True, False])
@pytest.mark.parametrize("centred", [True, False])
def test_it_is_scipys(make: Make, two: tuple[np.ndarray, np.ndarray], centred: bool, unit_rows: bool) -> None:
    found = procrustes(
        make(["x", *names(N)], np.vstack([np.ones(D), two[0]])),
        make([*names(N)[::-1], "y"], np.vstack([two[1][::-1], np.ones(D)])),
        centred=centred,
        unit=unit_rows,
    )
    a, b = (unit(one) if unit_rows else one for one in two)
    if centred:
        assert found.centre_a == pytest.approx(a.mean(axis=0), abs=1e-6)
        assert found.centre_b == pytest.approx(b.mean(axis=0), abs=1e-6)
        a, b = a - a.mean(axis=0), b - b.mean(axis=0)
    rotation, together = orthogonal_procrustes(a, b)
    assert found.rotation == pytest.approx(rotation, abs=1e-5)
    assert found.residual == pytest.approx(np.linalg.norm(a @ rotation - b) / np.linalg.norm(b), rel=1e-5)
    assert found.scale == pytest.approx(together / (a**2).sum(), rel=1e-5)
    stretched = np.linalg.norm(found.scale * a @ rotation - b) / np.linalg.norm(b)
    assert found.disparity == pytest.approx(stretched, rel=1e-4)
    if centred:  # scipy's other one centres, and returns the square
        assert found.disparity**2 == pytest.approx(scipy_procrustes(b, a)[2], rel=1e-4)
    expected = ((unit(a) @ rotation) * unit(b)).sum(axis=1)
    assert found.cosines == pytest.approx(expected, abs=1e-5)
    onto = found.onto(unit(two[0]) if unit_rows else two[0])
    assert onto - found.centre_b == pytest.approx(a @ rotation, abs=1e-5)
    assert found.determined


def test_in_blocks_it_is_the_same(
    make: Make, two: tuple[np.ndarray, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = make(names(N), two[0]), make(names(N), two[1])
    whole = procrustes(a, b, centred=True)
    monkeypatch.setattr("engine.words.compare.alignment.BLOCK", 7)
    parts = procrustes(a, b, centred=True)
    assert parts.rotation == pytest.approx(whole.rotation, abs=1e-9)
    assert parts.residual == pytest.approx(whole.residual)
    assert parts.cosines == pytest.approx(whole.cosines)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32 - 1), d=st.integers(2, 7), more=st.integers(0, 4), stretch=st.floats(1e-3, 1e3))
def test_what_was_only_turned_lies_upon_itself(make: Make, seed: int, d: int, more: int, stretch: float) -> None:
    rng = np.random.default_rng(seed)
    first = rng.normal(size=(40, d))
    second = stretch * np.hstack([first, np.zeros((40, more))]) @ ortho_group.rvs(d + more, random_state=seed)
    a, b = make(names(40), first), make(names(40), second)
    for x, y in ((a, b), (b, a)):
        found = procrustes(x, y)
        assert found.residual == pytest.approx(0, abs=1e-5)
        assert found.scale == pytest.approx(1, abs=1e-5)
        assert found.cosines == pytest.approx(np.ones(40), abs=1e-6)
        assert found.rotation @ found.rotation.T == pytest.approx(np.eye(d + more), abs=1e-9)
        assert found.determined
    assert procrustes(a, b, unit=False).scale == pytest.approx(stretch, rel=1e-4)


def test_fewer_words_than_dimensions_do_not_fix_a_rotation(make: Make) -> None:
    rng = np.random.default_rng(0)
    found = procrustes(make(names(4), rng.normal(size=(4, 9))), make(names(4), rng.normal(size=(4, 9))))
    assert not found.determined
    same = make(names(5), np.tile([1.0, 2.0], (5, 1)))
    assert not procrustes(same, same).determined


def test_the_words_that_were_moved_are_found(make: Make, two: tuple[np.ndarray, np.ndarray]) -> None:
    first = two[0]
    second = first @ ortho_group.rvs(D, random_state=2)
    second[[7, 40]] *= -1
    second[11] = 0
    counts = np.arange(N)[::-1] + 1
    alignment = procrustes(make(names(N), first, counts), make(names(N)[::-1], second[::-1]))
    found = moved(alignment, 3)
    assert {one.word for one in found[:2]} == {"w7", "w40"}
    assert found[0].cosine <= found[1].cosine < -0.8
    assert found[2].cosine > 0.8
    seventh = next(one for one in found if one.word == "w7")
    assert seventh.places == (8, N - 7)
    assert seventh.counts == (N - 7, None)
    assert {one.word for one in moved(alignment, N, least_count=N - 20)} == {*names(21)} - {"w11"}
    assert "w7" not in {one.word for one in moved(alignment, N, restrict=N - 10)}
    everything = moved(alignment, 1_000)
    assert len(everything) == N - 1
    assert [one.cosine for one in everything] == sorted(one.cosine for one in everything)
    assert moved(alignment, 0) == []


def test_counts_that_no_space_tells_are_refused(make: Make) -> None:
    space = make(names(4), np.eye(4))
    with pytest.raises(DataError, match="Neither space tells how often"):
        moved(procrustes(space, space), 3, least_count=5)


def test_a_word_at_the_centre_has_no_cosine(make: Make) -> None:
    vectors = np.array([[2.0, 1], [0, 1], [1, 2], [1, 0], [1, 1]])
    space = make(names(5), vectors)
    alignment = procrustes(space, space, centred=True, unit=False)
    assert alignment.cosines == pytest.approx(np.array([1, 1, 1, 1, np.nan]), nan_ok=True)
    assert len(moved(alignment, 5)) == 4


def test_large_and_small_numbers_are_no_trouble(make: Make, two: tuple[np.ndarray, np.ndarray]) -> None:
    for factor in (1e37, 1e-37):
        a, b = make(names(N), two[0] * factor), make(names(N), two[1])
        assert procrustes(a, b).residual == pytest.approx(procrustes(make(names(N), two[0]), b).residual, rel=1e-3)
        assert procrustes(a, b, unit=False).scale * factor == pytest.approx(3, rel=0.2)


@pytest.mark.parametrize("centred", [True, False])
def test_one_word_is_too_few(make: Make, centred: bool) -> None:
    with pytest.raises(DataError, match="share 1 words"):
        procrustes(make(["a", "b"], np.eye(2)), make(["b", "c"], np.eye(2)), centred=centred)


def test_words_at_one_place_have_no_centre_to_turn_about(make: Make) -> None:
    same = make(names(5), np.tile([1.0, 2.0], (5, 1)))
    with pytest.raises(DataError, match="all shared words lie at one"):
        procrustes(same, make(names(5), np.eye(5)), centred=True)
