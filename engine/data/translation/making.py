"""Pairs made by rules, every source once."""

from collections.abc import Callable

from engine.data.translation.dates import dates
from engine.data.translation.letters import letters, pigs
from engine.data.translation.number_words import SPOKEN
from engine.seeds import numpy_generator

MOST_DRAWS = 20
"""Of sources there may be fewer than are asked for: after so many rounds that is all."""


def made(kind: str, count: int, *, language: str, most: int, longest: int, seed: int) -> list[tuple[str, str]]:
    """Return at most ``count`` pairs of source and target, in an order by chance.

    ``numbers`` from 0 to ``most`` in words of a ``language``, to digits; ``digits`` the other way round; ``dates``;
    ``copy``, ``reverse`` and ``sort`` of at most ``longest`` letters; ``pig_latin``.
    """
    generator = numpy_generator(seed, "pairs", kind)
    if kind in ("numbers", "digits"):
        numbers = generator.choice(most + 1, min(count, most + 1), replace=False).tolist()
        pairs = [(SPOKEN[language](number), str(number)) for number in numbers]
        return pairs if kind == "numbers" else [(digits, words) for words, digits in pairs]
    if kind == "dates":
        return _each_once(count, lambda more: dates(more, language, generator))
    if kind == "pig_latin":
        return _each_once(count, lambda more: pigs(more, generator))
    return _each_once(count, lambda more: letters(kind, more, longest, generator))


def _each_once(count: int, draw: Callable[[int], list[tuple[str, str]]]) -> list[tuple[str, str]]:
    """Return the first ``count`` pairs of different sources."""
    found: dict[str, str] = {}
    for _ in range(MOST_DRAWS):
        for source, target in draw(count):
            found.setdefault(source, target)
        if len(found) >= count:
            break
    return list(found.items())[:count]
