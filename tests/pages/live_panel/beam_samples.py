"""A beam search whose numbers are known, as a run of the live panel would show it."""

import functools

import numpy as np

from engine.figures.panel import BeamsPanel
from engine.language.beam import Searched, beam_search
from engine.probes.beams import Tree, read_beams

SYMBOLS = ("⏎", "2", "1", "␣twenty")
END = 0


@functools.cache
def searched(length: int = 5, beams: int = 3) -> Searched:
    """Search by a table in which what follows hangs on the last symbol."""
    sums = np.random.default_rng(44).normal(0, 1.2, (len(SYMBOLS) + 1, len(SYMBOLS)))
    logs = sums - np.log(np.exp(sums).sum(axis=1, keepdims=True))
    return beam_search(
        logs[-1], lambda onward: logs[onward.symbols], length, beams, 0.6, end=END if length < 9 else None, shown=1
    )


def tree(length: int = 5, beams: int = 3) -> Tree:
    """Return that search as a tree."""
    return read_beams(searched(length, beams), 0.6)


def words(found: Tree) -> dict[str, str]:
    """Return what the branches are called."""
    return {"branches": "\n".join(SYMBOLS[symbol] for symbol in found.symbols), "search": "Of «twenty one»."}


def beams_panel() -> BeamsPanel:
    """Return the panel of the tree."""
    return BeamsPanel("beams", "Beam tree", 12, 320, "A tree.", "The tree.", "beams", "branches", "search")
