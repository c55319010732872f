"""Whether two spaces differ in a suite by more than chance: on what both were asked, question by question.

The questions of a suite of analogies are not independent: 23 pairs make 506 questions, and where one pair is not known
rightly, 44 of these go wrong. So not questions are drawn anew, but pairs (the bootstrap of Snijders and Borgatti 1999
for what lies between two): a question counts as often as both of its pairs were drawn. That interval is wider than
what counts of questions suggest, and more honest.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.errors import DataError
from engine.seeds import numpy_generator
from engine.words.compare.intervals import LEVEL, Interval, middle_of
from engine.words.evaluate import Answered, Judged

DRAWS = 2_000
AT_ONCE = 4_000_000
"""So many numbers of all draws are worked out at a time."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Two spaces in one section of a suite, on the ``asked`` questions that both know.

    ``correct`` by each, those that came right in ``only`` one, and McNemar's exact ``p``: how often as many more would
    fall to one side if either were as likely, questions taken as independent. ``interval`` is that of the second's
    accuracy less the first's, with the section's pairs of words drawn anew.
    """

    name: str
    asked: int
    correct: tuple[int, int]
    only: tuple[int, int]
    p: float
    interval: Interval

    @property
    def beyond_chance(self) -> bool:
        """Whether both tell so: p is below 1 - ``LEVEL`` and the interval leaves 0 out."""
        return self.p < 1 - LEVEL and (self.interval[0] > 0 or self.interval[1] < 0)


@dataclass(frozen=True, slots=True)
class Closer:
    """Two spaces' Spearman correlations with people, -1 to 1, on the ``pairs`` of words that both know; the second's
    less the first's lies in ``interval``, with the pairs drawn anew.
    """

    pairs: int
    spearman: tuple[float, float]
    interval: Interval

    @property
    def beyond_chance(self) -> bool:
        """Whether the interval leaves 0 out."""
        return self.interval[0] > 0 or self.interval[1] < 0


def difference(a: Answered, b: Answered, draws: int = DRAWS, seed: int = 0) -> list[Difference]:
    """Return how two spaces differ in each section of a suite, and at last in all of it; raises DataError where they
    were asked different ones.
    """
    if a.suite.names != b.suite.names or a.suite.questions != b.suite.questions:
        raise DataError("Two spaces can be compared by their answers to the same suite, and these were asked two.")
    both, section = a.known & b.known, a.suite.section
    gain = b.right.astype(np.int64) - a.right
    sums = np.zeros((2, draws))
    found = []
    for place, name in enumerate(a.suite.names):
        own = np.flatnonzero(both & (section == place))
        drawn = np.zeros((2, draws))
        pairs = _pairs([a.suite.questions[question] for question in own.tolist()])
        dice = numpy_generator(seed, "pairs", place)
        for some, weights in _weights(pairs, draws, dice):
            drawn[:, some] = weights @ gain[own], weights.sum(axis=1)
        sums += drawn
        found.append(_told(name, a.right[own], b.right[own], drawn))
    return [*found, _told("total", a.right[both], b.right[both], sums)]


def mcnemar(only_a: int, only_b: int) -> float:
    """Return the exact two-sided p of McNemar's test (1947): 1 where nothing tells the two apart."""
    from scipy.stats import binomtest

    both = only_a + only_b
    return float(binomtest(only_a, both).pvalue) if both else 1.0


def closer(a: Judged, b: Judged, draws: int = DRAWS, seed: int = 0) -> Closer:
    """Return how two spaces differ in agreeing with people. Raises DataError where they were asked about different
    pairs, or both know fewer than four.
    """
    if not np.array_equal(a.judged, b.judged):
        raise DataError("Two spaces can be compared by their cosines for the same pairs, and these were asked two.")
    both = a.known & b.known
    n = int(both.sum())
    if n < 4:
        raise DataError(f"Both spaces know {n} of these pairs of words: expected at least four to compare them by.")
    columns = np.array([a.judged[both], a.cosines[both], b.cosines[both]])
    dice, differences = numpy_generator(seed, "judged"), []
    for some in _some(draws, 3 * n):
        people, first, second = _ranked(columns[:, dice.integers(n, size=(some.stop - some.start, n))])
        differences.append(_correlation(people, second) - _correlation(people, first))
    people, first, second = _ranked(columns[:, None])
    each = (float(_correlation(people, first)[0]), float(_correlation(people, second)[0]))
    return Closer(n, each, middle_of(np.concatenate(differences)))


def _told(name: str, right_a: np.ndarray, right_b: np.ndarray, drawn: np.ndarray) -> Difference:
    only = int((right_a & ~right_b).sum()), int((right_b & ~right_a).sum())
    gains, weights = drawn
    shares = np.divide(gains, weights, out=np.full(len(gains), np.nan), where=weights > 0)
    correct = int(right_a.sum()), int(right_b.sum())
    return Difference(name, len(right_a), correct, only, mcnemar(*only), middle_of(shares))


def _pairs(questions: Sequence[tuple[str, str, str, str]]) -> np.ndarray:
    """Return which two pairs of words each question is made of, (q, 2) int64, numbered from 0."""
    number: dict[tuple[str, str], int] = {}
    both = [[(a, b), (c, d)] for a, b, c, d in questions]
    return np.array([[number.setdefault(pair, len(number)) for pair in two] for two in both], np.int64).reshape(-1, 2)


def _weights(pairs: np.ndarray, draws: int, dice: np.random.Generator) -> Iterator[tuple[slice, np.ndarray]]:
    """Yield how often each question counts in some of the draws, (draws, q) float64."""
    if not len(pairs):
        return
    count = int(pairs.max()) + 1
    for some in _some(draws, max(len(pairs), count)):
        times = dice.multinomial(count, np.full(count, 1 / count), size=some.stop - some.start).astype(np.float64)
        yield some, times[:, pairs[:, 0]] * times[:, pairs[:, 1]]


def _some(draws: int, numbers: int) -> Iterator[slice]:
    step = max(1, AT_ONCE // numbers)
    for start in range(0, draws, step):
        yield slice(start, min(start + step, draws))


def _ranked(columns: np.ndarray) -> Any:
    from scipy.stats import rankdata

    return rankdata(columns, axis=-1)


def _correlation(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return Pearson's correlation of each row, (m, n) both; NaN where one does not vary."""
    a, b = (one - one.mean(axis=1, keepdims=True) for one in (a, b))
    lengths = np.sqrt((a * a).sum(axis=1) * (b * b).sum(axis=1))
    return np.divide((a * b).sum(axis=1), lengths, out=np.full(len(a), np.nan), where=lengths > 0)
