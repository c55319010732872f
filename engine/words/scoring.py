"""The work behind a score: a suite of analogies or of judged pairs, asked of a whole space in a process of its own."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import DataError
from engine.jobs import Order, Progress
from engine.jobs.job import Work
from engine.words import evaluate, stored, world
from engine.words.commands import SUITES, suite_file
from engine.words.space import Space
from engine.words.suites import Analogies, analogies, analogies_in

WORLD = "world"
"""The suite of all that is known to hold in the built-in world."""


def score_order(folder: Path, suite: str) -> Order:
    """Return the order to ask a suite, one of ``SUITES`` or ``WORLD``, of the space kept in ``folder``."""
    return Order.of("engine.words.scoring:score", space=str(folder), suite=suite)


def score(arguments: Mapping[str, Any]) -> Work:
    """Ask a suite of a space; raises DataError.

    The result has ``sections`` (name, correct, asked, skipped) for analogies, the last of which is their sum; for pairs
    ``spearman``, ``spearman_p``, ``pearson``, ``pearson_p``, ``pairs`` and ``unknown``, of which what is no number is
    None.
    """
    space, suite = Space(stored.open_folder(Path(arguments["space"]))), arguments["suite"]
    asked = None if has_judged_pairs(suite) else analogies_of(suite)
    yield Progress(None, f"Asking {len(space):,} words")
    return _analogies(space, asked) if asked else _likeness(space, suite_file(suite))


def analogies_of(suite: str) -> Analogies:
    """Return a suite of analogies by its name; raises DataError where there is none, or it is one of judged pairs."""
    if has_judged_pairs(suite):
        raise DataError(f"The suite {suite} has judged pairs of words: expected one of analogies.")
    return analogies_in(world.questions(), WORLD) if suite == WORLD else analogies(suite_file(suite))


def has_judged_pairs(suite: str) -> bool:
    """Tell whether a suite has pairs of words that people have judged, rather than analogies; raises DataError where
    there is no such suite.
    """
    if suite not in (*SUITES, WORLD):
        raise DataError(f"There is no suite {str(suite)[:60]!r}: expected one of {', '.join((*SUITES, WORLD))}.")
    return suite not in (WORLD, "question-words")


def _analogies(space: Space, suite: Analogies) -> dict[str, Any]:
    found = evaluate.answered(space, suite).accuracy
    return {"sections": [[one.name, one.correct, one.asked, one.skipped] for one in (*found.sections, found.total)]}


def _likeness(space: Space, file: Path) -> dict[str, Any]:
    found = evaluate.word_similarity(space, file)
    told = {name: getattr(found, name) for name in found.__slots__}
    return {name: value if np.isfinite(value) else None for name, value in told.items()}
