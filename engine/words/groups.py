"""A few words taken together: how near each is to their mean, and two words compared in all ways."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.words.space import Space


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two words compared: cosine (-1..1), angle in degrees, dot product, distance, both lengths, and at which place
    the second comes among the neighbours of the first by the cosine, counted from 1; None if it is in no row.
    """

    cosine: float
    angle: float
    dot: float
    distance: float
    lengths: tuple[float, float]
    place: int | None


def likeness(space: Space, a: str, b: str) -> Likeness:
    """Return how alike two words are; raises DataError."""
    first, second = (space.vector(word).astype(np.float64) for word in (a, b))
    cosine = space.similarity(a, b)
    return Likeness(
        cosine,
        float(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))),
        float(first @ second),
        float(np.linalg.norm(first - second)),
        (float(np.linalg.norm(first)), float(np.linalg.norm(second))),
        _place(space, a, b),
    )


def near_mean(space: Space, words: Sequence[str]) -> list[tuple[str, float]]:
    """Return the cosine of each word with the mean of all, each at length 1; the nearest first. Raises DataError."""
    found = list(words)
    units = np.array([_unit(space.vector(word)) for word in found])
    cosines = units @ _unit(units.mean(axis=0))
    order = np.argsort(-cosines, kind="stable")
    return [(found[place], float(cosines[place])) for place in order.tolist()]


def _place(space: Space, a: str, b: str) -> int | None:
    row = space.words.find(b)
    if row is None or a == b:
        return None
    unit = _unit(space.vector(a)).astype(np.float32)
    with np.errstate(over="ignore", invalid="ignore"):
        cosines = (space.vectors @ unit) * space.inverse_norms
    own = space.words.find(a)
    better = cosines > cosines[row]
    if own is not None:
        better[own] = False
    return 1 + int(np.count_nonzero(better & (space.inverse_norms > 0)))


def _unit(vector: np.ndarray) -> np.ndarray:
    wide = vector.astype(np.float64)
    length = float(np.linalg.norm(wide))
    return wide / length if length > 0 else wide
