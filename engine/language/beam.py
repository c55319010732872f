"""Beam search: several beginnings are gone on with side by side, and of all whole ones the best is taken.

A whole is as good as its log-probability divided by ``((5 + n) / 6) ** penalty`` for its n symbols (Wu et al. 2016,
arXiv 1609.08144, equation 14). With as many beams as there are beginnings it finds what trying all of them finds.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

Next = Callable[[Sequence[tuple[int, ...]]], np.ndarray]
"""Returns the log-probabilities (n, V) of what follows each of n beginnings."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A beginning that was looked at: its ``symbols``, its ``log_probability``, its ``score``, whether it was ``kept``,
    and whether it is over (``ended``). ``parent`` is the place of the one that it goes on, among those of its step
    before.
    """

    symbols: tuple[int, ...]
    log_probability: float
    score: float
    kept: bool
    ended: bool
    parent: int


@dataclass(frozen=True, slots=True)
class Searched:
    """What was found: the ``best`` whole; ``steps``, the branches that were looked at in each, the best first."""

    best: Branch
    steps: tuple[tuple[Branch, ...], ...]


def score(log_probability: float, length: int, penalty: float) -> float:
    """Return how good a beginning of a ``length`` is."""
    return log_probability / ((5 + length) / 6) ** penalty


def beam_search(
    following: Next,
    length: int,
    beams: int,
    penalty: float = 0.0,
    *,
    end: int | None = None,
    never: tuple[int, ...] = (),
    shown: int = 0,
) -> Searched:
    """Go on for ``length`` symbols, or until ``end`` came, with so many ``beams``.

    Symbols in ``never`` are not taken. Of those that were dropped ``shown`` are told for each beam.
    """
    alive = [Branch((), 0.0, 0.0, True, False, -1)]
    over: list[Branch] = []
    steps: list[tuple[Branch, ...]] = []
    for at in range(1, length + 1):
        more = following([branch.symbols for branch in alive])
        totals = np.array([branch.log_probability for branch in alive])[:, None] + more.astype(np.float64)
        totals[:, list(never)] = -np.inf
        symbols = totals.shape[1]
        order = np.argsort(-totals.ravel(), kind="stable")[: beams * (1 + shown)]
        branches = []
        for rank, place in enumerate(order.tolist()):
            parent, symbol = divmod(place, symbols)
            total = float(totals[parent, symbol])
            if not total > -np.inf:  # it is to be taken never, or is no number any more
                break
            said = (*alive[parent].symbols, symbol)
            branches.append(Branch(said, total, score(total, at, penalty), rank < beams, symbol == end, parent))
        if not branches:
            break
        steps.append(tuple(branches))
        over += [branch for branch in branches if branch.kept and branch.ended]
        alive = [branch for branch in branches if branch.kept and not branch.ended]
        if not alive:
            break
        # What is alive can only become less likely, and is at best as good as it would be at full length.
        best = max((branch.score for branch in over), default=-np.inf)
        if over and all(score(branch.log_probability, length, penalty) <= best for branch in alive):
            break
    return Searched(max([*over, *alive], key=lambda branch: branch.score), tuple(steps))
