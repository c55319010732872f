"""Filters of neighbours: the same as of all words in turn, without all words being told in turn."""

from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from engine.words import load
from engine.words.packaged import packaged
from engine.words.space import Metric, Space
from pages.ui.words import answers
from pages.ui.words.answers import answer
from pages.ui.words.asked import Asked

FILTERS = (
    {"prefix": "AU"},
    {"contains": "ing"},
    {"prefix": "s", "contains": "e", "k": 100},
    {"skip": 1_500},
    {"skip": 3, "top": 40, "k": 60},
    {"prefix": "zzz"},
    {"skip": 5_000},
    {"top": 5, "contains": "t"},
)


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Space:
    return load(packaged("lee-fasttext").path, cache=tmp_path_factory.mktemp("cache"))


def one_by_one(space: Space, asked: Asked, query: str | dict[str, float], metric: Metric) -> list[tuple[str, float]]:
    """Return what passes, of all neighbours from the nearest on."""
    return [
        (word, score)
        for word, score in space.neighbours(query, len(space), metric)
        if word.casefold().startswith(asked.prefix.casefold())
        and asked.contains.casefold() in word.casefold()
        and asked.skip <= (space.words.find(word) or 0) < (asked.top or len(space))
    ][: asked.k]


@pytest.mark.parametrize("metric", get_args(Metric))
@pytest.mark.parametrize("limits", FILTERS, ids=str)
@pytest.mark.parametrize("query", ["Australia", {"Australia": 1.0, "the": -1.0}], ids=["word", "mix"])
def test_what_a_filter_lets_pass_is_what_one_by_one_would(
    space: Space, monkeypatch: pytest.MonkeyPatch, metric: Metric, limits: dict, query: str | dict[str, float]
):
    asked = Asked(**limits)
    expected = one_by_one(space, asked, query, metric)
    for looked_at in (10, 5_000):
        monkeypatch.setattr(answers, "LOOKED_AT", looked_at)
        found = answer(space, asked, query, metric).found
        assert [one.word for one in found] == [word for word, _ in expected]
        np.testing.assert_allclose([one.score for one in found], [score for _, score in expected], rtol=1e-6)
        assert [space.words[one.row] for one in found] == [one.word for one in found]


def test_not_all_words_are_told_for_a_filter_that_hardly_any_passes(space: Space, monkeypatch: pytest.MonkeyPatch):
    """It took ten seconds of the web process among a million words, and a link may ask for it."""
    monkeypatch.setattr(answers, "LOOKED_AT", 100)
    told: list[int] = []
    neighbours = space.neighbours

    def counted(query: str, k: int, *others: object) -> list[tuple[str, float]]:
        told.append(k)
        return neighbours(query, k, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(space, "neighbours", counted)
    assert not answer(space, Asked(prefix="zzz"), "Australia", "cosine").found
    assert told == [100]


def test_words_without_regard_to_capitals_are_each_in_its_row(tmp_path: Path, space: Space):
    assert space.words.folded(0, len(space)) == [word.casefold() for word in space.words]
    assert space.words.folded(7, 9) == [word.casefold() for word in space.words[7:9]]
    assert space.words.folded(9, 9) == space.words.folded(len(space), len(space) + 5) == []
    odd = ["Straße", "a\u2028b", "İi", "ﬁn"]
    (tmp_path / "odd.txt").write_text("".join(f"{word} 1 {place}\n" for place, word in enumerate(odd)), "utf-8")
    some = load(tmp_path / "odd.txt", cache=tmp_path)
    assert some.words.folded(0, len(some)) == [word.casefold() for word in some.words]
    assert len(some) == len(odd)
