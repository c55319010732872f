"""What a topic of the made-up world is: how it writes a sentence, and what is known to be true in it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from engine.words.world.dice import Dice

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Topic:
    """One part of the world: it gets a share of all sentences in proportion to ``weight``.

    ``relations`` are pairs of words by the name of what holds between them, each word once on its side; ``groups``
    are words that belong together, for the odd one out.
    """

    weight: float
    write: Callable[[Dice], str]
    relations: Mapping[str, Pairs] = field(default_factory=dict)
    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)
