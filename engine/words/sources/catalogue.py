"""Vectors that others have published, by the names of gensim-data: what is known of each before it is downloaded."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from engine.keeping import size_in_words
from engine.words.sources import Source, unknown

KIND = "catalogue:"
BASE = "https://github.com/RaRe-Technologies/gensim-data/releases/download"
BASE_NAMED_BY = "LEARNSCOPE_CATALOGUE"


@dataclass(frozen=True, slots=True)
class Published:
    """One file: so many ``bytes`` to download, the ``md5`` that its publisher gives for them, its words and numbers."""

    name: str
    title: str
    bytes: int
    md5: str
    rows: int
    dimensions: int
    licence: str

    @property
    def address(self) -> str:
        """Return where it lies: below ``LEARNSCOPE_CATALOGUE``, or where gensim-data is published."""
        return f"{base()}/{self.name}/{self.name}.gz"

    def path(self, home: Path) -> Path:
        """Return where it is kept once it is here."""
        return home / "words-downloads" / f"{self.name}.gz"


def _glove(name: str, title: str, rows: int, dimensions: int, size: int, md5: str) -> Published:
    return Published(f"glove-{name}-{dimensions}", title, size, md5, rows, dimensions, "public domain (PDDL)")


def _wiki(dimensions: int, size: int, md5: str) -> Published:
    return _glove("wiki-gigaword", "GloVe, Wikipedia and news", 400_000, dimensions, size, md5)


def _twitter(dimensions: int, size: int, md5: str) -> Published:
    return _glove("twitter", "GloVe, Twitter", 1_193_514, dimensions, size, md5)


_ALL = (
    _wiki(50, 69_182_535, "c289bc5d7f2f02c6dc9f2f9b67641813"),
    _wiki(100, 134_300_434, "40ec481866001177b8cd4cb0df92924f"),
    _wiki(200, 264_336_934, "59652db361b7a87ee73834a6c391dfc1"),
    _wiki(300, 394_362_229, "29e9329ac2241937d55b852e8284e89b"),
    _twitter(25, 109_885_004, "50db0211d7e7a2dcd362c6b774762793"),
    _twitter(50, 209_216_938, "c168f18641f8c8a00fe30984c4799b2b"),
    _twitter(100, 405_932_991, "b04f7bed38756d64cf55b58ce7e97b15"),
    _twitter(200, 795_373_100, "e52e8392d1860b95d5308a525817d8f9"),
    Published(
        "word2vec-google-news-300",
        "word2vec, Google News",
        1_743_563_840,
        "a5e5354d40acb95f9ec66d5977d140ef",
        3_000_000,
        300,
        "licence not stated",
    ),
    Published(
        "fasttext-wiki-news-subwords-300",
        "fastText, Wikipedia and news",
        1_005_007_116,
        "de2bb3a20c46ce65c9c131e1ad9a77af",
        999_999,
        300,
        "CC BY-SA 3.0",
    ),
    Published(
        "word2vec-ruscorpora-300",
        "word2vec, Russian National Corpus",
        208_427_381,
        "9bdebdc8ae6d17d20839dd9b5af10bc4",
        184_973,
        300,
        "CC BY 4.0",
    ),
    Published(
        "conceptnet-numberbatch-17-06-300",
        "ConceptNet Numberbatch",
        1_225_497_562,
        "fd642d457adcd0ea94da0cd21b150847",
        1_917_247,
        300,
        "licence told by its publisher",
    ),
)
CATALOGUE: Mapping[str, Published] = MappingProxyType({one.name: one for one in _ALL})


def base() -> str:
    """Return the address below which all of it lies."""
    return (os.environ.get(BASE_NAMED_BY) or BASE).rstrip("/")


def published(asked: str) -> Published:
    """Return what an id names; raises DataError."""
    one = CATALOGUE.get(asked.removeprefix(KIND))
    if one is None:
        raise unknown(asked)
    return one


def listed(home: Path) -> Iterator[Source]:
    """Yield all of the catalogue."""
    for one in CATALOGUE.values():
        yield source(home, f"{KIND}{one.name}")


def source(home: Path, asked: str) -> Source:
    """Return the source of an id; raises DataError."""
    one = published(asked)
    here = "on this server already" if one.path(home).exists() else f"{size_in_words(one.bytes)} to download"
    words = f"{one.rows:,} words in {one.dimensions} dimensions, {here}; {one.licence}."
    return Source(asked, f"{one.title}, {one.dimensions}", words)
