"""Sentences and tokens."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from engine.words.corpus.tokens import MOST_WORDS, sentences, tokenised, tokeniser


def test_words_are_cut_without_punctuation():
    text = "Don't \"go\" to St. Anne's - it is 3.5 km away, well-known: naïve ÀÉ 中文 x_y"
    cut = tokeniser("words", lower=False)(text)
    assert " ".join(cut) == "Don't go to St Anne's it is 3 5 km away well-known naïve ÀÉ 中文 x y"
    assert tokeniser("words", lower=True)("The THE the") == ["the"] * 3
    assert tokeniser("blanks", lower=False)(" a,b  c\td\n") == ["a,b", "c", "d"]
    assert tokeniser("characters", lower=True)("A b\n") == ["a", "b"]


def test_sentences_end_at_punctuation_or_at_lines():
    text = 'One two. "Three?" Four 3.5 five\nsix! (Seven...) Eight\n\nNine'
    stripped = [sentence.strip() for sentence in sentences([text], "punctuation")]
    assert stripped == ["One two.", '"Three?"', "Four 3.5 five\nsix!", "(Seven...)", "Eight", "Nine"]
    assert [sentence.strip() for sentence in sentences(["a. b\nc\n"], "lines")] == ["a. b", "c"]


@given(
    st.text("ab .!?\n\"'", max_size=60),
    st.lists(st.integers(0, 60), max_size=6),
    st.sampled_from(["lines", "punctuation"]),
)
def test_it_does_not_matter_where_the_pieces_of_a_text_are_cut(text, cuts, ends):
    places = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    pieces = [text[start:stop] for start, stop in pairwise(places)]
    cut = tokeniser("words", lower=False)
    whole = list(tokenised(sentences([text], ends), cut))
    assert list(tokenised(sentences(pieces, ends), cut)) == whole
    assert [word for sentence in whole for word in sentence] == cut(text)


def test_what_never_ends_is_cut_between_words():
    text = "word " * 600_000
    found = list(
        tokenised(
            sentences((text[start : start + 65_536] for start in range(0, len(text), 65_536)), "lines"), str.split
        )
    )
    assert max(map(len, found)) == MOST_WORDS
    assert sum(map(len, found)) == 600_000
    assert {word for sentence in found for word in sentence} == {"word"}
