"""Trains a space on one of the app's own texts, in a process of its own: word2vec, as the lab and others learn it."""

import os
from collections.abc import Callable, Generator, Mapping
from typing import Any, TypeVar

from engine.jobs import Progress
from engine.words import trained
from engine.words.corpora import Corpus, corpus
from engine.words.corpus import TextSpec
from engine.words.corpus.cutting import kept_as
from engine.words.opening import cache_folder
from engine.words.space import Space
from engine.words.train.learning import Going, learning_encoded

CUTTING, LEARNING = 0.1, 0.98
AS_IT_IS = TextSpec(rule="blanks", lower=False, ends="lines")
"""How the sentences of a text are cut: they are words already."""
T = TypeVar("T")
R = TypeVar("R")


def train(arguments: Mapping[str, Any]) -> Generator[Progress, None, Mapping[str, Any]]:
    """Train the space of the text ``arguments["corpus"]`` and keep it; how long it takes depends on the text.

    The result tells how many ``words`` and ``dimensions`` it has, the same each time: one thread learns, under a seed.
    Raises DataError where there is no such text.
    """
    text, cache = corpus(arguments["corpus"]), arguments.get("cache")
    space = trained.opened(text.name, cache)
    if space is None:
        space = yield from _learnt(text, cache)
    return {"words": len(space), "dimensions": space.dimensions}


def _learnt(text: Corpus, cache: str | os.PathLike[str] | None) -> Generator[Progress, None, Space]:
    said = [text.name, text.fingerprint(), AS_IT_IS.to_json()]
    numbers = yield from _retold(kept_as(said, text.source(), AS_IT_IS, cache_folder(cache)), _of_cutting)
    learning = learning_encoded(numbers, text.settings, trained.folder(text.name, cache))
    return (yield from _retold(learning, lambda step: _of_learning(step, text.settings.epochs)))


def _of_cutting(told: Progress) -> Progress:
    return Progress(None if told.share is None else CUTTING * told.share, told.words)


def _of_learning(step: Going, epochs: int) -> Progress:
    if step.share == 1:
        return Progress(LEARNING, "keeping the vectors")
    speed = f", {step.words_per_second:,.0f} words a second" if step.words_per_second > 0 else ""
    words = f"epoch {int(step.learnt.epoch) + 1} of {epochs}{speed}"
    return Progress(CUTTING + (LEARNING - CUTTING) * step.share, words)


def _retold(going: Generator[T, Any, R], tell: Callable[[T], Progress]) -> Generator[Progress, None, R]:
    """Go through a work, tell in other words how far it is, and return what it returns."""
    while True:
        try:
            told = next(going)
        except StopIteration as end:
            return end.value
        yield tell(told)
