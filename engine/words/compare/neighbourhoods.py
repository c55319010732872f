"""Whether words have the same neighbours in two spaces: no coordinate is compared, so that none has to be aligned."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from math import comb

import numpy as np

from engine.errors import DataError
from engine.words.compare.vocabulary import Shared, shared, with_direction
from engine.words.search import nearest_rows
from engine.words.space import Space

BLOCK = 512


@dataclass(frozen=True, slots=True, eq=False)
class Agreement:
    """How far words agree in their ``k`` nearest neighbours by the cosine, among ``vocabulary`` words of both spaces.

    ``jaccard``, (m,) float64 for the m ``words``, is the share of common neighbours among all neighbours that a word
    has in either space, from 0 to 1; ``mean`` is their mean, and ``chance`` what neighbours drawn at random would give.
    """

    words: tuple[str, ...]
    jaccard: np.ndarray
    k: int
    vocabulary: int

    @property
    def mean(self) -> float:
        """The mean over all words."""
        return float(self.jaccard.mean())

    @property
    def common(self) -> np.ndarray:
        """How many neighbours each word has in common, (m,) int64 from 0 to k."""
        return np.rint(2 * self.k * self.jaccard / (1 + self.jaccard)).astype(np.int64)

    @property
    def chance(self) -> float:
        """The mean that two draws of k from the other words would have: the number in both is hypergeometric."""
        others, k = self.vocabulary - 1, self.k
        return sum(
            common / (2 * k - common) * comb(k, common) * comb(others - k, k - common) / comb(others, k)
            for common in range(1, k + 1)
        )


def agreement(
    a: Space, b: Space, k: int = 10, words: Sequence[str] | None = None, restrict: int | None = None
) -> Agreement:
    """Return how far words have the same k neighbours in two spaces, which need not have the same dimensions.

    Neighbours are looked for among the words that both have, of the first ``restrict`` rows of each; fewer than k where
    there are no more. ``words`` are those to be judged, all by default. The mean is known as the neighbourhood
    stability (Wendlandt, Kummerfeld and Mihalcea 2018, arXiv 1804.09692, by overlap; here by Jaccard). Raises DataError
    where fewer than two words are shared, or one of ``words`` is not.
    """
    found = with_direction(shared(a, b, restrict))
    judging = agreeing(found, np.arange(len(found)) if words is None else found.places(words), k)
    while True:
        try:
            next(judging)
        except StopIteration as over:
            return over.value


def agreeing(found: Shared, places: np.ndarray, k: int) -> Generator[float, None, Agreement]:
    """Judge the words at some ``places`` of those shared, all of which have a direction; yields the share done."""
    if k < 1 or not len(places):
        raise DataError(
            f"Neighbours are compared of 1 word or more, 1 or more of each: received {len(places)} and {k}."
        )
    k = min(k, len(found) - 1)
    jaccard = np.empty(len(places))
    for start in range(0, len(places), BLOCK):
        some = places[start : start + BLOCK]
        near_a, _ = nearest_rows(found.a, found.rows_a[some], k, found.rows_a)
        near_b, _ = nearest_rows(found.b, found.rows_b[some], k, found.rows_b)
        common = in_both(near_a, near_b)
        jaccard[start : start + BLOCK] = common / (2 * k - common)
        yield min(start + BLOCK, len(places)) / len(places)
    return Agreement(tuple(found.word(place) for place in places.tolist()), jaccard, k, len(found))


def in_both(near_a: np.ndarray, near_b: np.ndarray) -> np.ndarray:
    """Return how many of each row's distinct numbers, (m, k) each, are in both: (m,) int64."""
    both = np.sort(np.hstack([near_a, near_b]), axis=1)
    return (both[:, 1:] == both[:, :-1]).sum(axis=1)
