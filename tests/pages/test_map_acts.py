"""What is done with words that were chosen on a map."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.words import load
from engine.words.formula import MAX_CHARS, parse_words
from engine.words.packaged import packaged
from engine.words.space import Space
from pages.ui.words.map_acts import MOST_ASKED, act, listed
from pages.ui.words.pointmap import Choice
from pages.ui.words.slot import Desk

WORD = st.text(st.sampled_from("ab ,;\"\\'+-*.é\t"), min_size=1, max_size=8).filter(lambda word: word.strip())


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Space:
    return load(packaged("euclidean").path, cache=tmp_path_factory.mktemp("kept"))


def test_a_map_of_the_chosen_words_alone_is_set_up(space: Space):
    here = Desk()
    before = here.map.replace(method="pca", seed=9)
    here.map = before
    act(here, space, Choice("key", 3, (5, 2, 7), "map"))
    assert (here.map.of, here.map.method, here.map.seed) == ("selection", "pca", 9)
    assert parse_words(here.map.selection) == tuple(space.words[row] for row in (5, 2, 7))
    assert here.map_edition == 1


@pytest.mark.parametrize("question", ["odd", "pairs", "centre"])
def test_the_chosen_words_are_asked_about(space: Space, question: str):
    here = Desk()
    rows = tuple(range(100))
    act(here, space, Choice("key", 100, (*rows, len(space) + 5), question))
    assert (here.asked.section, here.asked.question) == ("questions", question)
    assert parse_words(here.asked.words) == tuple(space.words[row] for row in rows[:MOST_ASKED])


@given(st.lists(WORD, min_size=1, max_size=6))
def test_a_list_of_any_words_can_be_read_back(words: list[str]):
    assert parse_words(listed(words, 10)) == tuple(words)


def test_of_many_words_as_many_are_listed_as_a_field_holds():
    words = [f"word{number}" for number in range(1_000)]
    text = listed(words, 1_000)
    assert len(text) <= MAX_CHARS < len(text) + 10
    assert parse_words(text) == tuple(words[: len(parse_words(text))])
