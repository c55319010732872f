"""One question to several spaces."""

import numpy as np
import pytest

from engine.errors import DataError
from engine.words.compare import overlap, side_by_side
from tests.engine.words.compare.conftest import Make, names


def test_each_space_answers_as_it_would_alone(make: Make) -> None:
    rng = np.random.default_rng(0)
    a, b = make(names(30), rng.normal(size=(30, 4))), make(names(20), rng.normal(size=(20, 7)))
    first, second = side_by_side([a, b], "w1 - w2", 8)
    assert first.answers == a.neighbours({"w1": 1, "w2": -1}, 8)
    assert second.answers == b.neighbours({"w1": 1, "w2": -1}, 8)
    words = [{word for word, _ in one.answers} for one in (first, second)]
    assert first.unknown_elsewhere == words[0] - set(names(20)) != frozenset()
    assert second.unknown_elsewhere == frozenset()
    share = len(words[0] & words[1]) / len(words[0] | words[1])
    assert overlap([first, second]) == pytest.approx(np.array([[1, share], [share, 1]]))


def test_a_space_that_does_not_know_the_word_says_so_and_the_others_answer(make: Make) -> None:
    a, b = make(["C++", "Java", "C"], np.eye(3) + 0.1), make(["Java", "C"], np.eye(2))
    first, second = side_by_side([a, b], "C++", 2)
    assert [word for word, _ in first.answers] == ["Java", "C"]
    assert (second.answers, bool(second.why)) == ([], True)
    assert np.isnan(overlap([first, second])[0, 1])


@pytest.mark.parametrize("count", [0, 4])
def test_three_at_most(make: Make, count: int) -> None:
    space = make(names(3), np.eye(3))
    with pytest.raises(DataError, match=f"received {count}"):
        side_by_side([space] * count, "w1")
