"""The tree of a beam search as a reading: every branch that was looked at, laid out one behind the other."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.language.beam import Searched
from engine.readings import Reading

DROPPED, KEPT, OVER = range(3)
MOST_STEPS = 64
"""Of a longer text the tree has the beginning."""


@dataclass(frozen=True, slots=True, eq=False)
class Beams(Reading):
    """The branches of a search, (n,) each: ``step``, which symbol it adds, from 1 on, int32; ``parent``, its place
    here, −1 in the first step, int32; ``cost``, the log-probability of that symbol, ``total``, that of the whole
    beginning, and ``score``, float32; ``fate``, dropped, kept or over, and ``found``, 1 on the way to the best, uint8.
    And the length ``penalty`` of the scores, (1,) float32.
    """

    name: ClassVar[str] = "beams"
    step: np.ndarray
    parent: np.ndarray
    cost: np.ndarray
    total: np.ndarray
    score: np.ndarray
    fate: np.ndarray
    found: np.ndarray
    penalty: np.ndarray


@dataclass(frozen=True, slots=True)
class Tree:
    """The reading, and the last symbol of each branch by its number."""

    reading: Beams
    symbols: tuple[int, ...]


def read_beams(searched: Searched | None, penalty: float) -> Tree:
    """Return the tree of a search under a length ``penalty``; of none one without branches."""
    steps = searched.steps[:MOST_STEPS] if searched else ()
    starts = np.cumsum([0, *map(len, steps)]).tolist()
    branches = [branch for step in steps for branch in step]
    at = np.repeat(np.arange(len(steps)), [len(step) for step in steps]).astype(np.int32)
    parents = [starts[step - 1] + branch.parent if step else -1 for step, branch in zip(at, branches, strict=True)]
    before = [branches[parent].log_probability if parent >= 0 else 0.0 for parent in parents]
    totals = np.array([branch.log_probability for branch in branches])
    fates = [OVER if branch.kept and branch.ended else KEPT if branch.kept else DROPPED for branch in branches]
    best = searched.best.symbols if searched else ()
    return Tree(
        Beams(
            step=at + np.int32(1),
            parent=np.array(parents, np.int32),
            cost=(totals - before).astype(np.float32),
            total=totals.astype(np.float32),
            score=np.array([branch.score for branch in branches], np.float32),
            fate=np.array(fates, np.uint8),
            found=np.array([branch.symbols == best[: len(branch.symbols)] for branch in branches], np.uint8),
            penalty=np.array([penalty], np.float32),
        ),
        tuple(branch.symbols[-1] for branch in branches),
    )
