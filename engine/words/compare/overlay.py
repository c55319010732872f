"""Some words of two aligned spaces in one plane: where each lies in either."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.errors import DataError
from engine.words.compare.alignment import Alignment, units_or_vectors, wide

EITHER_END = 8


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """Where m ``words`` lie in the first space, laid over the second, and in the second: ``first`` and ``second``, (m,
    2) float64 each, around 0, in the plane in which these 2m points spread most (PCA). It holds the share ``held``, 0
    to 1, of how they spread. ``cosines``, (m,), are those of each word with itself in the whole space. ``absent`` are
    words that were asked for and that are not in both.
    """

    words: tuple[str, ...]
    first: np.ndarray
    second: np.ndarray
    cosines: np.ndarray
    held: float
    absent: tuple[str, ...]


def overlay(alignment: Alignment, words: Sequence[str] = ()) -> Overlay:
    """Return some words in a plane; where none are asked for, the ``EITHER_END`` that moved most and least.

    Raises DataError where fewer than two of them are in both spaces, or where all lie at one point.
    """
    found, cosines = alignment.shared, alignment.cosines
    if words:
        row_places = {row: place for place, row in enumerate(found.rows_a.tolist())}
        asked = {word: row_places.get(found.a.words.find(word)) for word in words}  # type: ignore[arg-type]
        chosen = [place for place in asked.values() if place is not None]
        absent = tuple(word for word, place in asked.items() if place is None)
    else:
        order = np.argsort(cosines, kind="stable")[: len(cosines) - int(np.isnan(cosines).sum())].tolist()
        chosen, absent = list(dict.fromkeys([*order[:EITHER_END], *order[-EITHER_END:]])), ()
    if len(chosen) < 2:
        raise DataError(f"Of these words both spaces have {len(chosen)}: expected at least two to draw.")
    places = np.array(chosen, np.int64)
    first = alignment.onto(units_or_vectors(found.a, found.rows_a[places], alignment.unit))
    second = wide(units_or_vectors(found.b, found.rows_b[places], alignment.unit), len(alignment.rotation))
    both = np.concatenate([first, second])
    both -= both.mean(axis=0)
    spread = float((both**2).sum())
    if not spread > 0:
        raise DataError(f"These {len(chosen)} words lie at one point in both spaces: there is nothing to draw.")
    _, _, directions = np.linalg.svd(both, full_matrices=False)
    drawn = both @ _turned(directions[:2]).T
    return Overlay(
        tuple(found.word(place) for place in chosen),
        drawn[: len(chosen)],
        drawn[len(chosen) :],
        cosines[places],
        float((drawn**2).sum()) / spread,
        absent,
    )


def _turned(directions: np.ndarray) -> np.ndarray:
    """Return directions such that the largest number of each is positive: a plane seen from the same side each time."""
    largest = directions[np.arange(len(directions)), np.abs(directions).argmax(axis=1)]
    return directions * np.where(largest < 0, -1.0, 1.0)[:, None]
