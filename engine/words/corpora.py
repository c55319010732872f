"""The texts that the app learns spaces from by itself, by the name of their source, and how each is learnt."""

import hashlib
import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType

from engine.errors import DataError
from engine.words import world
from engine.words.corpus.source import MadeSource
from engine.words.packaged import PACKAGED, Packaged
from engine.words.train.spec import Word2VecSpec

_SENTENCE_END = re.compile(r"[.!?]\s")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Corpus:
    """A text: ``name`` is how links call its space, ``about`` one sentence; ``sentences`` yields it from its beginning.

    ``fingerprint`` becomes another as soon as the text may have, without reading all of it. ``count`` returns how many
    sentences it has, if that can be known, which may take as long as going through them.
    """

    name: str
    title: str
    about: str
    settings: Word2VecSpec
    sentences: Callable[[], Iterator[list[str]]]
    fingerprint: Callable[[], str]
    count: Callable[[], int] | None = None

    def source(self) -> MadeSource:
        """Return it as a text to be cut, in which each sentence is a line."""
        return MadeSource(self.title, lambda: map(" ".join, self.sentences()), self.count)


WORLD = Word2VecSpec(dimensions=100, epochs=8, min_count=5, sample=3e-4, learning_rate=0.05)
"""Measured: fewer epochs cost accuracy, more of them time; without the high rate it takes twice as many."""
SMALL_TEXT = Word2VecSpec(dimensions=50, epochs=30, min_count=3, sample=1e-3, learning_rate=0.05)
LONG_TEXT = Word2VecSpec(dimensions=100, epochs=5, min_count=5, sample=1e-3, learning_rate=0.05)


def corpus(name: str) -> Corpus:
    """Return the text of a name; raises DataError for any other."""
    if name == AGAIN.name:
        return AGAIN
    if name not in CORPORA:
        raise DataError(f"There is no text {name[:60]!r} to learn from: expected one of {', '.join(CORPORA)}.")
    return CORPORA[name]


@cache
def _of_the_world() -> str:
    """Return the digest of the generator itself: whoever changes a line of it has another text."""
    folder = Path(inspect.getfile(world)).parent
    digest = hashlib.sha256()
    for module in sorted(folder.glob("*.py")):
        digest.update(module.read_bytes())
    return digest.hexdigest()


def _files(text: Packaged) -> list[Path]:
    return sorted(text.path.glob("*.rst")) if text.path.is_dir() else [text.path]


def _of_files(text: Packaged) -> str:
    return "/".join(f"{file.name}:{file.stat().st_size}:{file.stat().st_mtime_ns}" for file in _files(text))


def _read(text: Packaged) -> Iterator[list[str]]:
    """Yield the sentences of a packaged text, each as its words in small letters; numbers are left out."""
    for file in _files(text):
        for paragraph in file.read_text(encoding="utf-8").split("\n\n" if text.path.is_dir() else "\n"):
            for sentence in _SENTENCE_END.split(paragraph):
                if words := _WORD.findall(sentence.lower()):
                    yield words


def _packaged(text: Packaged) -> Corpus:
    settings = LONG_TEXT if text.name == "encyclopedia" else SMALL_TEXT
    return Corpus(
        f"packaged:{text.name}",
        text.title,
        text.about,
        settings,
        partial(_read, text),
        partial(_of_files, text),
        lambda: sum(1 for _ in _read(text)),
    )


CORPORA: Mapping[str, Corpus] = MappingProxyType(
    {
        one.name: one
        for one in (
            Corpus(
                "world",
                "The made-up world",
                "A space that the app has learnt from a text of its own, about countries, people, animals and deeds "
                "that it made up: what is true in it is known, so that every analogy has a right answer.",
                WORLD,
                world.sentences,
                _of_the_world,
                lambda: world.SENTENCES,
            ),
            *(_packaged(text) for text in PACKAGED if text.kind == "text"),
        )
    }
)
"""All texts, each as it is learnt once."""
AGAIN = replace(
    CORPORA["world"],
    name="world:again",
    title="The made-up world, learnt again",
    about="The same text learnt from another seed: it begins elsewhere and meets other words by chance. What is the "
    "same in both was learnt from the text, and what differs was not.",
    settings=WORLD.replace(seed=WORLD.seed + 1),
)
"""A second space of the first text, to be compared with it."""
LEARNT = (*CORPORA, AGAIN.name)
"""The names of all spaces that the app learns by itself."""
