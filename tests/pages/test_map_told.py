"""What the page says of a map: each number in words, a low one as low, and nothing where there is no number."""

import pytest

from pages.ui.words.map_told import telling

FINE = {"kept": 0.62, "k": 15, "trustworthiness": 0.971, "continuity": 0.963}


def test_each_number_is_told():
    told = telling(FINE)
    assert "62%" in told
    assert "0.971" in told
    assert "0.963" in told
    assert "That is low" not in told


@pytest.mark.parametrize(("number", "value"), [("kept", 0.1), ("trustworthiness", 0.7), ("continuity", 0.7)])
def test_a_low_one_is_said_to_be_low(number, value):
    assert telling({**FINE, number: value}).count("**That is low:**") == 1


def test_of_a_few_words_nothing_is_said_that_is_not_known():
    told = telling({**FINE, "trustworthiness": None, "continuity": None})
    assert told.count("\n") == 0
    assert "Neighbours kept" in told
