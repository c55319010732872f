"""The made-up world learnt twice: what the page and its note say of how far two seeds agree."""

from pathlib import Path

import numpy as np
import pytest

from engine.words import Space, trained, world
from engine.words.compare import agreement, moved, procrustes
from engine.words.compare.directions import directions
from engine.words.corpora import AGAIN
from engine.words.training import train

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:gensim")


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Space:
    cache: Path = tmp_path_factory.mktemp("again")
    for _ in train({"corpus": AGAIN.name, "cache": str(cache)}):
        pass
    space = trained.opened(AGAIN.name, cache)
    assert space is not None
    return space


def test_seven_or_eight_of_ten_neighbours_come_again(made_up_world: Space, again: Space) -> None:
    assert not np.allclose(made_up_world.vectors, again.vectors, atol=0.1)
    assert list(made_up_world.words) == list(again.words)
    found = agreement(made_up_world, again, 10)
    assert found.mean == pytest.approx(0.6, abs=0.05)
    assert 7 < found.common.mean() < 8
    assert found.chance == pytest.approx(0.003, abs=0.0005)
    least = [found.words[place] for place in np.argsort(found.jaccard, kind="stable")[:20]]
    assert {"and", "the"} <= set(least)
    assert agreement(made_up_world, again, 1).mean == pytest.approx(0.7, abs=0.05)
    assert agreement(made_up_world, again, 50).mean > found.mean


def test_one_can_be_turned_onto_the_other_and_rare_words_move_no_farther(made_up_world: Space, again: Space) -> None:
    found = procrustes(made_up_world, again)
    assert found.determined
    assert found.residual == pytest.approx(0.46, abs=0.06)
    cosines, counts = found.cosines, made_up_world.frequency
    assert counts is not None
    counts = counts[found.shared.rows_a]
    assert cosines[counts < 30].mean() > cosines[counts > 300].mean() - 0.03
    assert all(one.cosine < 0.8 for one in moved(found, 10))


def test_the_plurals_of_words_that_stand_in_other_sentences_too_are_least_parallel(
    made_up_world: Space, again: Space
) -> None:
    for space in (made_up_world, again):
        found = directions(space, world.relations()["one and many"])
        least = [found.pairs[place] for place in np.argsort(-found.angles)[:6]]
        assert {("mouse", "mice"), ("wolf", "wolves")} <= set(least)
        assert found.parallel > found.chance + 0.2
