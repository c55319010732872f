"""How good is a space: analogies with a right answer, and pairs of words whose likeness people have judged.

Both give gensim's results on the same file: the same words count, in either case of letters, among the same first rows.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import DataError
from engine.words.space import Space
from engine.words.suites import Analogies, Question, analogies, judged_pairs

RESTRICT = 300_000
BLOCK_ROWS = 2_048
QUESTIONS_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a suite of analogies: how many were right of those ``asked``; ``skipped`` have unknown words."""

    name: str
    correct: int
    asked: int
    skipped: int

    @property
    def accuracy(self) -> float:
        """The share of right answers, from 0 to 1; NaN where none was asked."""
        return self.correct / self.asked if self.asked else float("nan")


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The sections of a suite in the order of its file, and all of them together."""

    sections: tuple[Section, ...]

    @property
    def total(self) -> Section:
        """The sum of all sections."""
        return Section(
            "total", *(sum(getattr(s, what) for s in self.sections) for what in ("correct", "asked", "skipped"))
        )


@dataclass(frozen=True, slots=True)
class Likeness:
    """How well cosines agree with people, on ``pairs`` pairs of words: Spearman's and Pearson's correlation, from -1 to
    1, with their p-values; ``unknown`` is the share of the file's pairs with a word that is not there, from 0 to 1.
    """

    spearman: float
    spearman_p: float
    pearson: float
    pearson_p: float
    pairs: int
    unknown: float


class _Vocabulary:
    """The first rows of a space by their words, in capitals if case is not to matter: then the first of each counts."""

    def __init__(self, space: Space, restrict: int, case_insensitive: bool) -> None:
        self.rows: dict[str, list[int]] = {}
        self.size = min(restrict, len(space))
        self._fold = str.upper if case_insensitive else str
        for row, word in enumerate(space.words[: self.size]):
            self.rows.setdefault(self._fold(word), []).append(row)

    def find(self, word: str) -> str | None:
        """Return a word as it is looked up here; None if it is not there."""
        folded = self._fold(word)
        return folded if folded in self.rows else None


@dataclass(frozen=True, slots=True, eq=False)
class Answered:
    """What became of each of a suite's q questions: whether its words are ``known``, and it came out ``right``, (q,)
    bool each.
    """

    suite: Analogies
    known: np.ndarray
    right: np.ndarray

    @property
    def accuracy(self) -> Accuracy:
        """The counts of each section."""
        each = [self.suite.section == place for place in range(len(self.suite.names))]
        return Accuracy(
            tuple(
                Section(name, int(self.right[own].sum()), int(self.known[own].sum()), int((~self.known[own]).sum()))
                for name, own in zip(self.suite.names, each, strict=True)
            )
        )


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """The p pairs of a file: how alike people find them, and their ``cosines``, NaN where a word is not known; (p,)
    float64 each.
    """

    judged: np.ndarray
    cosines: np.ndarray

    @property
    def known(self) -> np.ndarray:
        """Which pairs are known, (p,) bool."""
        return ~np.isnan(self.cosines)


def question_words(
    space: Space, path: str | os.PathLike[str], restrict: int = RESTRICT, case_insensitive: bool = True
) -> Accuracy:
    """Return how many analogies of a file a space answers rightly by 3CosAdd, among its first ``restrict`` words.

    For the file see ``suites.analogies``. Raises DataError.
    """
    return answered(space, analogies(path), restrict, case_insensitive).accuracy


def answered(space: Space, suite: Analogies, restrict: int = RESTRICT, case_insensitive: bool = True) -> Answered:
    """Return which questions of a suite a space answers rightly by 3CosAdd, among its first ``restrict`` words."""
    vocabulary = _Vocabulary(space, restrict, case_insensitive)
    words = [tuple(vocabulary.find(word) for word in question) for question in suite.questions]
    known = np.array([None not in question for question in words], dtype=bool)
    right = np.zeros(len(words), dtype=bool)
    right[known] = _answered(space, vocabulary, [question for question in words if None not in question])  # type: ignore[misc]
    return Answered(suite, known, right)


def word_similarity(
    space: Space, path: str | os.PathLike[str], restrict: int = RESTRICT, case_insensitive: bool = True
) -> Likeness:
    """Return how well a space agrees with people about pairs of words, as in WordSim-353 and SimLex-999.

    For the file see ``suites.judged_pairs``. Raises DataError, as where the space knows fewer than two of its pairs.
    """
    found = judged(space, judged_pairs(path), restrict, case_insensitive)
    known = found.known
    if known.sum() < 2:
        raise DataError(f"Of the pairs in {Path(path).name} this space knows {known.sum()}: expected at least two.")
    return Likeness(*correlations(found), pairs=int(known.sum()), unknown=float(1 - known.mean()))


def correlations(found: Judged) -> tuple[float, float, float, float]:
    """Return Spearman's and Pearson's correlation of the known pairs, two at least, each with its p-value."""
    from scipy.stats import pearsonr, spearmanr

    known = found.known
    spearman: Any = spearmanr(found.judged[known], found.cosines[known])
    pearson: Any = pearsonr(found.judged[known], found.cosines[known])
    return tuple(map(float, (spearman.statistic, spearman.pvalue, pearson.statistic, pearson.pvalue)))  # type: ignore[return-value]


def judged(
    space: Space, pairs: Sequence[tuple[str, str, float]], restrict: int = RESTRICT, case_insensitive: bool = True
) -> Judged:
    """Return the cosines of judged pairs of words, where both are among the first ``restrict`` of a space."""
    vocabulary = _Vocabulary(space, restrict, case_insensitive)
    words = [(vocabulary.find(a), vocabulary.find(b)) for a, b, _ in pairs]
    rows = [[vocabulary.rows[word][0] for word in pair if word is not None] for pair in words]
    known = np.array([len(pair) == 2 for pair in rows], dtype=bool)
    units = _units(space, np.array([pair for pair in rows if len(pair) == 2], np.int64).reshape(-1, 2))
    cosines = np.full(len(pairs), np.nan)
    cosines[known] = np.einsum("nd,nd->n", units[:, 0], units[:, 1])
    return Judged(np.array([likeness for *_, likeness in pairs], np.float64), cosines)


def _answered(space: Space, vocabulary: _Vocabulary, quads: Sequence[Question]) -> np.ndarray:
    """Return which questions are answered rightly, (questions,) bool.

    The cosine of a row with b - a + c is a sum of three cosines of rows with words, up to a factor that is the same for
    all rows; so there is one product, of all rows with the suite's few distinct words, and the rest are sums.
    """
    if not quads:
        return np.zeros(0, dtype=bool)
    distinct = {word: index for index, word in enumerate(dict.fromkeys(w for quad in quads for w in quad[:3]))}
    words = _units(space, np.array([vocabulary.rows[word][0] for word in distinct]))
    a, b, c = (np.array([distinct[quad[place]] for quad in quads]) for place in range(3))
    questions, rows = _inputs(vocabulary, quads)

    def search(start: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the best score of each question among a block of rows, and its row."""
        end = min(start + BLOCK_ROWS, vocabulary.size)
        cosines = words @ _units(space, slice(start, end)).T
        inside = np.flatnonzero((rows >= start) & (rows < end))
        best, where = np.empty(len(quads), np.float32), np.empty(len(quads), np.int64)
        for first in range(0, len(quads), QUESTIONS_AT_ONCE):
            some = slice(first, first + QUESTIONS_AT_ONCE)
            scores = cosines[b[some]]
            scores -= cosines[a[some]]
            scores += cosines[c[some]]
            low, high = np.searchsorted(questions[inside], (first, first + QUESTIONS_AT_ONCE))
            scores[questions[inside[low:high]] - first, rows[inside[low:high]] - start] = -np.inf
            where[some] = scores.argmax(axis=1)
            best[some] = scores[np.arange(len(scores)), where[some]]
        return best, where + start

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(search, range(0, vocabulary.size, BLOCK_ROWS)))
    best = np.array([scores for scores, _ in found])
    answers = np.array([where for _, where in found])[best.argmax(axis=0), np.arange(len(quads))]
    return np.array([answer in vocabulary.rows[quad[3]] for answer, quad in zip(answers.tolist(), quads, strict=True)])


def _inputs(vocabulary: _Vocabulary, quads: Sequence[Question]) -> tuple[np.ndarray, np.ndarray]:
    """Return (question, row) of all rows that are words of their own question, in any case, in order of questions."""
    pairs = [
        (question, row) for question, quad in enumerate(quads) for word in quad[:3] for row in vocabulary.rows[word]
    ]
    found = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def _units(space: Space, rows: np.ndarray | slice) -> np.ndarray:
    """Return the vectors of some rows at length 1, float32; a row of zeros stays."""
    return space.vectors[rows] * space.inverse_norms[rows][..., None]
