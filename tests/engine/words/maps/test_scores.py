"""The scores by which the words of a map are coloured."""

import numpy as np
import pytest

from engine.errors import DataError
from engine.words.maps.scores import frequency, on_axis
from engine.words.space import Space
from tests.engine.words.conftest import Open

VECTORS = np.array([[3, 4, 0], [1, 0, 0], [0, 2, 0], [0, 0, 5], [-2, -1, 1]], np.float64)
WORDS = ["he", "she", "king", "queen", "zero"]


@pytest.fixture
def space(opened: Open) -> Space:
    lines = [f"{word} {' '.join(map(str, row))}" for word, row in zip(WORDS, VECTORS, strict=True)]
    return opened("\n".join([f"{len(WORDS)} 3", *lines, ""]).encode())


def test_words_lie_on_an_axis_where_numpy_says(space: Space):
    units = VECTORS / np.linalg.norm(VECTORS, axis=1, keepdims=True)
    rows = np.array([4, 2, 0], np.int32)
    one, other = units[0] - units[1], units[2] - units[3]
    one, other = one / np.linalg.norm(one), other / np.linalg.norm(other)
    np.testing.assert_allclose(on_axis(space, rows, [("he", "she")]), units[rows] @ one, atol=1e-6)
    both = (one + other) / np.linalg.norm(one + other)
    found = on_axis(space, rows, [("he", "she"), ("king", "queen")])
    np.testing.assert_allclose(found, units[rows] @ both, atol=1e-6)


def test_an_axis_without_a_direction_or_a_word_is_told(space: Space):
    with pytest.raises(DataError):
        on_axis(space, np.arange(2), [("he", "he")])
    with pytest.raises(DataError, match="nobody"):
        on_axis(space, np.arange(2), [("he", "nobody")])


def test_where_a_file_tells_no_frequency_ranks_stand_for_it(space: Space):
    np.testing.assert_array_equal(frequency(space, np.array([4, 0])), [5.0, 1.0])
