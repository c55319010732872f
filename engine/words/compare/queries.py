"""One question asked of two or three spaces, and their answers side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.errors import DataError
from engine.words.asking import query_of
from engine.words.space import Ranked, Space

MOST = 3


@dataclass(frozen=True, slots=True)
class Column:
    """What one space answers: words with their cosines, the nearest first; or ``why`` it cannot, in one sentence.

    ``unknown_elsewhere`` are those of its answers that another of the spaces does not have, so could not give.
    """

    answers: Ranked
    why: str = ""
    unknown_elsewhere: frozenset[str] = frozenset()


def side_by_side(spaces: Sequence[Space], text: str, k: int = 10) -> list[Column]:
    """Return the k words nearest to a query (a word, or a formula as ``king - man + woman``) in each of the spaces.

    A space that cannot answer, as it does not know a word, says so in its column. Raises DataError for more than
    ``MOST`` spaces.
    """
    if not 1 <= len(spaces) <= MOST:
        raise DataError(f"Expected 1 to {MOST} spaces to be asked side by side, received {len(spaces)}.")
    found = [_column(space, text, k) for space in spaces]
    return [
        Column(
            one.answers,
            one.why,
            frozenset(word for word, _ in one.answers if any(word not in space for space in spaces)),
        )
        for one in found
    ]


def overlap(columns: Sequence[Column]) -> np.ndarray:
    """Return the share of common answers among all answers of each two columns, (c, c) from 0 to 1; NaN for none."""
    sets = [{word for word, _ in one.answers} for one in columns]
    return np.array([[len(a & b) / len(a | b) if a and b else np.nan for b in sets] for a in sets])


def _column(space: Space, text: str, k: int) -> Column:
    try:
        return Column(space.neighbours(query_of(space, text), k))
    except DataError as error:
        return Column([], str(error))
