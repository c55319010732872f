"""Beam search: several beginnings are gone on with side by side, and of all whole ones the best is taken.

A whole is as good as its log-probability divided by ``((5 + n) / 6) ** penalty`` for its n symbols (Wu et al. 2016,
arXiv 1609.08144, equation 14). With as many beams as there are beginnings it finds what trying all of them finds.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np


class Onward(NamedTuple):
    """What a search goes on with: the beginnings at ``rows`` of those that it was last told of, each with one of
    ``symbols`` behind it.
    """

    rows: list[int]
    symbols: list[int]


Going = Callable[[Onward], np.ndarray]
"""Goes on, and returns the log-probabilities (n, V) of what follows each of the n beginnings."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A beginning that was looked at: its ``symbols``, its ``log_probability``, its ``score``, whether it was ``kept``,
    and whether it is over (``ended``). ``parent`` is the place of the one that it goes on, among those of the step
    before; −1 in the first. What its last symbol cost is the difference of both log-probabilities.
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
    first: np.ndarray,
    going: Going,
    length: int,
    beams: int,
    penalty: float = 0.0,
    *,
    end: int | None = None,
    never: tuple[int, ...] = (),
    shown: int = 0,
) -> Searched:
    """Search with one net that is asked as the search goes on; see ``searching``."""
    search = searching(first, length, beams, penalty, end=end, never=never, shown=shown)
    try:
        onward = next(search)
        while True:
            onward = search.send(going(onward))
    except StopIteration as over:
        return over.value


def searching(
    first: np.ndarray,
    length: int,
    beams: int,
    penalty: float = 0.0,
    *,
    end: int | None = None,
    never: tuple[int, ...] = (),
    shown: int = 0,
) -> Generator[Onward, np.ndarray, Searched]:
    """Go on for ``length`` symbols, or until ``end`` came, with so many ``beams``; ``first`` (V,) are the
    log-probabilities of the first symbol.

    It yields what it goes on with, and is sent the log-probabilities (n, V) of what follows: so that many searches can
    ask one net at once. Symbols in ``never`` are not taken. Of those that were dropped ``shown`` are told for each
    beam.
    """
    alive, places, more = [Branch((), 0.0, 0.0, True, False, -1)], [-1], first[None]
    over: list[Branch] = []
    steps: list[tuple[Branch, ...]] = []
    for at in range(1, length + 1):
        totals = np.array([branch.log_probability for branch in alive])[:, None] + more.astype(np.float64)
        totals[:, list(never)] = -np.inf
        order = np.argsort(-totals.ravel(), kind="stable")[: beams * (1 + shown)]
        branches = []
        for rank, place in enumerate(order.tolist()):
            row, symbol = divmod(place, totals.shape[1])
            total = float(totals[row, symbol])
            if not total > -np.inf:
                break
            said = (*alive[row].symbols, symbol)
            branches.append(Branch(said, total, score(total, at, penalty), rank < beams, symbol == end, places[row]))
        if not branches:  # nothing is likelier than never, or sums are no numbers any more
            break
        steps.append(tuple(branches))
        over += [branch for branch in branches if branch.kept and branch.ended]
        rows = {place: row for row, place in enumerate(places)}
        places = [place for place, branch in enumerate(branches) if branch.kept and not branch.ended]
        alive = [branches[place] for place in places]
        if not alive or at == length:
            break
        # What is alive can only become less likely, and is at best as good as it would be at full length.
        best = max((branch.score for branch in over), default=-np.inf)
        if over and all(score(branch.log_probability, length, penalty) <= best for branch in alive):
            break
        more = yield Onward([rows[branch.parent] for branch in alive], [branch.symbols[-1] for branch in alive])
    return Searched(max([*over, *alive], key=lambda branch: branch.score), tuple(steps))
