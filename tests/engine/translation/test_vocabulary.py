"""Texts cut into symbols and put together again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.nets.translation.model import BEGIN, END, PAD, UNKNOWN
from engine.translation.vocabulary import NAMES, Vocabulary, cut, joined

TEXTS = ["twenty one", "2021-05-03", "vingt et un", "l'heure d’été", "einundzwanzig!", "", "3,5 %"]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("symbols", ["characters", "words"])
def test_what_is_cut_is_joined_again(text: str, symbols: str) -> None:
    assert joined(cut(text, symbols), symbols) == text
    known = Vocabulary.of([text], symbols)
    assert known.decode(known.encode(text)) == text


@given(st.text(st.sampled_from("aé9 _-'\u2028中𝒳\u0301"), max_size=20))
def test_no_letter_gets_lost(text: str) -> None:
    assert joined(cut(text, "words"), "words") == text.removeprefix(" ")


def test_a_word_is_the_same_symbol_at_the_beginning_and_inside() -> None:
    assert cut("one twenty one 21", "words") == [" one", " twenty", " one", " ", "2", "1"]
    assert cut("21", "words") == ["2", "1"]


def test_first_symbols_are_no_text_and_what_is_rare_or_new_is_unknown() -> None:
    known = Vocabulary.of(["aab", "abc"], "characters", most=6)
    assert known.symbols == (*NAMES, "a", "b")
    assert known.encode("bac") == [5, 4, UNKNOWN, END]
    assert (PAD, BEGIN, END, UNKNOWN) == (0, 1, 2, 3)
    assert known.decode([5, END, 4]) == "b"
    assert known.decode([4, UNKNOWN, 5]) == "a⟨unknown⟩b"
    assert known.names([4, END, PAD, UNKNOWN]) == ["a", "⏎", "⟨filling⟩", "⟨unknown⟩"]


def test_an_unknown_word_stands_apart_as_words_do() -> None:
    known = Vocabulary.of(["a red dog, a dog"], "words", most=len(NAMES) + 2)
    assert known.decode(known.encode("a dog")) == "a dog"
    assert known.decode(known.encode("a red dog")) == "a ⟨unknown⟩ dog"
    assert known.decode(known.encode("red dog")) == "⟨unknown⟩ dog"
