"""The text about the made-up world: natural enough to learn from, and what is known of it is known."""

import re
from collections import Counter
from itertools import islice, pairwise

import numpy as np
import pytest

from engine.words import world
from engine.words.corpora import WORLD
from engine.words.world import deeds, people, qualities, things, work
from engine.words.world.dice import Dice


@pytest.fixture(scope="module")
def text() -> list[list[str]]:
    return list(world.sentences())


@pytest.fixture(scope="module")
def counts(text: list[list[str]]) -> Counter[str]:
    return Counter(word for sentence in text for word in sentence)


def test_the_same_seed_tells_the_same_and_another_seed_something_else() -> None:
    assert list(world.sentences(7, 500)) == list(world.sentences(7, 500))
    assert list(world.sentences(7, 500)) != list(world.sentences(8, 500))
    assert list(world.sentences(7, 500)) == list(islice(world.sentences(7, 9_000), 500))


def test_it_is_told_sentence_by_sentence(text: list[list[str]]) -> None:
    assert len(list(islice(world.sentences(count=10**12), 3))) == 3  # it would not end in our time
    assert len(text) == world.SENTENCES


def test_sentences_are_plain_words(text: list[list[str]]) -> None:
    assert all(3 <= len(sentence) <= 20 for sentence in text)
    odd = {word for sentence in text for word in sentence if not re.fullmatch(r"[a-z]+", word)}
    assert odd == set()


def test_an_stands_before_a_vowel_and_a_before_the_rest(text: list[list[str]]) -> None:
    articles = {(a, b) for sentence in text for a, b in pairwise(sentence) if a in ("a", "an")}
    assert ("an", "emperor") in articles
    assert ("a", "king") in articles
    assert ("an", "heiress") in articles
    wrong = {
        pair for pair in articles if (pair[0] == "an") != (pair[1][0] in "aeiou" or pair[1] in ("heir", "heiress"))
    }
    assert wrong == set()


def test_all_that_is_known_comes_often_enough_to_be_learnt(counts: Counter[str]) -> None:
    known = {word for pairs in world.relations().values() for pair in pairs for word in pair}
    grouped = {word for words in world.groups().values() for word in words}
    assert min(counts[word] for word in known | grouped) >= WORLD.min_count


def test_words_come_as_often_as_in_real_text(counts: Counter[str]) -> None:
    """Zipf 1935: the count of the word of rank r falls about as 1 / r; half of what there is comes once or twice."""
    ranked = np.array(sorted(counts.values(), reverse=True), dtype=float)
    assert counts.most_common(1)[0][0] == "the"
    assert 0.05 < ranked[0] / ranked.sum() < 0.12
    ranks = np.unique(np.geomspace(1, len(ranked), 40).astype(int))
    slope = np.polyfit(np.log(ranks), np.log(ranked[ranks - 1]), 1)[0]
    assert -1.6 < slope < -0.8
    assert 0.25 < (ranked <= 2).mean() < 0.6


@pytest.mark.parametrize("name", world.relations())
def test_each_question_has_one_answer(name: str) -> None:
    pairs = world.relations()[name]
    assert len(pairs) >= 12
    assert len({first for first, _ in pairs}) == len(pairs)
    assert len({second for _, second in pairs}) == len(pairs)
    assert all(first != second for first, second in pairs)


def test_the_suite_asks_every_pair_about_every_other() -> None:
    lines = world.questions().splitlines()
    sections = [line.removeprefix(": ") for line in lines if line.startswith(":")]
    assert sections == list(world.relations())
    assert len(lines) - len(sections) == sum(len(p) * (len(p) - 1) for p in world.relations().values())
    assert "man woman king queen" in lines
    assert "sarnel velora hofgar brennia" in lines


def test_what_is_known_is_so_in_english() -> None:
    """The tables against rules of spelling that hold for nearly all words: no slip of a column goes unseen."""
    assert sum(many == f"{one}s" for one, many, *_ in things.NOUNS) > len(things.NOUNS) * 0.6
    assert all(now.endswith("ing") and does.endswith("s") for _, _, now, does, *_ in deeds.VERBS)
    assert all(
        verb[0] == past[0] == now[0] == does[0]
        for verb, past, now, does, *_ in deeds.VERBS
        if verb not in ("go", "eat")
    )
    for (base, more, most), *_ in qualities.DEGREES:
        assert (base, more, most) in {("good", "better", "best"), ("bad", "worse", "worst")} or (
            more.endswith("er") and most == f"{more.removesuffix('er')}est" and more[0] == base[0]
        )
    assert all(len(row) == 5 for row in people.PAIRS)
    assert all(len(row) == 5 for row in things.NOUNS)
    assert all(len(row) == 7 for row in deeds.VERBS)
    assert {opposite for pair in qualities.OPPOSITES for opposite in pair} == {row[0][0] for row in qualities.DEGREES}
    assert {one.place for one in work.JOBS} >= {one.place for one in work.COLLEAGUES}


def test_dice_choose_by_rank() -> None:
    """Against the closed form: the share of rank r is (r + 3)^-0.8 over the sum of all."""
    dice, letters, draws = Dice(3), "abcdefgh", 40_000
    found = Counter(dice.zipf(letters) for _ in range(draws))
    weights = np.array([1 / (rank + 3) ** 0.8 for rank in range(len(letters))])
    for letter, share in zip(letters, weights / weights.sum(), strict=True):
        assert found[letter] / draws == pytest.approx(share, abs=4 * np.sqrt(share / draws))
    both = Counter(dice.two(letters[:3]) for _ in range(6_000))
    assert len(both) == 6
    assert all(first != second for first, second in both)
    assert min(both.values()) > 800
