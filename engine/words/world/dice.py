"""How the text of the world is diced: the first of a list comes often, the last seldom, as words do in real text."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from random import Random
from typing import TypeVar

Thing = TypeVar("Thing")
SHIFT, SLOPE = 3.0, 0.8
SYLLABLES = tuple(consonant + vowel for vowel in "aeiou" for consonant in "bdfghklmnprstvz")
ENDINGS = ("n", "r", "ld", "th", "m", "sk", "x")


def rows(table: str) -> tuple[tuple[str, ...], ...]:
    """Return the lines of a table that are not empty, each as its words."""
    return tuple(tuple(line.split()) for line in table.splitlines() if line.strip())


class Dice:
    """Random choices under a seed; the same on every machine, for they use nothing but ``Random.random``."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - a made-up text keeps no secrets

    def even(self, things: Sequence[Thing]) -> Thing:
        """Return one of the things, each as likely."""
        return things[int(self._random.random() * len(things))]

    def two(self, things: Sequence[Thing]) -> tuple[Thing, Thing]:
        """Return two of the things that are not the same one; there are two at least."""
        first = int(self._random.random() * len(things))
        second = (first + 1 + int(self._random.random() * (len(things) - 1))) % len(things)
        return things[first], things[second]

    def zipf(self, things: Sequence[Thing]) -> Thing:
        """Return one of the things; that of rank r = 0, 1, ... with a weight of 1 / (r + 3)^0.8 (Zipf-Mandelbrot)."""
        return things[_place(self._random.random(), len(things))]

    def weighed(self, things: Sequence[Thing], weights: Sequence[float]) -> Thing:
        """Return one of the things by their weights."""
        return self._random.choices(things, weights)[0]

    def name(self) -> str:
        """Return a name that was never heard, of two or three syllables: most of them come once and not again."""
        return "".join(self.zipf(SYLLABLES) for _ in range(3 if self.chance(0.5) else 2)) + self.zipf(ENDINGS)

    def chance(self, share: float) -> bool:
        """Return True in so large a share of all cases, from 0 to 1."""
        return self._random.random() < share


@lru_cache(maxsize=256)
def _ladder(count: int) -> tuple[float, ...]:
    return tuple(accumulate(1 / (rank + SHIFT) ** SLOPE for rank in range(count)))


def _place(share: float, count: int) -> int:
    from bisect import bisect

    ladder = _ladder(count)
    return bisect(ladder, share * ladder[-1], hi=count - 1)
