"""Which words are on a map."""

import re

import numpy as np
import pytest

from engine.errors import DataError
from engine.words.maps import MapSpec
from engine.words.maps.choosing import chosen_rows, fits, named_words
from tests.engine.words.maps.made import space_of

WORDS = ["the", "King", "kingdom", "queen", "New York", "walking", "kin*", "ing", "a,b", 'qu"ote']


@pytest.fixture(scope="module")
def space(tmp_path_factory):
    vectors = np.random.default_rng(1).normal(size=(len(WORDS), 4))
    names = [word.replace(" ", "_") for word in WORDS]
    return space_of(tmp_path_factory.mktemp("space"), vectors, names)[0]


def words(space, **settings):
    rows, notes = chosen_rows(space, MapSpec(**settings))
    return [space.words[row] for row in rows], notes


def test_the_first_words(space):
    assert words(space, of="top", top=100)[0] == list(space.words)


def test_a_neighbourhood_is_the_word_and_its_nearest(space):
    found, notes = words(space, of="neighbourhood", around=" queen ", around_count=5)
    assert found == ["queen", *(word for word, _ in space.neighbours("queen", 5))]
    assert notes == []
    nearest = [word for word, _ in space.neighbours("queen", 5, "euclidean")]
    assert words(space, of="neighbourhood", around="queen", around_count=5, metric="euclidean")[0][1:] == nearest


def test_a_filter_goes_by_letters_and_by_rank(space):
    assert words(space, of="filter", pattern="king")[0] == ["King", "kingdom", "walking"]
    assert words(space, of="filter", pattern="*ing", first_rank=3)[0] == ["walking", "ing"]
    assert words(space, of="filter", first_rank=2, last_rank=4)[0] == ["King", "kingdom", "queen"]


@pytest.mark.parametrize(
    "pattern", ["", "*", "k*", "*g", "k*g", "k*i*g", "*a*b*", "**", "kin*kin", "a*a", "ab*bc", "*ing*", "(k.)+$", "[k]"]
)
def test_a_star_stands_for_any_letters(pattern):
    names = [*WORDS, "kinkin", "a", "aa", "abc", "abbc", "Kg", ""]
    oracle = re.escape(pattern).replace(r"\*", ".*") if "*" in pattern else f".*{re.escape(pattern)}.*"
    expected = [name for name in names if re.fullmatch(oracle, name, re.IGNORECASE | re.DOTALL)]
    assert [name for name in names if fits(name, pattern)] == expected


def test_many_stars_take_no_time():
    assert not fits("a" * 200, "*a" * 99 + "*b*a")


def test_words_are_named_with_commas_blanks_or_quotes(space):
    assert named_words('king, queen  "New York",a\n"say \\"no\\"" queen') == [
        "king",
        "queen",
        "New York",
        "a",
        'say "no"',
    ]
    found, notes = words(space, of="selection", selection="queen nobody King queen")
    assert found == ["queen", "King"]
    assert notes == ["Not in this space: 'nobody'."]


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"of": "neighbourhood"}, "needs the word"),
        ({"of": "neighbourhood", "around": "nobody"}, "'nobody' is not in this space"),
        ({"of": "filter", "pattern": "zzz"}, "No word from rank 1 to 10 fits the pattern 'zzz'"),
        ({"of": "filter", "first_rank": 11}, "There is no word of rank 11"),
        ({"of": "selection"}, "none is named"),
        ({"of": "selection", "selection": "x y z q w u"}, "Not one of these words .* and 1 more"),
        ({"of": "selection", "selection": 'a "b'}, "a quote without its other"),
    ],
)
def test_a_map_of_no_words_is_refused_in_a_sentence(space, settings, sentence):
    with pytest.raises(DataError, match=sentence):
        chosen_rows(space, MapSpec(**settings))
