"""What a unit might keep count of: by hand on small texts; correlations are numpy's."""

import numpy as np
import pytest

from engine.data.language.styles import made_text
from engine.language.properties import correlations, properties


def test_properties_of_small_texts_by_hand() -> None:
    found = properties('a "bc" d')
    assert found["quotes"].tolist() == [0, 0, 1, 1, 1, 0, 0, 0]
    assert found["word"].tolist() == [1, 0, 0, 1, 2, 0, 0, 1]
    found = properties("f(a[0])\nx)y")
    assert found["brackets"].tolist() == [0, 1, 1, 2, 2, 1, 0, 0, 0, 0, 0]
    assert found["line"].tolist() == [1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3]


def test_an_open_mark_is_forgotten_at_an_empty_line_and_not_at_a_line_end() -> None:
    assert properties('"a\nb\n\nc(\n \nd')["quotes"].tolist() == [1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]
    assert properties("(\nb\n\nc")["brackets"].tolist() == [1, 1, 1, 1, 0, 0]
    assert properties("“so” it")["quotes"].tolist() == [1, 1, 1, 0, 0, 0, 0]


def test_words_count_in_characters() -> None:
    found = properties(["He", " said", ":", ' "', "no"])
    assert found["line"].tolist() == [2, 7, 8, 10, 12]
    assert found["word"].tolist() == [2, 4, 0, 0, 2]
    assert found["quotes"].tolist() == [0, 0, 0, 1, 1]


def test_marks_of_the_story_are_what_a_plain_count_says() -> None:
    text = made_text("story", 20_000, 0)
    plain = np.cumsum([letter == '"' for letter in text]) % 2
    np.testing.assert_array_equal(properties(text)["quotes"], plain)


def test_correlations_are_numpys_and_0_where_nothing_changes() -> None:
    generator = np.random.default_rng(1)
    units, told = generator.normal(size=(400, 5)), generator.normal(size=400)
    units[:, 3] = 2.5
    units[:, 4] = -3 * told + 1
    found = correlations(units, told)
    for unit in range(3):
        assert found[unit] == pytest.approx(np.corrcoef(units[:, unit], told)[0, 1])
    assert found[3] == 0
    assert found[4] == pytest.approx(-1)
    assert not correlations(units, np.ones(400)).any()
