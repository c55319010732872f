"""The work of comparing: that it tells what the functions behind it return, as plain data, while it goes on."""

import importlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gensim.test.utils import datapath

from engine.errors import DataError
from engine.jobs import Progress
from engine.words import Space, evaluate, world
from engine.words.compare import agreement, alignment, moved, procrustes, spearman_interval, wilson
from engine.words.compare.directions import directions
from engine.words.compare.overlay import overlay
from engine.words.compare.scores import closer, difference
from engine.words.compare.shape import isotropy, spectrum
from engine.words.compare.work import ALIGNED, each_two, order, plain
from engine.words.scoring import analogies_of
from engine.words.suites import judged_pairs
from tests.engine.words.compare.conftest import Make, names


def run(work: str, *spaces: Space, **settings: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Carry out an order as the process of a job would; return its findings and its result."""
    findings, result, _ = followed(work, *spaces, **settings)
    return findings, result


def followed(work: str, *spaces: Space, **settings: Any) -> tuple[list[dict[str, Any]], dict[str, Any], list[float]]:
    """Carry out an order; return its findings, its result, and which shares of it were told to be done."""
    wanted = order(work, [space.folder for space in spaces if space.folder is not None], **settings)
    module, _, function = wanted.work.partition(":")
    going = getattr(importlib.import_module(module), function)(json.loads(wanted.arguments))
    findings, shares = [], [0.0]
    while True:
        try:
            told = next(going)
        except StopIteration as end:
            assert shares == sorted(shares)
            return findings, json.loads(json.dumps(end.value, allow_nan=False)), shares
        if isinstance(told, Progress):
            assert told.words
            shares += [] if told.share is None else [told.share]
        else:
            findings.append(json.loads(json.dumps(told, allow_nan=False)))


@pytest.fixture
def two(make: Make) -> tuple[Space, Space]:
    rng = np.random.default_rng(0)
    first = rng.normal(size=(60, 6))
    return make(names(60), first), make(names(60)[5:], first[5:] + 0.5 * rng.normal(size=(55, 6)))


def test_agreement(two: tuple[Space, Space]) -> None:
    _, result = run("agree", *two, k=4)
    found = agreement(*two, 4)
    assert (result["mean"], result["chance"], result["k"]) == (found.mean, found.chance, 4)
    assert (result["vocabulary"], result["words"], sum(result["counts"])) == (55, 55, 55)
    common = [round(2 * 4 * jaccard / (1 + jaccard)) for jaccard in found.jaccard.tolist()]
    assert result["counts"] == [common.count(number) for number in range(5)]
    index = dict(zip(found.words, found.jaccard.tolist(), strict=True))
    for word, jaccard in result["least"] + result["most"]:
        assert jaccard == index[word]
    assert result["least"][0][1] == min(index.values())
    assert result["most"][0][1] == max(index.values())
    _, some = run("agree", *two, k=4, sample=10, restrict=40)
    assert (some["vocabulary"], some["words"], len(some["least"])) == (35, 10, 10)
    among = dict(zip(*(lambda one: (one.words, one.jaccard.tolist()))(agreement(*two, 4, restrict=40)), strict=True))
    assert all(jaccard == among[word] for word, jaccard in some["least"])


def test_alignment(two: tuple[Space, Space]) -> None:
    _, result = run("align", *two, centred=True, k=3)
    found = procrustes(*two, centred=True)
    assert (result["residual"], result["disparity"]) == (found.residual, found.disparity)
    assert (result["words"], result["dimensions"], sum(result["counts"])) == (55, [6, 6], 55)
    assert [(one["word"], one["cosine"]) for one in result["moved"]] == [(m.word, m.cosine) for m in moved(found, 3)]
    assert result["mean"] == pytest.approx(found.cosines.mean())
    drawn = overlay(found)
    assert (result["overlay"]["words"], result["overlay"]["held"], result["why"]) == (list(drawn.words), drawn.held, "")
    assert result["overlay"]["first"] == drawn.first.tolist()
    _, some = run("align", *two, words=["w9", "w2"])
    assert some["overlay"] is None
    assert some["why"] == "Of these words both spaces have 1: expected at least two to draw."


@pytest.mark.parametrize("centred", [False, True])
def test_an_alignment_tells_which_share_of_the_words_it_has_gone_over(
    two: tuple[Space, Space], centred: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alignment, "BLOCK", 10)
    *_, shares = followed("align", *two, centred=centred)
    steps = (3 if centred else 2) * 6
    passes = [min(55, 10 * n) for n in range(1, 7)]
    expected = [(55 * whole + part) / (55 * steps / 6) for whole in range(steps // 6) for part in passes]
    assert shares == pytest.approx([0, 0, *(ALIGNED * one for one in expected), ALIGNED])


def test_shape(two: tuple[Space, Space]) -> None:
    findings, result = run("shape", *two, restrict=50)
    assert result == {"spaces": findings}
    for one, space in zip(findings, two, strict=True):
        spread, even = spectrum(space, 50), isotropy(space, 50)
        assert one["shares"] == spread.shares.tolist()
        assert (one["participation"], one["isotropy"], one["cosine"]) == (spread.participation, even.value, even.cosine)


def test_suites_of_analogies(made_up_world: Space, packaged: Callable[[str], Space]) -> None:
    lee = packaged("lee_fasttext.bin")
    findings, result = run("suites_work:score", made_up_world, lee, suite="world")
    suite = analogies_of("world")
    found = [evaluate.answered(space, suite) for space in (made_up_world, lee)]
    assert result["spaces"] == findings
    for one, answers in zip(findings, found, strict=True):
        expected = (*answers.accuracy.sections, answers.accuracy.total)
        assert [(s["name"], s["correct"], s["asked"]) for s in one["sections"]] == [
            (s.name, s.correct, s.asked) for s in expected
        ]
        assert [s["interval"] for s in one["sections"]] == plain([wilson(s.correct, s.asked) for s in expected])
    (told,) = result["differences"]
    assert (told["first"], told["second"]) == (0, 1)
    expected = difference(*found)
    assert [(one["name"], one["p"], one["only"]) for one in told["found"]] == [
        (one.name, one.p, list(one.only)) for one in expected
    ]


def test_suites_of_judged_pairs(packaged: Callable[[str], Space], two: tuple[Space, Space]) -> None:
    lee, news = packaged("lee_fasttext.bin"), packaged("euclidean_vectors.bin")
    _, result = run("suites_work:score", lee, news, two[0], suite="wordsim353")
    pairs = judged_pairs(datapath("wordsim353.tsv"))
    for one, space in zip(result["spaces"], (lee, news), strict=False):
        likeness = evaluate.word_similarity(space, datapath("wordsim353.tsv"))
        assert (one["spearman"], one["pairs"]) == (likeness.spearman, likeness.pairs)
        assert one["interval"] == list(spearman_interval(likeness.spearman, likeness.pairs))
        assert one["unknown"] == len(pairs) - likeness.pairs
    assert result["spaces"][2] == {"spearman": None, "interval": [None, None], "pairs": 0, "unknown": len(pairs)}
    first, *others = result["differences"]
    expected = closer(evaluate.judged(lee, pairs), evaluate.judged(news, pairs))
    assert (first["found"]["pairs"], first["found"]["interval"]) == (expected.pairs, list(expected.interval))
    assert [one["found"] for one in others] == [None, None]


def test_with_fewer_dimensions_the_world_is_known_less_well(made_up_world: Space) -> None:
    findings, result = run("suites_work:by_dimension", made_up_world, suite="world", sizes=[2, 20])
    assert result == {"spaces": [findings]}
    assert [one["dimensions"] for one in findings] == [2, 20, 100]
    whole = evaluate.answered(made_up_world, analogies_of("world")).accuracy.total
    assert findings[-1]["score"] == pytest.approx(whole.accuracy, abs=0.002)
    assert findings[-1]["asked"] == whole.asked
    assert findings[0]["score"] < 0.02, "the note says that almost nothing is left of analogies on a map"
    assert findings[0]["score"] < findings[1]["score"] < findings[2]["score"]
    assert findings[0]["interval"][0] < findings[0]["score"] < findings[0]["interval"][1]


def test_fewer_dimensions_and_judged_pairs(packaged: Callable[[str], Space]) -> None:
    lee, news = packaged("lee_fasttext.bin"), packaged("euclidean_vectors.bin")
    _, result = run("suites_work:by_dimension", lee, news, suite="simlex999", sizes=[3])
    for place, space in enumerate((lee, news)):
        findings = result["spaces"][place]
        likeness = evaluate.word_similarity(space, datapath("simlex999.txt"))
        assert {one["space"] for one in findings} == {place}
        assert [(one["dimensions"], one["asked"]) for one in findings] == [(3, likeness.pairs), (10, likeness.pairs)]
        assert findings[-1]["score"] == pytest.approx(likeness.spearman, abs=1e-3)


def test_relations(made_up_world: Space, two: tuple[Space, Space]) -> None:
    findings, result = run("suites_work:relations", made_up_world, two[0], suite="world")
    assert result == {"spaces": [findings, []]}
    assert [(one["space"], one["relation"]) for one in findings] == [(0, name) for name in world.relations()]
    for one in findings:
        found = directions(made_up_world, world.relations()[one["relation"]])
        assert (one["parallel"], one["chance"], one["p"]) == (found.parallel, found.chance, found.p)
        assert one["angles"] == found.angles.tolist()


@pytest.mark.parametrize(
    ("work", "count", "settings", "why"),
    [
        ("agree", 1, {}, "Expected 2 spaces to compare, received 1"),
        ("shape", 0, {}, "received 0"),
        ("suites_work:score", 1, {"suite": "../secret"}, "There is no suite"),
        ("suites_work:relations", 1, {"suite": "simlex999"}, "expected one of analogies"),
        ("suites_work:relations", 1, {"suite": "world"}, "no two pairs"),
        ("agree", 2, {"k": 0}, "1 or more of each"),
    ],
)
def test_what_cannot_be_done_is_told(
    two: tuple[Space, Space], work: str, count: int, settings: dict[str, Any], why: str
) -> None:
    with pytest.raises(DataError, match=why):
        run(work, *two[:count], **settings)


def test_a_space_that_is_gone_is_told(tmp_path: Path) -> None:
    wanted = order("shape", [tmp_path / "gone"])
    with pytest.raises(
        DataError, match=r"^The vectors of one of these spaces are not kept any more: open them again\.$"
    ):
        next(importlib.import_module("engine.words.compare.work").shape(json.loads(wanted.arguments)))


def test_plain_data() -> None:
    given = {"a": float("nan"), "b": (1, np.float64("inf"), [True, None]), "c": np.array([1.5, np.nan]), "d": "x"}
    assert plain(given) == {"a": None, "b": [1, None, [True, None]], "c": [1.5, None], "d": "x"}
    assert each_two("abc") == [(0, 1), (0, 2), (1, 2)]
