"""Analogies to begin with: their words are there, and in a small space they come out right where any does."""

from engine.words.examples import WELL_KNOWN, analogies
from tests.engine.words.conftest import Open


def box(**places: tuple[float, ...]) -> bytes:
    return "".join(f"{word} {' '.join(map(str, place))}\n" for word, place in places.items()).encode()


def test_the_first_that_comes_out_right_is_offered(opened: Open) -> None:
    # man, king and queen stand crooked; of father and mother the answer is right.
    space = opened(
        box(
            man=(1, 0, 0.2), woman=(-1, 0, 0.2), king=(0, 1, 0), queen=(0.9, 0.1, 0.9),
            father=(1, 0, -2), mother=(-1, 0, -2), spare=(0, 1, 0.1),
        )
    )  # fmt: skip
    ((formula, expected, relation),) = [(str(one.formula), one.expected, one.relation) for one in analogies(space)]
    assert (formula, expected, relation) == ("father - man + woman", "mother", "man and woman")
    assert space.analogy(["king", "woman"], ["man"], 1)[0][0] != "queen"
    assert space.analogy(["father", "woman"], ["man"], 1)[0][0] == "mother"


def test_where_none_comes_out_right_the_first_is_offered_all_the_same(opened: Open) -> None:
    space = opened(box(man=(1, 0), woman=(0, 1), king=(1, 1), queen=(-1, -1), spare=(0, 2)))
    assert [str(one.formula) for one in analogies(space)] == ["king - man + woman"]


def test_of_a_space_that_knows_no_pair_nothing_is_offered(opened: Open) -> None:
    assert analogies(opened(box(x=(1, 0), y=(0, 1)))) == ()
    assert analogies(opened(box(man=(1, 0), woman=(0, 1), king=(1, 1)), name="three.txt")) == ()


def test_the_made_up_world_has_relations_of_its_own(opened: Open) -> None:
    space = opened(box(sarnel=(1, 0, 1), velora=(0, 1, 1), hofgar=(1, 0, 2), brennia=(0, 1, 2), paris=(1, 1, 1)))
    (only,) = analogies(space)
    assert (str(only.formula), only.expected) == ("hofgar - sarnel + velora", "brennia")


def test_pairs_are_two_words_each() -> None:
    assert all(len(set(pair)) == 2 for pairs in WELL_KNOWN.values() for pair in pairs)
