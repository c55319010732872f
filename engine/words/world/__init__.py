"""A text about a small made-up world in which it is KNOWN what holds between words, so that analogies have an answer.

The world is told in short sentences, each about one topic: countries, people, work, animals, things, deeds, qualities
and the calendar. Nothing tells a relation outright more than real texts do; it shows in what stands around a word: the
government sits in a capital, these stands before many, yesterday before what is past. Some words come very often and
most come seldom, as in any text.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, permutations

from engine.words.world import animals, calendar, countries, deeds, people, qualities, things, work
from engine.words.world.dice import Dice
from engine.words.world.topic import Pairs

SEED = 1
SENTENCES = 50_000
TOPICS = tuple(module.TOPIC for module in (countries, people, work, animals, things, deeds, qualities, calendar))


def sentences(seed: int = SEED, count: int = SENTENCES) -> Iterator[list[str]]:
    """Yield sentences, each as its words in small letters; the same for the same seed, one after the other."""
    dice = Dice(seed)
    weights = [topic.weight for topic in TOPICS]
    for _ in range(count):
        yield _with_an(dice.weighed(TOPICS, weights).write(dice).split())


def _with_an(words: list[str]) -> list[str]:
    """Put ``an`` for ``a`` where the next word asks for it."""
    for at, (word, following) in enumerate(pairwise(words)):
        if word == "a" and (following[0] in "aeiou" or following in ("heir", "heiress")):
            words[at] = "an"
    return words


def relations() -> Mapping[str, Pairs]:
    """Return what is known of the world: pairs of words by the name of what holds between them."""
    return {name: tuple(pairs) for topic in TOPICS for name, pairs in topic.relations.items()}


def groups() -> Mapping[str, Sequence[str]]:
    """Return words that belong together by the name of what they are."""
    return {name: tuple(words) for topic in TOPICS for name, words in topic.groups.items()}


def questions() -> str:
    """Return all analogies that have a known answer as a suite: what ``evaluate.question_words`` reads."""
    lines = []
    for name, pairs in relations().items():
        lines.append(f": {name}")
        lines += [f"{a} {b} {c} {d}" for (a, b), (c, d) in permutations(pairs, 2)]
    return "\n".join(lines) + "\n"
