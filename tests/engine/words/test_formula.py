"""The formula of an analogy: what it means, and what is told of one that means nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import DataError
from engine.words.formula import Formula, parse


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
