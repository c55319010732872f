"""Ways to score answers to "king - man + woman", by the answers' cosines with the words of the question.

So one look through a space serves all ways. With m words, ``cosines`` is (m, ...): those of any rows with each word.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

import numpy as np

from engine.errors import DataError
from engine.words.search_codes import Codes
from engine.words.search_scan import (
    Bounds,
    Cosines,
    Some,
    Stage,
    best_rows,
    exact_cosines,
    rank_of,
    rough_cosines,
    rounding,
    some_cosines,
)

Method = Literal["3cosadd", "3cosmul", "pairdirection"]
METHODS: tuple[Method, ...] = get_args(Method)
COSMUL_EPSILON = 1e-6
NO_STEP = 1e-4
"""What is nearer than this to where a direction sets out lies in none: float32 has rounded it away."""


Side = Literal[-1, 1]
SLACK = 1.1
"""So many times what is told of each cosine: float32 rounds what is made of them too."""


class Score(Protocol):
    """How good answers are, the larger the better."""

    def of(self, cosines: np.ndarray) -> np.ndarray:
        """Return the scores of rows, (...,), by their cosines with the words, (m, ...)."""
        ...

    def bound(self, cosines: Cosines, side: Side) -> np.ndarray:
        """Return what the scores of rows are at least (``side`` -1) or at most (1) by cosines that may be wrong."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Sum:
    """The cosine with a sum of signed words, each of length 1: 3CosAdd (Mikolov et al. 2013, arXiv 1301.3781)."""

    weights: np.ndarray

    @classmethod
    def make(cls, units: np.ndarray, positive: int) -> "Sum":
        """Return the score for words (m, d) of length 1, the first ``positive`` with a plus; raises DataError."""
        signs = np.where(np.arange(len(units)) < positive, 1.0, -1.0)
        length = float(np.sqrt(((signs @ units) ** 2).sum()))
        if not length > 1e-9 * len(units):
            raise DataError("This query has no direction: its words take each other away.")
        return cls(signs / length)

    def of(self, cosines: np.ndarray) -> np.ndarray:
        """Return the cosine with the sum."""
        weights = self.weights.tolist()  # numpy's own float64 would make float64 of all
        return sum(weight * some for weight, some in zip(weights, cosines, strict=True))  # type: ignore[return-value]

    def bound(self, cosines: Cosines, side: Side) -> np.ndarray:
        """Return the score and its error: the sum of the errors, and what was lost, for the sum's length is 1."""
        wrong = float(np.abs(self.weights).sum()) * cosines.each + cosines.lost
        return self.of(cosines.found) + side * SLACK * wrong


@dataclass(frozen=True, slots=True, eq=False)
class Product:
    """The product of the cosines, moved to 0..1, with the words with a plus, divided by those with the others: 3CosMul
    (Levy and Goldberg 2014, W14-1618).
    """

    positive: int

    def of(self, cosines: np.ndarray) -> np.ndarray:
        """Return the quotient."""
        moved = (1 + cosines) / 2
        return moved[: self.positive].prod(axis=0) / (moved[self.positive :].prod(axis=0) + COSMUL_EPSILON)

    def bound(self, cosines: Cosines, side: Side) -> np.ndarray:
        """Return the quotient of the largest possible product and the smallest, or the other way round."""
        wrong = side * SLACK * (cosines.each + cosines.lost)
        above = np.maximum((1 + wrong + cosines.found[: self.positive]) / 2, 0).prod(axis=0)
        below = np.maximum((1 - wrong + cosines.found[self.positive :]) / 2, 0).prod(axis=0)
        return above / (below + COSMUL_EPSILON) * (1 + side * 1e-6) + side * 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Direction:
    """The cosine of answer - start with end - begin (Levy and Goldberg 2014); the words are start, end, begin."""

    along_start: float
    step: float
    start_square: float

    @classmethod
    def make(cls, words: Sequence[str], units: np.ndarray, positive: int) -> "Direction":
        """Return the score for three words (3, d) of length 1, two of them with a plus; raises DataError."""
        if positive != 2 or len(units) != 3:
            raise DataError(
                f"Pair direction takes two words with a plus and one with a minus, received {positive} and "
                f"{len(units) - positive}."
            )
        start, end, begin = units
        step = float(np.sqrt(((end - begin) ** 2).sum()))
        if not step > NO_STEP:
            raise DataError(f"There is no direction from {words[2]!r} to {words[1]!r}: they lie at the same place.")
        return cls(float(((end - begin) * start).sum()) / step, step, float((start**2).sum()))

    def of(self, cosines: np.ndarray) -> np.ndarray:
        """Return the cosine of the two steps; 0 for an answer that lies where the direction sets out."""
        along, length = self._parts(cosines)
        found = np.divide(along, length, out=np.zeros_like(along), where=length > NO_STEP)
        return np.clip(found, -1, 1)

    def bound(self, cosines: Cosines, side: Side) -> np.ndarray:
        """Return what comes of the steps' errors; near the start, where nothing is certain, -1 or 1."""
        first, second, third = cosines.found
        along = (second - third) / self.step + (side * SLACK * self._wrong(cosines) - self.along_start)
        square, wrong = 1 + self.start_square - 2 * first, 2 * SLACK * (cosines.each + cosines.lost)
        shortest = np.sqrt(np.maximum(square - wrong, 0))
        longest = np.sqrt(np.maximum(square + wrong, 0))
        length = np.where(side * along > 0, shortest, longest)
        found = np.full_like(along, side)
        np.divide(along, length, out=found, where=shortest > NO_STEP)
        return np.clip(found + side * 1e-6, -1, 1)

    def _wrong(self, cosines: Cosines) -> float:
        """Return by how much the way along the direction can be wrong, which is of length 1."""
        return (2 / self.step + abs(self.along_start)) * cosines.each + cosines.lost

    def _parts(self, cosines: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        along = (cosines[1] - cosines[2]) / self.step - self.along_start
        return along, np.sqrt(np.maximum(1 + self.start_square - 2 * cosines[0], 0))


def score_by(method: Method, words: Sequence[str], units: np.ndarray, positive: int) -> Score:
    """Return a method's score for words and their vectors (m, d) of length 1, the first ``positive`` with a plus;
    raises DataError.
    """
    match method:
        case "3cosadd":
            return Sum.make(units, positive)
        case "3cosmul":
            return Product(positive)
        case "pairdirection":
            return Direction.make(words, units, positive)


class Look:
    """One look through all rows of a space with the words of a question, (m, d) float64 of length 1."""

    def __init__(self, vectors: np.ndarray, inverse_norms: np.ndarray, codes: Codes | None, units: np.ndarray) -> None:
        self._vectors, self._inverse_norms, self.units = vectors, inverse_norms, units
        self._rough = rough_cosines(codes, vectors, inverse_norms, units)

    def stages(self, bounds: Callable[[Some, Cosines], Bounds]) -> list[Stage]:
        """Return what bounds scores by the cosines as they are known so far, and by such as are worked out better;
        ``bounds`` is told the rows too.
        """

        def fine(rows: Some) -> Bounds:
            found = some_cosines(self._vectors, self._inverse_norms, self.units, np.asarray(rows))
            return bounds(rows, Cosines(found, rounding(self._vectors.shape[1]), 0.0))

        return [lambda some: bounds(some, self._rough.of(some)), *([fine] if self._rough.lost else [])]

    def best(self, score: Score, k: int, is_answer: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the k best rows among those that ``is_answer`` (n,) allows, and their scores."""
        return best_rows(self._scored(score), k, is_answer, lambda rows: self.exact(score, rows))

    def exact(self, score: Score, rows: np.ndarray) -> np.ndarray:
        """Return the scores of some rows, float64."""
        return score.of(exact_cosines(self._vectors, rows, self.units))

    def rank(self, score: Score, row: int, is_answer: np.ndarray) -> int:
        """Return the place of a row among all answers, from 1 on; of equal ones the smaller row comes first."""
        return rank_of(row, self._scored(score), is_answer, lambda rows: self.exact(score, rows))

    def _scored(self, score: Score) -> list[Stage]:
        def bounds(_: Some, cosines: Cosines) -> Bounds:
            return Bounds(score.bound(cosines, 1), lambda places: score.bound(cosines.of(places), -1))

        return self.stages(bounds)
