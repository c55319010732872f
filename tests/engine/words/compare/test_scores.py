"""Differences of scores: counted by hand, by scipy's tests, and by how rarely chance is taken for a difference."""

from itertools import permutations
from math import comb
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import bootstrap, spearmanr

from engine.errors import DataError
from engine.words import world
from engine.words.compare.scores import closer, difference, mcnemar
from engine.words.evaluate import Answered, Judged, answered, judged
from engine.words.suites import Analogies, analogies, judged_pairs
from tests.engine.words.compare.conftest import Make, names

PAIRS = [(f"a{n}", f"b{n}") for n in range(20)]


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Analogies:
    path = tmp_path_factory.mktemp("suite") / "suite.txt"
    path.write_text(
        ": first\n"
        + "".join(f"{a} {b} {c} {d}\n" for (a, b), (c, d) in permutations(PAIRS, 2))
        + ": none\n: second\na b c d\nc d a b\n"
    )
    return analogies(path)


def random_answers(suite: Analogies, seed: int, known: float = 1.0) -> Answered:
    """Answers that hang on the pairs: each is easy or hard to complete, and the other pair helps or not."""
    rng = np.random.default_rng(seed)
    ease = {pair: rng.random() for pair in [*PAIRS, ("a", "b"), ("c", "d")]}
    right = [rng.random() < (ease[a, b] + ease[c, d]) / 2 for a, b, c, d in suite.questions]
    there = rng.random(len(right)) < known
    return Answered(suite, there, np.array(right) & there)


def test_a_suite_is_read_and_its_relations_are_its_pairs(suite: Analogies, tmp_path: Path) -> None:
    assert suite.names == ("first", "none", "second")
    assert suite.relations() == {"first": tuple(PAIRS), "none": (), "second": (("a", "b"), ("c", "d"))}
    path = tmp_path / "world.txt"
    path.write_text(world.questions())
    assert analogies(path).relations() == world.relations()


def test_it_is_counted_on_what_both_know(suite: Analogies) -> None:
    a, b = random_answers(suite, 0, 0.7), random_answers(suite, 1, 0.8)
    both = a.known & b.known
    *each, total = difference(a, b, 200)
    assert [one.name for one in each] == ["first", "none", "second"]
    for place, one in enumerate([*each, total]):
        own = both & (suite.section == place) if one is not total else both
        assert one.asked == own.sum()
        assert one.correct == (a.right[own].sum(), b.right[own].sum())
        assert one.only == ((a.right & ~b.right)[own].sum(), (b.right & ~a.right)[own].sum())
        assert one.p == mcnemar(*one.only)
    assert each[1].asked == 0
    assert np.isnan(each[1].interval).all()
    assert not each[1].beyond_chance


@pytest.mark.parametrize("counts", [(0, 0), (3, 3), (1, 9), (40, 12), (0, 30)])
def test_mcnemar_is_exact(counts: tuple[int, int]) -> None:
    n, small = sum(counts), min(counts)
    by_hand = min(1.0, 2 * sum(comb(n, i) for i in range(small + 1)) / 2**n)
    assert mcnemar(*counts) == pytest.approx(by_hand)


def test_the_interval_is_that_of_pairs_drawn_anew(suite: Analogies) -> None:
    a, b = random_answers(suite, 2), random_answers(suite, 3)
    found = difference(a, b, 4_000)[0]
    gain = np.zeros((20, 20))
    for (w, _, y, _), first, second in zip(suite.questions[:380], a.right, b.right, strict=False):
        gain[int(w[1:]), int(y[1:])] = float(second) - float(first)
    rng, drawn = np.random.default_rng(9), []
    for _ in range(4_000):  # the questions between pairs drawn with repetition, one by one
        some = rng.integers(20, size=20)
        apart = some[:, None] != some[None]
        drawn.append(gain[np.ix_(some, some)][apart].sum() / apart.sum())
    assert found.interval == pytest.approx(tuple(np.quantile(drawn, [0.025, 0.975])), abs=0.02)
    assert difference(a, b, 4_000)[0] == found
    by_questions = 1.96 * np.std(b.right[:380].astype(int) - a.right[:380]) / 380**0.5
    assert found.interval[1] - found.interval[0] > 2 * by_questions


def test_chance_is_seldom_taken_for_a_difference_and_a_difference_is_seen(suite: Analogies) -> None:
    wrong = sum(
        difference(random_answers(suite, seed), random_answers(suite, 1_000 + seed), 300)[0].beyond_chance
        for seed in range(60)
    )
    assert wrong <= 8
    naive = sum(
        difference(random_answers(suite, seed), random_answers(suite, 1_000 + seed), 2)[0].p < 0.05
        for seed in range(60)
    )
    assert naive > 15  # what McNemar alone takes for one
    a = random_answers(suite, 1)
    better = Answered(suite, a.known, a.right | (np.random.default_rng(0).random(len(a.right)) < 0.6))
    assert difference(a, better)[0].beyond_chance
    assert not difference(a, a)[-1].beyond_chance


def test_a_large_suite_is_drawn_in_parts(suite: Analogies, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = random_answers(suite, 2), random_answers(suite, 3)
    whole = difference(a, b, 50)
    monkeypatch.setattr("engine.words.compare.scores.AT_ONCE", 1_000)
    parts = difference(a, b, 50)
    assert (parts[0], parts[-1]) == (whole[0], whole[-1])


def test_answers_to_two_suites_are_not_compared(suite: Analogies) -> None:
    a = random_answers(suite, 0)
    other = Analogies(("first",), np.zeros(1, np.int64), (("a", "b", "c", "d"),))
    with pytest.raises(DataError, match="asked two"):
        difference(a, Answered(other, np.ones(1, bool), np.ones(1, bool)))


def test_agreement_with_people_is_compared_on_the_same_pairs() -> None:
    rng = np.random.default_rng(0)
    people = np.round(rng.normal(size=200), 1)
    near, far = people + rng.normal(size=200), people + 3 * rng.normal(size=200)
    near[:3] = far[2:6] = np.nan
    a, b = Judged(people, near), Judged(people, far)
    found, both = closer(a, b), a.known & b.known
    assert found.pairs == both.sum() == 194
    assert found.spearman == pytest.approx(
        (spearmanr(people[both], near[both]).statistic, spearmanr(people[both], far[both]).statistic)
    )
    theirs = bootstrap(
        (people[both], near[both], far[both]),
        lambda p, x, y: spearmanr(p, y).statistic - spearmanr(p, x).statistic,
        paired=True,
        vectorized=False,
        n_resamples=1_000,
        method="percentile",
        rng=1,
    ).confidence_interval
    assert found.interval == pytest.approx((theirs.low, theirs.high), abs=0.03)
    assert found.beyond_chance
    assert not closer(a, a).beyond_chance
    assert closer(b, a).interval == pytest.approx((-found.interval[1], -found.interval[0]))


@pytest.mark.parametrize(("known", "people", "why"), [(3, 9, "Both spaces know 3"), (9, 8, "asked two")])
def test_too_little_to_compare_is_told(known: int, people: int, why: str) -> None:
    cosines = np.where(np.arange(9) < known, 0.5, np.nan)
    with pytest.raises(DataError, match=why):
        closer(Judged(np.arange(9.0), cosines), Judged(np.arange(float(people)), cosines[:people]))


def test_questions_and_pairs_are_told_one_by_one(make: Make, tmp_path: Path) -> None:
    vectors = np.array([[1, 0, 0], [1, 1, 0], [0, 0, 1], [0, 1, 1], [1, 1, 1]], float)
    space = make(names(5), vectors)
    path = tmp_path / "suite.txt"
    path.write_text(": s\nw0 w1 w2 w3\nw0 w1 w2 x\nw0 w1 w2 w4\n")
    found = answered(space, analogies(path))
    assert found.known.tolist() == [True, False, True]
    assert found.right.tolist() == [True, False, False]
    path.write_text("W0\tw1\t3\n# a comment\nw0\tx\t2\n")
    pairs = judged(space, judged_pairs(path))
    assert pairs.judged.tolist() == [3, 2]
    assert pairs.cosines == pytest.approx(np.array([0.5**0.5, np.nan]), nan_ok=True)
