"""Which symbols are on the map: characters by a rule, words by the lists that the text was made from."""

import numpy as np
import pytest

from engine.data.language.story import KINDS
from engine.data.language.styles import STYLES
from engine.figures.language import KIND_COLOURS
from engine.figures.panel import PlotPanel
from engine.labs.generation import LAB, GenerationSpec
from engine.language.kinds import FIRST_LIST, MOST, OF_CHARACTERS, OTHER, OTHERS, kind_of, kind_titles, on_map
from engine.language.text import text_of
from engine.language.vocabulary import UNKNOWN, Vocabulary


def drawn(spec: GenerationSpec) -> dict[str, str]:
    """Return the symbols on the map of a spec's text, each with what its kind is called."""
    text = text_of(spec)
    rows, kinds = on_map(spec, text.vocabulary, np.bincount(text.learnt, minlength=len(text.vocabulary)))
    titles = kind_titles(spec)
    return {text.vocabulary.symbols[row]: titles[kind] if titles else "" for row, kind in zip(rows, kinds, strict=True)}


def test_characters_are_told_apart_by_a_rule() -> None:
    expected = {"a": 0, "é": 0, "y": 1, "ß": 1, "ш": 1, "A": 2, "É": 2, "7": 3, ".": 3, " ": 3, "\n": 3, UNKNOWN: 3}
    assert {letter: kind_of(letter) for letter in expected} == expected
    found = drawn(GenerationSpec())
    assert len(found) == MOST
    assert set(found.values()) == set(OF_CHARACTERS)
    assert (found["e"], found["t"], found["T"], found['"']) == OF_CHARACTERS


def test_words_are_those_of_the_lists_that_the_text_was_made_from() -> None:
    found = drawn(GenerationSpec(symbols="words", most_words=500))
    for title, names in KINDS.items():
        here = [word.strip() for word, kind in found.items() if kind == title]
        assert here == list(names[: len(here)])
        assert len(here) >= 8
    assert found[" Anton"] == "names", "the example asks for it"
    others = [word for word, kind in found.items() if kind == OTHERS]
    assert 0 < len(others) <= 8
    assert not {word.strip() for word in others} & {name for names in KINDS.values() for name in names}
    assert len({word.strip().lower() for word in found}) == len(found), "none twice, with a blank and without"


def test_where_nothing_is_known_of_words_the_most_frequent_are_drawn_and_no_marks() -> None:
    spec = GenerationSpec(text="recipes", symbols="words")
    assert kind_titles(spec) == {}
    found = drawn(spec)
    assert len(found) == MOST
    assert all(any(letter.isalpha() for letter in word) for word in found)


@pytest.mark.parametrize("text", [" . . . .", "a", "1 2 3 1"])
def test_of_a_text_without_words_there_is_something_on_the_map(text: str) -> None:
    vocabulary = Vocabulary.of(text, "words")
    counts = np.bincount(vocabulary.encode(text), minlength=len(vocabulary))
    rows, kinds = on_map(GenerationSpec(symbols="words"), vocabulary, counts)
    assert len(rows) == len(kinds) > 0
    assert (counts[rows] > 0).all()


@pytest.mark.parametrize("style", STYLES)
def test_the_kinds_of_a_text_are_of_words_that_it_has(style: str) -> None:
    for names in STYLES[style].kinds.values():  # type: ignore[index]
        assert len(set(names)) == len(names) >= 3


def test_no_two_kinds_have_the_same_number_or_colour_though_they_stand_beside_each_other() -> None:
    specs = (GenerationSpec(), GenerationSpec(symbols="words"))
    numbers = [number for spec in specs for number in kind_titles(spec)]
    assert len(set(numbers)) == len(numbers)
    assert max(numbers) == OTHER == len(KIND_COLOURS) - 1
    assert len(set(KIND_COLOURS)) == len(KIND_COLOURS)
    assert all(len(made.kinds) <= OTHER - FIRST_LIST for made in STYLES.values())
    for spec in specs:
        (panel,) = (panel for panel in LAB.panels(spec) if panel.id == "map")
        assert isinstance(panel, PlotPanel)
        key = panel.key
        assert key is not None
        assert dict(zip(key.names, key.colours, strict=True)) == {
            title: KIND_COLOURS[number] for number, title in kind_titles(spec).items()
        }
