"""Sentences about how something was liked, made by rules of ours: the feeling lies in their order, not in their words.

A clause says of something that it was good or bad. A word before that may turn it round (*not*, *hardly*, *anything
but*), and so may what the clause begins with (*I doubt that*); both together leave it as it was. Words such as *very*
make it stronger and turn nothing. Of two clauses with *and* both feel the same. Of two that feel different one counts:
behind *but*, before *although*, and where a sentence begins with *although*, the second.

Whoever only counts words hardly does better than guessing: where two clauses differ, the same words in another order
are the other feeling.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np

from engine.seeds import numpy_generator

Feeling = Literal["negative", "positive"]
FEELINGS: tuple[Feeling, ...] = ("negative", "positive")
MOST_TRIES = 20
"""For each sentence that is asked for: where the rules give no more, as many as there are will do."""

THINGS = (
    "film play book concert song story ending soup bread cake coffee meal service room bed garden view journey beach "
    "lesson teacher game team price present party music museum"
)
GOOD = "good great lovely wonderful excellent pleasant charming brilliant delightful superb"
BAD = "bad awful dreadful terrible poor dull horrible disappointing unpleasant miserable"
STRONGER = ("very", "really", "so", "truly")
STRONGER_TURNED = ("very", "really")
TURNING = ("not", "never", "hardly", "far from", "anything but", "by no means")
DOUBTING = (
    "I doubt that",
    "nobody would say that",
    "I cannot say that",
    "it is not true that",
    "few people think that",
)
PLAIN = ("", "", "", "I think that", "everybody says that", "I must say that", "we all felt that")
SHARES = {"one": 0.3, "and": 0.15, "but": 0.25, "although first": 0.15, "although last": 0.15}
"""How often a sentence is of each kind."""
TURNED, DOUBTED, STRENGTHENED = 0.35, 0.15, 0.35
"""How often a clause has a word that turns it, one of doubt before it, one that makes it stronger."""


def sentences(count: int, seed: int) -> dict[str, list[str]]:
    """Return at most ``count`` sentences of each feeling, none twice, in no order; fewer are the first of more.

    Each has 4 to 25 words; the first letter is large, and a full stop ends it.
    """
    return {feeling: list(_some(feeling, count, seed)) for feeling in FEELINGS}


def _some(feeling: Feeling, count: int, seed: int) -> Iterator[str]:
    generator = numpy_generator(seed, "sentences", feeling)
    made: set[str] = set()
    for _ in range(MOST_TRIES * count):
        if len(made) == count:
            return
        sentence = _sentence(generator, good=feeling == "positive")
        if sentence not in made:
            made.add(sentence)
            yield sentence


def _sentence(generator: np.random.Generator, *, good: bool) -> str:
    this, that = generator.choice(THINGS.split(), 2, replace=False)
    felt = _clause(generator, this, good=good)
    match generator.choice(list(SHARES), p=list(SHARES.values())):
        case "and":
            said = f"{felt} and {_clause(generator, that, good=good)}"
        case "but":
            said = f"{_clause(generator, that, good=not good)}, but {felt}"
        case "although first":
            said = f"although {_clause(generator, that, good=not good)}, {felt}"
        case "although last":
            said = f"{felt}, although {_clause(generator, that, good=not good)}"
        case _:
            said = felt
    return f"{said[0].upper()}{said[1:]}."


def _clause(generator: np.random.Generator, thing: str, *, good: bool) -> str:
    """Return a clause that feels so, however often it is turned round."""
    turned, doubted = generator.random() < TURNED, generator.random() < DOUBTED
    word = _one_of((GOOD if good != (turned != doubted) else BAD).split(), generator)
    strong = STRONGER_TURNED if turned or doubted else STRONGER
    stronger = _one_of(strong, generator) if generator.random() < STRENGTHENED else ""
    turning = _one_of(TURNING, generator) if turned else ""
    at_all = "at all" if turning in ("not", "never") and not stronger and generator.random() < STRENGTHENED else ""
    before = _one_of(DOUBTING if doubted else PLAIN, generator)
    return " ".join(filter(None, [before, "the", thing, "was", turning, stronger, word, at_all]))


def _one_of(words: Sequence[str], generator: np.random.Generator) -> str:
    return words[int(generator.integers(len(words)))]
