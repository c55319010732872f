"""Relations as directions: whether the steps from word to word, as from one to many, are parallel.

An analogy is right where they are nearly so; but it also comes right where answers lie near the question anyway. So the
steps themselves are compared, and held against those between words of the same lists paired at random: what parallel
steps these have comes of the lists, not of the relation (Fournier, Dupoux and Dunbar 2020, arXiv 2010.03446).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.errors import DataError
from engine.seeds import numpy_generator
from engine.words.space import Space

SHUFFLES = 200


@dataclass(frozen=True, slots=True, eq=False)
class Directions:
    """How parallel the m steps of a relation are, from the first word of each of its ``pairs`` to the second.

    Words are taken at length 1. ``parallel``, -1 to 1, is the mean cosine of each two steps: 1 where all point the same
    way, 0 where each points anywhere. ``angles``, (m,) in degrees from 0 to 180, are those of each step with the mean
    direction of the others (of all, a step would lie near to itself); ``lengths``, (m,) from 0 to 2, are the steps'.
    ``shuffled`` is what ``parallel`` is where no word keeps its partner, (shuffles,). Pairs with a word that is not
    there, or without a step, are ``left_out``.
    """

    pairs: tuple[tuple[str, str], ...]
    left_out: int
    parallel: float
    angles: np.ndarray
    lengths: np.ndarray
    shuffled: np.ndarray

    @property
    def chance(self) -> float:
        """The mean of what the shuffled pairs give."""
        return float(self.shuffled.mean())

    @property
    def p(self) -> float:
        """The share, 0 to 1, of the shuffles, the pairs as they are among them, that are as parallel as these are."""
        return float((1 + (self.shuffled >= self.parallel).sum()) / (1 + len(self.shuffled)))


def directions(space: Space, pairs: Sequence[tuple[str, str]], shuffles: int = SHUFFLES, seed: int = 0) -> Directions:
    """Return how parallel the steps of a relation are in a space; each pair counts once.

    A word that is not there as it is written is looked for in other cases: small letters, capitals, a capital first.
    Raises DataError where the space knows fewer than two pairs that are apart, or for fewer than 1 shuffle.
    """
    if shuffles < 1:
        raise DataError(f"Expected 1 shuffle or more to compare with, received {shuffles}.")
    asked = list(dict.fromkeys(pairs))
    known = [(a, b) for first, second in asked if (a := spelt(space, first)) and (b := spelt(space, second))]
    known = list(dict.fromkeys(known))
    first, second = (np.array([_unit(space.vector(pair[side])) for pair in known]) for side in (0, 1))
    steps = (second - first).reshape(len(known), space.dimensions)
    lengths = np.sqrt((steps**2).sum(axis=1))
    apart = lengths > 1e-6
    if apart.sum() < 2:
        raise DataError(
            f"Of this relation's {len(asked):,} pairs this space knows {int(apart.sum())} whose words lie apart: "
            "expected at least two."
        )
    first, second = first[apart], second[apart]
    found = steps[apart] / lengths[apart, None]
    dice = numpy_generator(seed, "shuffled pairs")
    shuffled = np.array([_parallel(_steps(first, second[_moved(len(found), dice)])) for _ in range(shuffles)])
    return Directions(
        tuple(pair for pair, there in zip(known, apart.tolist(), strict=True) if there),
        len(asked) - len(found),
        _parallel(found),
        _angles(found),
        lengths[apart],
        shuffled,
    )


def spelt(space: Space, word: str) -> str | None:
    """Return a word as a space spells it, None if it does not have it in any case of letters tried."""
    return next((one for one in (word, word.lower(), word.upper(), word.capitalize()) if one in space), None)


def _parallel(steps: np.ndarray) -> float:
    """Return the mean cosine of each two of some steps of length 1, or 0: these count for nothing."""
    total, count = steps.sum(axis=0), float((steps**2).sum())
    return float((total @ total - count) / (count * (count - 1))) if count > 1.5 else 0.0


def _angles(steps: np.ndarray) -> np.ndarray:
    others = steps.sum(axis=0) - steps
    lengths = np.sqrt((others**2).sum(axis=1))
    cosines = np.divide((steps * others).sum(axis=1), lengths, out=np.zeros(len(steps)), where=lengths > 1e-9)
    return np.degrees(np.arccos(np.clip(cosines, -1, 1)))


def _steps(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    steps = second - first
    lengths = np.sqrt((steps**2).sum(axis=1, keepdims=True))
    return np.divide(steps, lengths, out=np.zeros_like(steps), where=lengths > 1e-6)


def _moved(count: int, dice: np.random.Generator) -> np.ndarray:
    """Return a permutation, drawn evenly from those that leave nothing at its place."""
    while True:
        order = dice.permutation(count)
        if (order != np.arange(count)).all():
            return order


def _unit(vector: np.ndarray) -> np.ndarray:
    vector = vector.astype(np.float64)
    length = float(np.sqrt(vector @ vector))
    return vector / length if length > 0 else vector
