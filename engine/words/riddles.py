"""Riddles: analogies with a known answer and a few wrong ones, to be guessed before one sees what the space says."""

import random
from dataclasses import dataclass

from engine.words.examples import relations
from engine.words.formula import Formula
from engine.words.space import Space

CHOICES = 4


@dataclass(frozen=True, slots=True)
class Riddle:
    """``given`` are to each other as ``asked`` is to one of the ``choices``, the ``right`` one; ``relation`` is why."""

    given: tuple[str, str]
    asked: str
    right: str
    choices: tuple[str, ...]
    relation: str

    @property
    def formula(self) -> Formula:
        """The riddle as a formula."""
        return Formula((self.asked, self.given[1]), (self.given[0],))


def riddle(space: Space, number: int) -> Riddle | None:
    """Return one of the riddles of a space, the same for the same number; None where too little is known of it."""
    fitting = []
    for name, pairs in relations(space):
        there = [pair for pair in pairs if pair[0] in space and pair[1] in space]
        if len({second for _, second in there}) > CHOICES:
            fitting.append((name, there))
    if not fitting:
        return None
    dice = random.Random(number)  # noqa: S311
    name, pairs = dice.choice(fitting)
    given, (asked, right) = dice.sample(pairs, 2)
    others = sorted({second for _, second in pairs} - {right, given[1], asked})
    choices = [right, *dice.sample(others, min(CHOICES - 1, len(others)))]
    dice.shuffle(choices)
    return Riddle(given, asked, right, tuple(choices), name)
