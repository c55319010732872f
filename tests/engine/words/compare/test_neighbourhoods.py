"""Agreement of neighbours, against counting by hand and scipy's hypergeometric distribution."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom, ortho_group

from engine.errors import DataError
from engine.words import stored
from engine.words.compare import agreement, shared
from engine.words.compare.neighbourhoods import in_both
from tests.engine.words.compare.conftest import Make, names, unit


def by_hand(a: np.ndarray, b: np.ndarray, k: int) -> list[float]:
    """The Jaccard index of each row's k nearest, by sets."""
    found = []
    for row in range(len(a)):
        near = [set(np.argsort(-np.delete(unit(v) @ unit(v)[row], row), kind="stable")[:k].tolist()) for v in (a, b)]
        found.append(len(near[0] & near[1]) / len(near[0] | near[1]))
    return found


def test_the_words_that_both_have_and_their_rows(make: Make) -> None:
    rng = np.random.default_rng(0)
    a = make(["one", "two", "three", "four"], rng.normal(size=(4, 3)))
    b = make(["four", "zero", "two", "one"], rng.normal(size=(4, 5)))
    found = shared(a, b)
    assert [found.word(place) for place in range(len(found))] == ["one", "two", "four"]
    assert found.rows_a.tolist() == [0, 1, 3]
    assert found.rows_b.tolist() == [3, 2, 0]
    assert [shared(a, b, 3).word(place) for place in range(len(shared(a, b, 3)))] == ["two"]
    assert found.places(["four", "one", "four"]).tolist() == [2, 0]


def test_words_are_shared_by_what_they_are_and_not_by_their_hash(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "word_hash", len)  # words of one length have the same hash
    import engine.words.storing as storing

    monkeypatch.setattr(storing, "word_hash", len)
    a = make(["ab", "cd", "ef", "x"], np.eye(4))
    b = make(["ef", "ab", "gh", "y"], np.eye(4))
    found = shared(a, b)
    assert found.rows_a.tolist() == [0, 2]
    assert found.rows_b.tolist() == [1, 0]


def test_it_is_the_share_of_common_neighbours(make: Make) -> None:
    rng = np.random.default_rng(1)
    first, second = rng.normal(size=(60, 8)), rng.normal(size=(50, 12))
    second[:, :8] += first[10:]
    a, b = make(names(60), first), make(names(60)[10:][::-1], second[::-1])
    found = agreement(a, b, 5)
    assert found.words == tuple(names(60)[10:])
    assert found.jaccard == pytest.approx(by_hand(first[10:], second, 5))
    assert found.mean == pytest.approx(np.mean(by_hand(first[10:], second, 5)))
    assert 0.05 < found.mean < 1
    some = agreement(a, b, 5, ["w30", "w12"])
    assert some.words == ("w30", "w12")
    assert some.jaccard.tolist() == [found.jaccard[20], found.jaccard[2]]
    other = agreement(b, a, 5)
    assert dict(zip(other.words, other.jaccard, strict=True)) == dict(zip(found.words, found.jaccard, strict=True))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32 - 1), k=st.integers(1, 30), stretch=st.floats(0.01, 100))
def test_turning_and_stretching_change_nothing(make: Make, seed: int, k: int, stretch: float) -> None:
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(25, 6))
    turned = stretch * vectors @ ortho_group.rvs(6, random_state=seed)
    found = agreement(make(names(25), vectors), make(names(25), turned), k)
    assert found.k == min(k, 24)
    assert found.mean > 0.98  # a tie of two that float32 cannot tell apart may fall either way


def test_chance_is_what_neighbours_drawn_at_random_give(make: Make) -> None:
    rng = np.random.default_rng(2)
    found = agreement(make(names(300), rng.normal(size=(300, 20))), make(names(300), rng.normal(size=(300, 20))), 20)
    common = np.arange(21)
    assert found.chance == pytest.approx((hypergeom(299, 20, 20).pmf(common) * common / (40 - common)).sum())
    assert found.mean == pytest.approx(found.chance, abs=0.01)


def test_numbers_in_both_rows() -> None:
    assert in_both(np.array([[3, 1], [5, 6]]), np.array([[1, 3], [7, 8]])).tolist() == [2, 0]


def test_words_without_a_direction_take_no_part(make: Make) -> None:
    vectors = np.random.default_rng(3).normal(size=(20, 4))
    holed = vectors.copy()
    holed[[2, 9]] = 0
    found = agreement(make(names(20), vectors), make(names(20), holed), 3)
    assert len(found.words) == found.vocabulary == 18
    assert found.mean == 1.0


def test_duplicates_are_neighbours_as_others_are(make: Make) -> None:
    vectors = np.repeat(np.eye(3), 4, axis=0)
    found = agreement(make(names(12), vectors), make(names(12), vectors[:, ::-1]), 3)
    assert found.mean == 1.0


@pytest.mark.parametrize(
    ("words", "k", "asked", "why"),
    [
        (["w0", "other"], 3, None, "share 1 words that have a direction in both: expected at least 2"),
        (["x", "y"], 3, None, "share 0 words"),
        (["w0", "w1"], 0, None, "received 2 and 0"),
        (["w0", "w1"], 3, ["w0", "y"], "'y' is not among the 2 words that both spaces share"),
        (["w0", "w1"], 3, [], "received 0 and 3"),
    ],
)
def test_what_cannot_be_compared_is_told(
    make: Make, words: list[str], k: int, asked: list[str] | None, why: str
) -> None:
    with pytest.raises(DataError, match=why):
        agreement(make(names(3), np.eye(3)), make(words, np.eye(2)), k, asked)


def test_a_limit_below_one_is_told(make: Make) -> None:
    space = make(names(3), np.eye(3))
    with pytest.raises(DataError, match="expected 1 or more, got 0"):
        shared(space, space, 0)
