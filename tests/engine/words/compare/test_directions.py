"""Directions of relations against cosines worked out pair by pair, and spaces made with and without a direction."""

import numpy as np
import pytest
from sklearn.metrics.pairwise import cosine_similarity

from engine.errors import DataError
from engine.words import Space, world
from engine.words.compare.directions import directions
from tests.engine.words.compare.conftest import Make, unit

M = 12
PAIRS = [(f"a{n}", f"b{n}") for n in range(M)]
WORDS = [word for pair in PAIRS for word in pair]


def pairs_of(step: float, seed: int = 0, d: int = 30) -> np.ndarray:
    """Twelve words and their partners, each ``step`` along the same direction from it, and a little at random."""
    rng = np.random.default_rng(seed)
    first = rng.normal(size=(M, d))
    second = first + step * np.eye(d)[0] + 0.5 * rng.normal(size=(M, d))
    return np.stack([first, second], axis=1).reshape(2 * M, d).astype(np.float32)


def test_it_is_the_mean_cosine_of_all_steps(make: Make) -> None:
    vectors = pairs_of(3)
    found = directions(make(WORDS, vectors), [*PAIRS, PAIRS[0], ("a0", "nobody")])
    assert found.pairs == tuple(PAIRS)
    assert found.left_out == 1
    u = unit(vectors.astype(float))
    steps = u[1::2] - u[::2]
    cosines = cosine_similarity(steps)
    assert found.parallel == pytest.approx(cosines[np.triu_indices(M, 1)].mean(), abs=1e-6)
    assert found.lengths == pytest.approx(np.linalg.norm(steps, axis=1), abs=1e-6)
    for place in range(M):
        others = np.delete(unit(steps), place, axis=0).mean(axis=0)
        cosine = others @ unit(steps)[place] / np.linalg.norm(others)
        assert found.angles[place] == pytest.approx(np.degrees(np.arccos(cosine)), abs=1e-3)


def test_a_direction_is_told_from_none(make: Make) -> None:
    along, none = directions(make(WORDS, pairs_of(3)), PAIRS), directions(make(WORDS, pairs_of(0)), PAIRS)
    assert along.parallel > 0.35
    assert along.p == pytest.approx(1 / 201)
    assert along.chance < along.parallel - 0.2
    assert none.parallel == pytest.approx(0, abs=0.1)
    assert np.median(along.angles) < 60 < 75 < np.median(none.angles) < 105


def test_two_groups_apart_are_parallel_even_when_shuffled(make: Make) -> None:
    """The lists lie apart, and nothing holds between partners: only the shuffled pairs tell."""
    rng = np.random.default_rng(1)
    vectors = rng.normal(size=(2 * M, 30))
    vectors[1::2] += 9 * np.eye(30)[0]
    found = directions(make(WORDS, vectors), PAIRS)
    assert found.parallel > 0.3
    assert found.chance == pytest.approx(found.parallel, abs=0.05)
    assert found.p > 0.02


def test_no_shuffled_word_keeps_its_partner(make: Make) -> None:
    """Of three pairs there are two ways to change all partners."""
    vectors = np.random.default_rng(3).normal(size=(6, 5)).astype(np.float32)
    found = directions(make(WORDS[:6], vectors), PAIRS[:3])
    u = unit(vectors.astype(float))
    expected = []
    for order in ([1, 2, 0], [2, 0, 1]):
        expected.append(cosine_similarity(u[1::2][order] - u[::2])[np.triu_indices(3, 1)].mean())
    assert sorted(set(np.round(found.shuffled, 5))) == pytest.approx(sorted(expected), abs=1e-4)
    again, other = (directions(make(WORDS[:6], vectors), PAIRS[:3], seed=seed) for seed in (0, 1))
    assert again.shuffled.tolist() == found.shuffled.tolist() != other.shuffled.tolist()


def test_words_are_found_in_other_cases_and_steps_of_nothing_left_out(make: Make) -> None:
    vectors = pairs_of(2)
    vectors[3] = vectors[2]  # b1 lies where a1 does
    found = directions(make(WORDS, vectors), [("A0", "B0"), ("a0", "b0"), ("a1", "b1"), ("A2", "b2"), ("a3", "a3")])
    assert found.pairs == (("a0", "b0"), ("a2", "b2"))
    assert found.left_out == 3


def test_zero_vectors_are_no_fault(make: Make) -> None:
    vectors = pairs_of(2)
    vectors[[0, 2, 3]] = 0
    found = directions(make(WORDS, vectors), PAIRS)
    assert len(found.pairs) == M - 1
    assert np.isfinite(found.angles).all()


def test_too_little_is_told(make: Make) -> None:
    space = make(WORDS, pairs_of(1))
    for pairs in ([], PAIRS[:1], [("x", "y")] * 3):
        with pytest.raises(DataError, match="expected at least two"):
            directions(space, pairs)
    with pytest.raises(DataError, match="received 0"):
        directions(space, PAIRS, shuffles=0)


@pytest.mark.parametrize("name", sorted(world.relations()))
def test_what_is_known_of_the_made_up_world_is_more_parallel_than_chance(made_up_world: Space, name: str) -> None:
    found = directions(made_up_world, world.relations()[name], 100)
    assert found.left_out == 0
    assert found.parallel > found.chance + 0.05
    assert found.p < 0.02
