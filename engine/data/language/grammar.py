"""Sentences out of rules: each rule is a list of ways to say a thing, and a way may name other rules in braces."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

import numpy as np

from engine.seeds import numpy_generator

T = TypeVar("T")
_NAMED = re.compile(r"\{(\w+)\}")
_DRAWN_AT_ONCE = 4096

Paragraphs = Callable[["Dice"], Iterator[str]]
"""What a style is: paragraphs without end, each with its line ends."""


class Dice:
    """Chances of one text, drawn from a stream of their own; quick enough for a hundred thousand words a second."""

    def __init__(self, seed: int, name: str) -> None:
        self._generator: np.random.Generator = numpy_generator(seed, "language", name)
        self._left: list[float] = []

    def share(self) -> float:
        """Return a number from 0 to 1."""
        if not self._left:
            self._left = self._generator.random(_DRAWN_AT_ONCE).tolist()
        return self._left.pop()

    def number(self, low: int, high: int) -> int:
        """Return a whole number from ``low`` to ``high``, both of them possible."""
        return low + int(self.share() * (high - low + 1))

    def one(self, some: Sequence[T]) -> T:
        """Return one of some things."""
        return some[int(self.share() * len(some))]

    def some(self, things: Sequence[T], count: int) -> list[T]:
        """Return ``count`` different ones of some things, in an order of their own."""
        left = list(things)
        return [left.pop(int(self.share() * len(left))) for _ in range(count)]


class Grammar:
    """Rules by their names: ``{"greeting": ("hello {who}", "good day")}``.

    Raises KeyError where a way names a rule that there is not.
    """

    def __init__(self, rules: Mapping[str, Sequence[str]]) -> None:
        # Of a way every second part is the name of a rule.
        self._rules = {name: [_NAMED.split(way) for way in ways] for name, ways in rules.items()}
        for ways in self._rules.values():
            for way in ways:
                for name in way[1::2]:
                    self._rules[name]

    def say(self, name: str, dice: Dice) -> str:
        """Return one way to say what the rule ``name`` is for."""
        way = dice.one(self._rules[name])
        return "".join(self.say(part, dice) if place % 2 else part for place, part in enumerate(way))


def first_characters(parts: Iterable[str], characters: int) -> str:
    """Return the first so many ``characters`` of a text in parts, all of them if it is shorter; parts behind are not
    asked for.
    """
    found: list[str] = []
    size = 0
    for part in parts:
        found.append(part)
        size += len(part)
        if size >= characters:
            break
    return "".join(found)[:characters]


def words(text: str) -> tuple[str, ...]:
    """Return the words of a rule that is a list of single words."""
    return tuple(text.split())


def sentence(text: str) -> str:
    """Return a text with a capital at its beginning."""
    return text[:1].upper() + text[1:]
