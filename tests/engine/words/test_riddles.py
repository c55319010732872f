"""Riddles: one right answer among the choices, and the same riddle for the same number."""

import numpy as np
import pytest

from engine.words import Space
from engine.words.examples import WELL_KNOWN
from engine.words.riddles import CHOICES, riddle
from tests.engine.words.conftest import Open


def spaced(opened: Open, words: list[str]) -> Space:
    vectors = np.random.default_rng(1).normal(size=(len(words), 5)).tolist()
    rows = [f"{word} {' '.join(map(repr, row))}\n" for word, row in zip(words, vectors, strict=True)]
    return opened("".join(rows).encode())


@pytest.fixture
def space(opened: Open) -> Space:
    known = {word for name in ("man and woman", "verb and past") for pair in WELL_KNOWN[name] for word in pair}
    return spaced(opened, sorted(known))


def test_one_of_the_choices_is_right(space: Space) -> None:
    relations = set()
    for number in range(40):
        found = riddle(space, number)
        assert found is not None
        pairs = dict(WELL_KNOWN[found.relation])
        assert pairs[found.given[0]] == found.given[1]
        assert pairs[found.asked] == found.right
        assert found.given[0] != found.asked
        assert found.choices.count(found.right) == 1
        assert 3 <= len(set(found.choices)) == len(found.choices) <= CHOICES
        assert found.given[1] not in found.choices
        assert set(found.choices) <= set(pairs.values())
        assert riddle(space, number) == found
        relations.add(found.relation)
    assert relations == {"man and woman", "verb and past"}
    assert len({riddle(space, number) for number in range(40)}) > 10


def test_its_formula_asks_for_the_right_word(space: Space) -> None:
    found = riddle(space, 3)
    assert found is not None
    assert str(found.formula) == f"{found.asked} - {found.given[0]} + {found.given[1]}"


def test_a_space_of_which_little_is_known_has_none(opened: Open) -> None:
    assert riddle(spaced(opened, ["man", "woman", "king", "queen", "boy", "girl"]), 0) is None
