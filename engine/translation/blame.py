"""Who is to blame for a wrong translation: the net, or the search that asked it?

Where what the search found has a better score than the reference, the net itself prefers what is wrong: it has to learn
more. Where the reference has the better score, the net knew, and the search has missed it: more beams may find it.
(Stahlberg and Byrne 2019, arXiv 1908.10090, call the second a search error.)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from engine.translation.writing import Translation


class Verdict(IntEnum):
    """What came of a pair."""

    RIGHT = 0
    NET = 1
    SEARCH = 2


@dataclass(frozen=True, slots=True)
class Blamed:
    """A pair of the test set by its ``place``: the ``reference`` and what was ``found``, each with how likely the net
    finds it, and who is to blame.
    """

    place: int
    reference: Translation
    found: Translation
    verdict: Verdict


def blame(references: Sequence[Translation], found: Sequence[Translation]) -> tuple[Blamed, ...]:
    """Return who is to blame for each pair; the scores of both are to be those of one length penalty."""
    pairs = enumerate(zip(references, found, strict=True))
    return tuple(
        Blamed(place, reference, written, _verdict(reference, written)) for place, (reference, written) in pairs
    )


def counts(blamed: Sequence[Blamed]) -> np.ndarray:
    """Return how many pairs have each verdict, (3,) int64, in the order of ``Verdict``."""
    return np.bincount([one.verdict for one in blamed], minlength=len(Verdict))


def worst(blamed: Sequence[Blamed], most: int) -> tuple[Blamed, ...]:
    """Return of what is wrong those pairs whose reference the net finds least likely, for each of its symbols; they
    come first.
    """
    wrong = [one for one in blamed if one.verdict != Verdict.RIGHT]
    return tuple(sorted(wrong, key=lambda one: one.reference.log_probability / len(one.reference.symbols))[:most])


def _verdict(reference: Translation, found: Translation) -> Verdict:
    if found.symbols == reference.symbols:
        return Verdict.RIGHT
    # Of two that are equally good the search may take either: the net does not know better.
    return Verdict.SEARCH if reference.score > found.score else Verdict.NET
