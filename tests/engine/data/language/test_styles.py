"""Texts that the app makes: as long as asked for, the same under the same seed, with what is sought in them."""

import re
from itertools import pairwise

import pytest

from engine.data.language.grammar import Dice, Grammar
from engine.data.language.story import COLUMNS
from engine.data.language.styles import STYLES, Style, made_text
from engine.data.sequences.names import LANGUAGES

LONG = 200_000


@pytest.mark.parametrize("style", STYLES)
def test_a_text_is_as_long_as_asked_for_and_follows_from_its_seed(style: Style) -> None:
    text = made_text(style, LONG, 3)
    assert len(text) == LONG
    made_text.cache_clear()
    assert made_text(style, LONG, 3) == text
    assert made_text(style, 10_000, 3) == text[:10_000], "a longer text begins with a shorter one"
    assert made_text(style, 10_000, 4) != text[:10_000]
    assert text.isascii()


@pytest.mark.parametrize("style", ["story", "play", "recipes", "weather", "code"])
def test_paragraphs_are_nearly_all_different(style: Style) -> None:
    paragraphs = made_text(style, LONG, 0).split("\n\n")[:-1]
    assert len(set(paragraphs)) > 0.98 * len(paragraphs)


@pytest.mark.parametrize("style", STYLES)
def test_a_prompt_is_of_the_alphabet_of_its_text(style: Style) -> None:
    assert set(STYLES[style].prompt) <= set(made_text(style, LONG, 0))


def test_quotations_of_the_story_close_and_its_lines_end() -> None:
    text = made_text("story", LONG, 0)
    whole = text.split("\n\n")[:-1]
    assert all(one.count('"') % 2 == 0 for one in whole)
    assert 0.2 < sum(len(said) for said in re.findall(r'"[^"]*"', text)) / len(text) < 0.6
    lines = text.split("\n")
    assert max(map(len, lines)) <= COLUMNS
    for one, following in pairwise(lines):
        if one and following:  # a line ends only where the next word would not fit
            assert len(one) + 1 + len(following.split()[0]) > COLUMNS


def test_a_recipe_uses_what_it_lists() -> None:
    for recipe in made_text("recipes", LONG, 1).split("\n\n")[:-1]:
        listed = re.findall(r"- \d+ (?:g |ml )?(\w+)", recipe)
        steps = recipe[recipe.index("1. ") :]
        assert len(set(listed)) == 5
        assert all(name in steps for name in listed), recipe


def test_snow_does_not_fall_in_warm_weather_and_nights_are_colder() -> None:
    found = re.findall(r": (\w+), later (\w+)\. (-?\d+) degrees by day, (-?\d+) at", made_text("weather", LONG, 1))
    assert len(found) > 1_000
    for sky, later, high, low in found:
        assert int(low) < int(high)
        assert ({sky, later} <= {"snow", "sleet", "frost", "fog"}) == (int(high) < 3)


def test_programs_are_python() -> None:
    text = made_text("code", LONG, 2)
    compile(text[: text.rindex("\n\n\ndef") + 1], "code", "exec")


def test_names_stand_behind_their_language_and_first_names_behind_girl_or_boy() -> None:
    lines = made_text("surnames", LONG, 0).split("\n")[:-1]
    assert {line.split(": ")[0] for line in lines} == set(LANGUAGES)
    lines = made_text("first_names", LONG, 0).split("\n")[:-1]
    girls = {line for line in lines if line.startswith("girl: ")}
    assert 0.4 < len([line for line in lines if line in girls]) / len(lines) < 0.6
    assert all(line.startswith("boy: ") for line in lines if line not in girls)
    assert not {line.split(": ")[1] for line in girls} & {line.split(": ")[1] for line in lines if line not in girls}


def test_a_grammar_says_what_its_rules_name_and_refuses_one_that_is_missing() -> None:
    grammar = Grammar({"who": ("a",), "all": ("{who}-{who}",)})
    assert grammar.say("all", Dice(1, "x")) == "a-a"
    with pytest.raises(KeyError, match="whom"):
        Grammar({"who": ("{whom}",)})


def test_dice_are_fair_and_draw_all_faces() -> None:
    dice = Dice(5, "fair")
    counts = [0] * 6
    for _ in range(6_000):
        counts[dice.number(1, 6) - 1] += 1
    assert min(counts) > 850
    assert max(counts) < 1_150
    assert sorted(dice.some("abcdef", 6)) == list("abcdef")
