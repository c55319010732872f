"""Pairs made by rules: numbers in words against tables written by hand, dates against the calendar, pig Latin."""

from datetime import date

import numpy as np
import pytest

from engine.data.translation.dates import FORMS, MONTHS, dates, written
from engine.data.translation.letters import pig_latin
from engine.data.translation.making import made
from engine.data.translation.number_words import SPOKEN, english, french, german
from engine.data.translation.spec import MADE

BY_HAND = {
    english: {
        0: "zero",
        13: "thirteen",
        20: "twenty",
        21: "twenty one",
        100: "one hundred",
        110: "one hundred ten",
        999: "nine hundred ninety nine",
        1_000: "one thousand",
        20_305: "twenty thousand three hundred five",
        100_000: "one hundred thousand",
        345_678: "three hundred forty five thousand six hundred seventy eight",
    },
    french: {
        0: "zéro",
        17: "dix-sept",
        21: "vingt et un",
        22: "vingt-deux",
        61: "soixante et un",
        70: "soixante-dix",
        71: "soixante et onze",
        77: "soixante-dix-sept",
        80: "quatre-vingts",
        81: "quatre-vingt-un",
        91: "quatre-vingt-onze",
        99: "quatre-vingt-dix-neuf",
        100: "cent",
        101: "cent un",
        180: "cent quatre-vingts",
        200: "deux cents",
        201: "deux cent un",
        1_000: "mille",
        1_100: "mille cent",
        2_000: "deux mille",
        21_000: "vingt et un mille",
        80_000: "quatre-vingt mille",
        80_080: "quatre-vingt mille quatre-vingts",
        200_000: "deux cent mille",
        200_200: "deux cent mille deux cents",
    },
    german: {
        0: "null",
        1: "eins",
        12: "zwölf",
        16: "sechzehn",
        17: "siebzehn",
        21: "einundzwanzig",
        30: "dreißig",
        66: "sechsundsechzig",
        100: "einhundert",
        101: "einhunderteins",
        1_001: "eintausendeins",
        1_100: "eintausendeinhundert",
        21_000: "einundzwanzigtausend",
        101_000: "einhunderteintausend",
        777_777: "siebenhundertsiebenundsiebzigtausendsiebenhundertsiebenundsiebzig",
    },
}


@pytest.mark.parametrize(
    ("say", "number"),
    [(say, number) for say, some in BY_HAND.items() for number in some],
    ids=lambda one: str(one) if isinstance(one, int) else one.__name__,
)
def test_numbers_are_said_as_people_say_them(say: object, number: int) -> None:
    assert say(number) == BY_HAND[say][number]  # type: ignore[operator,index]


@pytest.mark.parametrize("language", SPOKEN)
def test_no_two_numbers_are_said_alike(language: str) -> None:
    numbers = [*range(20_000), *range(20_000, 1_000_000, 97)]
    assert len({SPOKEN[language](number) for number in numbers}) == len(numbers)


@pytest.mark.parametrize("language", FORMS)
def test_every_form_of_a_date_names_its_day(language: str) -> None:
    for source, target in dates(500, language, np.random.default_rng(0)):
        day = date.fromisoformat(target)
        assert date(1900, 1, 1) <= day <= date(2099, 12, 31)
        forms = [written(day.year, day.month, day.day, language, form) for form in range(len(FORMS[language]))]
        assert source in forms
        assert str(day.year) in source
        assert str(day.day) in source
    assert all(len(months) == len(set(months)) == 12 for months in MONTHS.values())


@pytest.mark.parametrize(
    ("day", "said"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (11, "11th"), (12, "12th"), (22, "22nd")]
)
def test_english_days_are_counted(day: int, said: str) -> None:
    assert written(2021, 5, day, "english", 2) == f"{said} of May 2021"


@pytest.mark.parametrize(
    ("word", "pig"),
    [
        ("pig", "igpay"),
        ("latin", "atinlay"),
        ("string", "ingstray"),
        ("egg", "eggway"),
        ("queen", "eenquay"),
        ("square", "aresquay"),
        ("yes", "esyay"),
        ("try", "ytray"),
        ("my egg", "ymay eggway"),
    ],
)
def test_pig_latin(word: str, pig: str) -> None:
    assert pig_latin(word) == pig


@pytest.mark.parametrize("kind", MADE)
def test_pairs_are_as_many_as_asked_each_source_once_and_the_same_under_a_seed(kind: str) -> None:
    def some(seed: int) -> list[tuple[str, str]]:
        return made(kind, 300, language="english", most=9_999, longest=6, seed=seed)

    pairs = some(1)
    assert len({source for source, _ in pairs}) == len(pairs) == 300
    assert pairs == some(1) != some(2)
    assert all(source == source.strip() and target for source, target in pairs)
    check = {
        "numbers": lambda source, target: english(int(target)) == source,
        "digits": lambda source, target: english(int(source)) == target,
        "reverse": lambda source, target: source == "".join(reversed(target)),
        "sort": lambda source, target: sorted(source) == list(target),
        "copy": lambda source, target: source == target,
    }
    assert all(check.get(kind, lambda *_: True)(*pair) for pair in pairs)


def test_numbers_of_every_length_are_about_as_many() -> None:
    pairs = made("numbers", 5_000, language="english", most=999_999, longest=6, seed=1)
    counts = np.bincount([len(target) for _, target in pairs])
    assert counts[1] == 10
    assert counts[2] == 90
    assert 500 < counts[3] <= 900
    assert (counts[4:] > 1_000).all()
    assert (
        max(int(target) for _, target in made("numbers", 2_000, language="english", most=1_500, longest=6, seed=1))
        == 1_500
    )


def test_where_there_are_fewer_there_are_fewer() -> None:
    pairs = made("numbers", 5_000, language="german", most=99, longest=6, seed=1)
    assert sorted(int(target) for _, target in pairs) == list(range(100))
    assert len(made("copy", 5_000, language="german", most=99, longest=2, seed=1)) <= 20 + 400
