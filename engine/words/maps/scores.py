"""Scores of the words of a map: where they lie on an axis, how frequent they are."""

from collections.abc import Sequence

import numpy as np

from engine.words.search import units
from engine.words.space import Space


def on_axis(space: Space, rows: np.ndarray, pairs: Sequence[tuple[str, str]]) -> np.ndarray:
    """Return where words lie, from -1 to 1, on the axis from the second words of pairs to the first, (n,) float32.

    Raises DataError where a word of a pair is unknown, or the pairs have no direction in common.
    """
    return units(space, rows) @ space.axis(pairs).direction


def frequency(space: Space, rows: np.ndarray) -> np.ndarray:
    """Return how often words were seen, or their ranks from 1 where the file does not tell, (n,) float64."""
    return (rows + 1 if space.frequency is None else space.frequency[rows]).astype(np.float64)
