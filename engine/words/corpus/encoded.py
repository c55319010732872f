"""The form in which a text lies on disk once it is cut into tokens: numbers to be mapped, not read.

record.json       where it came from, how it was cut, how large it is
ids               (n,) int32: each token's row among the words; -1 after the last of a sentence
words.utf8        all distinct tokens, the most frequent first; words.ends says where each ends
index.hashes      and index.rows: how a token is found, see engine.words.stored
counts            (words,) int64, falling
merges.json       where the text is cut into pieces: the pairs that were merged, and how often each came
phrases.json      where phrases are joined: the pairs that are, how often each came, and its score
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import DataError
from engine.words.corpus.bpe import BytePairs, Merge
from engine.words.corpus.spec import TextSpec
from engine.words.stored import Words, mapped

FORM = 2
RECORD = "record.json"
END = -1
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Record:
    """Where a text came from and what it holds; ``spec`` is the JSON of its TextSpec, ``notes`` are whole sentences."""

    source: str
    sha256: str
    spec: str
    tokens: int
    sentences: int
    distinct: int
    notes: tuple[str, ...] = ()
    form: int = FORM

    def write(self, folder: Path) -> None:
        """Leave the record in the folder of its text."""
        (folder / RECORD).write_text(json.dumps(asdict(self), indent=2, ensure_ascii=False), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Two words that became one token: they came together ``count`` times, see ``engine.words.corpus.phrases``."""

    first: str
    second: str
    count: int
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class EncodedText:
    """A text as numbers, mapped: ``ids`` (tokens + sentences,) int32, ``counts`` (distinct,) int64, falling."""

    record: Record
    folder: Path
    words: Words
    counts: np.ndarray
    ids: np.ndarray

    @classmethod
    def open(cls, folder: Path) -> "EncodedText":
        """Map a text in place; raises DataError if what lies there is none, or is damaged."""
        try:
            found = json.loads((folder / RECORD).read_text(encoding="utf-8"))
            record = Record(**found | {"notes": tuple(found["notes"])})
            if record.form != FORM:
                raise ValueError("another form")
            n = record.distinct
            words = Words(
                mapped(folder / "words.utf8", np.uint8, -1),
                mapped(folder / "words.ends", np.int64, n),
                mapped(folder / "index.hashes", np.uint64, n),
                mapped(folder / "index.rows", np.int32, n),
            )
            counts = mapped(folder / "counts", np.int64, n)
            ids = mapped(folder / "ids", np.int32, record.tokens + record.sentences)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DataError(
                f"The text kept in {folder.name} cannot be opened, so read its file again: {error}."
            ) from None
        return cls(record, folder, words, counts, ids)

    @property
    def spec(self) -> TextSpec:
        """Return how the text was cut."""
        return TextSpec.from_json(self.record.spec)

    def kept(self, min_count: int, most: int | None = None) -> int:
        """Return how many words come ``min_count`` times or more: rows 0 up to it. ``most`` is a cap."""
        found = int(np.searchsorted(-self.counts, -min_count, side="right"))
        return found if most is None else min(found, most)

    def chunks(self, kept: int | None = None, size: int = CHUNK) -> Iterator[np.ndarray]:
        """Yield all ids in arrays of about ``size`` that end where a sentence does; words from row ``kept`` on are left
        out, as if they had never stood there. Each array has a word.
        """
        for some in whole_sentences(self.ids, size):
            left = some if kept is None else some[some < kept]
            if (left != END).any():
                yield left

    def sentences(self, kept: int | None = None) -> Iterator[list[str]]:
        """Yield the sentences as words; words from row ``kept`` on are left out, and so is a sentence without any."""
        words = self.words[: self.record.distinct if kept is None else kept]
        for some in self.chunks(kept):
            yield from sentences_of(some, words)

    def pieces(self) -> BytePairs | None:
        """Return the pairs that this text's words are cut by; None where they are whole. Raises DataError."""
        if self.spec.rule != "bpe":
            return None
        return BytePairs([Merge((left, right), count) for left, right, count in self._left("merges.json")])

    def phrases(self) -> tuple[Phrase, ...]:
        """Return the pairs of words that became one token; raises DataError."""
        return tuple(Phrase(*one) for one in self._left("phrases.json")) if self.spec.phrases else ()

    def _left(self, name: str) -> list[list[Any]]:
        """Return what was left beside the numbers. Were it merely missing, words would seem to be whole."""
        try:
            return json.loads((self.folder / name).read_bytes())
        except (OSError, ValueError):
            raise DataError(
                f"The text kept in {self.folder.name} is not whole, so read its file again: {name} is damaged."
            ) from None


def sentences_of(ids: np.ndarray, words: list[str]) -> list[list[str]]:
    """Return the sentences of a chunk as words; of those that have any."""
    ends = np.flatnonzero(ids == END).tolist()
    every = [words[row] for row in ids.tolist()]  # that of an end is some word, and left out next
    return [every[start:end] for start, end in zip([0, *(end + 1 for end in ends)], ends, strict=False) if end > start]


def whole_sentences(ids: np.ndarray, size: int) -> Iterator[np.ndarray]:
    """Yield ids in arrays of about ``size`` that end where a sentence does."""
    start = 0
    while start < len(ids):
        stop = min(start + size, len(ids))
        while stop < len(ids) and ids[stop - 1] != END:
            behind = np.flatnonzero(ids[stop : stop + size] == END)
            stop = stop + int(behind[0]) + 1 if len(behind) else min(stop + size, len(ids))
        yield np.asarray(ids[start:stop])
        start = stop
