"""Texts with labels: in the form that fastText reads, from a table, and made up, of which all labels are known.

In fastText's form each line is a text, and its first word is the label behind ``__label__``.
"""

from collections.abc import Iterator
from os import PathLike

from engine.errors import DataError
from engine.keeping.paths import file_of
from engine.words import world
from engine.words.corpus.source import FileSource, TextSource
from engine.words.corpus.tokens import sentences
from engine.words.world.dice import Dice

MARK = "__label__"
Labelled = tuple[str, str]
"""A label, and a text."""


def read(path: str | PathLike[str]) -> Iterator[Labelled]:
    """Yield the labels and texts of a file, also gzipped; empty lines are left out. Raises DataError."""
    yield from lines(FileSource(file_of(path, "texts with labels, each in a line of its own")))


def lines(source: TextSource) -> Iterator[Labelled]:
    """Yield the labels and texts of the lines of a source; empty ones are left out. Raises DataError."""
    for number, line in enumerate(sentences(source.pieces(), "lines"), start=1):
        label, _, text = line.strip().partition(" ")
        if not label:
            continue
        if not label.startswith(MARK) or label == MARK:
            raise DataError(f"{source.name}, line {number:,}: expected {MARK}NAME first, received {label[:40]!r}.")
        if text.lstrip().startswith(MARK):
            raise DataError(f"{source.name}, line {number:,} has more than one label: expected one for each text.")
        yield label.removeprefix(MARK), text.strip()


def rows(source: FileSource, column: str, label: str) -> Iterator[Labelled]:
    """Yield the labels and texts of the rows of a table, from a column each; what has no label is left out.

    Raises DataError.
    """
    for text, one in source.rows((column, label)):
        if one.strip():
            yield one.strip(), text.strip()


def made_up(seed: int = world.SEED, count: int = 2_000) -> Iterator[Labelled]:
    """Yield sentences of the made-up world, each labelled with its topic; the same for the same seed."""
    dice = Dice(seed)
    weights = [topic.weight for topic in world.TOPICS]
    for _ in range(count):
        topic = dice.weighed(world.TOPICS, weights)
        yield topic.write.__module__.rpartition(".")[2], topic.write(dice)
