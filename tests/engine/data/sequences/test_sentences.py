"""Sentences with a feeling: it follows from their rules, and whoever only counts their words does not find it."""

import re

import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from engine.data.sequences import sentences as module
from engine.data.sequences.sentences import sentences

ENOUGH = 1_500
BEST_COUNTING = 0.6
"""The most that a bag of words may get right; who guesses has a half."""
TURNS = r"\b(not|never|hardly|far from|anything but|by no means|doubt|nobody|cannot|few people)\b"
GOOD = set("good great lovely wonderful excellent pleasant charming brilliant delightful superb".split())  # noqa: SIM905
BAD = set("bad awful dreadful terrible poor dull horrible disappointing unpleasant miserable".split())  # noqa: SIM905


def clause_is_good(clause: str) -> bool:
    words = re.findall("[a-z]+", clause)
    (judged,) = [word for word in words if word in GOOD | BAD]
    return (judged in GOOD) == (len(re.findall(TURNS, clause)) % 2 == 0)


def is_good(sentence: str) -> bool:
    """Return what a sentence feels, worked out from its text alone."""
    said = sentence.lower().removesuffix(".")
    if said.startswith("although "):
        given, decides = said.removeprefix("although ").split(", ")
    elif ", although " in said:
        decides, given = said.split(", although ")
    elif ", but " in said:
        given, decides = said.split(", but ")
    else:
        parts = [clause_is_good(part) for part in said.split(" and ")]
        assert len(set(parts)) == 1, sentence
        return parts[0]
    assert clause_is_good(given) != clause_is_good(decides), sentence
    return clause_is_good(decides)


@pytest.mark.parametrize(
    ("sentence", "good"),
    [
        ("The soup was not bad at all.", True),
        ("The film was far from great, but the song was lovely.", True),
        ("Although the film was great, I doubt that the song was lovely.", False),
        ("Nobody would say that the view was not superb.", True),
        ("The bed was dull and the room was hardly good.", False),
        ("The bed was good, although the room was anything but good.", True),
    ],
)
def test_the_oracle_reads_as_a_person_does(sentence: str, good: bool):
    assert is_good(sentence) is good


@pytest.mark.parametrize("seed", [1, 2])
def test_the_feeling_is_what_the_rules_say(seed: int):
    found = sentences(ENOUGH, seed)
    assert list(found) == ["negative", "positive"]
    for feeling, some in found.items():
        assert len(some) == ENOUGH
        assert {is_good(one) for one in some} == {feeling == "positive"}


def test_none_is_there_twice_and_each_is_a_sentence():
    every = [one for some in sentences(ENOUGH, 1).values() for one in some]
    assert len(set(every)) == 2 * ENOUGH
    for one in every:
        assert re.fullmatch(r"[A-Z][A-Za-z]*( [A-Za-z]+,?)+\.", one), one
        assert 4 <= len(one.split()) <= 25
    endings = ("not bad at all.", "never good at all.")
    assert all(any(one.endswith(ending) for one in every) for ending in endings)


def test_the_same_seed_gives_the_same_and_more_of_it_begins_alike():
    few, more = sentences(100, 1), sentences(200, 1)
    assert few == sentences(100, 1)
    assert few != sentences(100, 2)
    assert all(more[feeling][:100] == some for feeling, some in few.items())


def test_rules_that_give_no_more_give_what_they_have(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "THINGS", "soup cake")
    monkeypatch.setattr(module, "SHARES", {"one": 1.0})
    for share in ("TURNED", "DOUBTED", "STRENGTHENED"):
        monkeypatch.setattr(module, share, 0.0)
    monkeypatch.setattr(module, "PLAIN", ("",))
    assert set(sentences(50, 1)["positive"]) == {f"The {one} was {word}." for one in ("soup", "cake") for word in GOOD}


def test_their_words_do_not_tell_but_their_order_does():
    told = [(one.lower(), feeling) for feeling, some in sentences(2_000, 3).items() for one in some]
    learnt, held = told[::2], told[1::2]

    def right(**options: object) -> float:
        model = make_pipeline(CountVectorizer(**options), LogisticRegression(max_iter=2000))
        return model.fit(*zip(*learnt, strict=True)).score(*zip(*held, strict=True))

    counted, threes = right(), right(ngram_range=(1, 3))
    assert 0.45 < counted < BEST_COUNTING
    assert threes > counted + 0.08
