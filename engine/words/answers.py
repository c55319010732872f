"""The answers to an analogy by all methods beside each other, and where the word stands that one expected."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.errors import DataError
from engine.words.analogies import METHODS, Look, Method, Score, score_by
from engine.words.stored import Words

Ranked = list[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a word stands among the answers to an analogy.

    ``rank`` counts from 1 and is None if the word is no answer, being one of the question's. ``other`` is the best of
    all other answers, and ``margin`` says by how much the word's score is above that one's; None where there is none.
    """

    word: str
    score: float
    rank: int | None
    other: str | None
    margin: float | None


@dataclass(frozen=True, slots=True)
class Answers:
    """The best answers by one method, and where the expected word stands; ``why``, a sentence, if there are none."""

    ranked: Ranked
    expected: Place | None = None
    why: str = ""


def answers(
    words: Words,
    look: Look,
    question: Sequence[str],
    positive: int,
    k: int,
    expected: int | None,
    is_answer: np.ndarray,
) -> dict[Method, Answers]:
    """Return the k best answers of each method to a question, whose first ``positive`` words have a plus.

    ``expected`` is a row, and ``is_answer`` (n,) says which may be answers.
    """
    found: dict[Method, Answers] = {}
    for method in METHODS:
        try:
            score = score_by(method, question, look.units, positive)
        except DataError as error:
            found[method] = Answers([], why=str(error))
            continue
        rows, scores = look.best(score, max(k, 2), is_answer)
        place = None if expected is None else _place(words, look, score, expected, rows, scores, is_answer)
        ranked = [(words[row], value) for row, value in zip(rows.tolist(), scores.tolist(), strict=True)]
        found[method] = Answers(ranked[: max(k, 0)], place)
    return found


def _place(
    words: Words,
    look: Look,
    score: Score,
    row: int,
    rows: np.ndarray,
    scores: np.ndarray,
    is_answer: np.ndarray,
) -> Place:
    """Return where a row stands, given the two best rows at least and their scores."""
    own = float(look.exact(score, np.array([row]))[0])
    others = np.flatnonzero(rows != row)
    other, best = (words[int(rows[others[0]])], float(scores[others[0]])) if len(others) else (None, None)
    return Place(
        words[row],
        own,
        look.rank(score, row, is_answer) if is_answer[row] else None,
        other,
        None if best is None else own - best,
    )
