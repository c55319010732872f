"""The formula of an analogy: what it means, and what is told of one that means nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import DataError
from engine.words.formula import Formula, parse, parse_pairs, parse_words, quoted


@pytest.mark.parametrize(
    ("text", "positive", "negative"),
    [
        ("king - man + woman", ("king", "woman"), ("man",)),
        ("king -man +woman", ("king", "woman"), ("man",)),
        ("+ king − man", ("king",), ("man",)),
        ("-man + king", ("king",), ("man",)),
        ("vice-president + c++ - x-ray", ("vice-president", "c++"), ("x-ray",)),
        ('"New York" - "-"', ("New York",), ("-",)),
        (r'"say \"hi\"" + "back\\slash"', ('say "hi"', "back\\slash"), ()),
        ("__import__('os').system('x')", ("__import__('os').system('x')",), ()),
        ("Größe + 日本", ("Größe", "日本"), ()),
        ("a + a", ("a", "a"), ()),
    ],
)
def test_a_formula_is_read(text: str, positive: tuple[str, ...], negative: tuple[str, ...]) -> None:
    assert parse(text) == Formula(positive, negative)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is empty"),
        ("  ", "is empty"),
        ("king man", "two words without a sign between them at character 5"),
        ("king - - man", "two signs in a row"),
        ("king -", "ends in a sign"),
        ('king - "man', "a quote without its other"),
        ('""', "a quote without its other"),
        ("x" * 1_001, "1,001 characters long"),
        (" + ".join("abcdefghijklmnopqrstu"), "more than 20 words"),
    ],
)
def test_a_bad_formula_is_told(text: str, why: str) -> None:
    with pytest.raises(DataError, match=why):
        parse(text)


@given(st.lists(st.tuples(st.booleans(), st.text(min_size=1, max_size=8)), min_size=1, max_size=20))
def test_any_words_come_back_from_the_formula_that_is_written_of_them(signed: list[tuple[bool, str]]) -> None:
    formula = Formula(tuple(w for plus, w in signed if plus), tuple(w for plus, w in signed if not plus))
    assert parse(str(formula)) == formula


def test_a_word_that_stands_twice_weighs_twice() -> None:
    assert parse("a + a - b").mix == {"a": 2.0, "b": -1.0}


def test_each_corner_can_be_asked_for_from_the_other_three() -> None:
    turned = parse("king - man + woman").turned("queen")
    assert [(str(formula), expected) for formula, expected in turned] == [
        ("woman - man + king", "queen"),
        ("queen - woman + man", "king"),
        ("queen - king + man", "woman"),
        ("woman - queen + king", "man"),
    ]
    assert parse("king - man").turned("queen") == ()
    assert parse("a + b - c - d").turned("queen") == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("one two, three;four\nfive", ("one", "two", "three", "four", "five")),
        ('"New York" , "a,b" "say \\"hi\\""', ("New York", "a,b", 'say "hi"')),
        ("vice-president c++ - + don't", ("vice-president", "c++", "-", "+", "don't")),
        ("a a", ("a", "a")),
        ('5" x', ('5"', "x")),
    ],
)
def test_words_are_read(text: str, words: tuple[str, ...]) -> None:
    assert parse_words(text) == words


def test_pairs_are_read() -> None:
    assert parse_pairs('he she, man woman\n"New York" "Los Angeles",') == (
        ("he", "she"),
        ("man", "woman"),
        ("New York", "Los Angeles"),
    )


@pytest.mark.parametrize(
    ("read", "text", "why"),
    [
        (parse_words, " , ", "no word yet"),
        (parse_words, 'a "b', "a quote without its other at character 2"),
        (parse_words, "w " * 201, "201 words: expected at most 200"),
        (parse_pairs, "", "no pair yet"),
        (parse_pairs, "he she man", "received 3, he she man"),
        (parse_pairs, "he she, man", "received 1, man"),
        (parse_pairs, "x" * 90, "received 1, x+…"),
    ],
)
def test_what_are_no_words_or_pairs_is_told(read: object, text: str, why: str) -> None:
    with pytest.raises(DataError, match=why):
        read(text)  # type: ignore[operator]


@given(st.lists(st.text(min_size=1, max_size=8).filter(lambda word: not set(word) & set(" ,;")), min_size=1))
def test_any_words_come_back_from_a_list_of_them(words: list[str]) -> None:
    assert parse_words(", ".join(map(quoted, words))) == tuple(words)
