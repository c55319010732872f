"""The words that two spaces share: all that can be compared of them is compared on these."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.errors import DataError
from engine.words.space import Space


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """The m words that two spaces both have: their rows in each, (m,) int64, in the order of the first."""

    a: Space
    b: Space
    rows_a: np.ndarray
    rows_b: np.ndarray

    def __len__(self) -> int:
        return len(self.rows_a)

    def word(self, place: int) -> str:
        """Return one of the words by its place, from 0 to m - 1."""
        return self.a.words[int(self.rows_a[place])]

    def only(self, chosen: np.ndarray) -> "Shared":
        """Return some of the words: a mask (m,) bool, or places."""
        return Shared(self.a, self.b, self.rows_a[chosen], self.rows_b[chosen])

    def places(self, words: Sequence[str]) -> np.ndarray:
        """Return the places of some words, each once, in their order; raises DataError for one that is not shared."""
        rows = [self.a.words.find(word) for word in dict.fromkeys(words)]
        found = {row: place for place, row in enumerate(self.rows_a.tolist())}
        absent = [word for word, row in zip(dict.fromkeys(words), rows, strict=True) if row not in found]
        if absent:
            raise DataError(f"The word {absent[0][:60]!r} is not among the {len(self):,} words that both spaces share.")
        return np.array([found[row] for row in rows if row is not None], np.int64)


def shared(a: Space, b: Space, restrict: int | None = None) -> Shared:
    """Return the words that both spaces have, of the first ``restrict`` rows of each if that is given.

    None may be shared: then it is of length 0. Raises DataError where ``restrict`` is below 1.
    """
    if restrict is not None and restrict < 1:
        raise DataError(f"Words are compared among the first rows of each space: expected 1 or more, got {restrict}.")
    found = Shared(a, b, *a.words.rows_shared(b.words))
    return found if restrict is None else found.only((found.rows_a < restrict) & (found.rows_b < restrict))


def with_direction(found: Shared, least: int = 2) -> Shared:
    """Return those of the words that have a direction in both spaces: a vector of zeros has none.

    Raises DataError, a sentence, where there are fewer than ``least``.
    """
    has = (found.a.inverse_norms[found.rows_a] > 0) & (found.b.inverse_norms[found.rows_b] > 0)
    if has.sum() < least:
        raise DataError(
            f"These spaces share {int(has.sum()):,} words that have a direction in both: expected at least {least} to "
            "compare them by."
        )
    return found.only(has)
