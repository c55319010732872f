"""fastText's model file (.bin, version 11 or 12): its words and the vectors of their subwords.

A word's vector is the mean of its own row and of the rows of its character n-grams, which share ``bucket`` rows by a
hash; so a word that was never seen has a vector too. (Bojanowski et al. 2017, arXiv 1607.04606)

The oldest files begin without a mark and a version, straight with the settings, and know neither pruned nor quantised
models. Everything that follows the input matrix, the output layer, is left unread: no vector depends on it.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from engine.errors import DataError
from engine.words.formats.binary import Reader
from engine.words.formats.rows import MAX_DIMENSIONS, MAX_WORD_BYTES, Rows

MAGIC = struct.pack("<i", 793_712_314)
VERSIONS = (11, 12)
SUPERVISED = 3
MAX_ROWS = 1 << 31
MAX_NGRAM = 100
_ARGUMENTS = struct.Struct("<12id")
_DICTIONARY = struct.Struct("<iiiqq")
_OLD_DICTIONARY = struct.Struct("<iiiq")
_ENTRY = struct.Struct("<qb")
_MATRIX = struct.Struct("<qq")
WORD = 0


class Subwords(NamedTuple):
    """How words are cut: into all n-grams of ``shortest`` to ``longest`` characters, which share ``buckets`` rows."""

    shortest: int
    longest: int
    buckets: int

    def rows(self, word: str) -> list[int]:
        """Return the bucket of each n-gram of ``<word>``; a character counts as one, whatever its bytes."""
        marked = [character.encode() for character in f"<{word}>"]
        found = []
        for start in range(len(marked)):
            for size in range(self.shortest, min(self.longest, len(marked) - start) + 1):
                edge = start == 0 or start + size == len(marked)
                if size > 1 or not edge:
                    found.append(fnv1a(b"".join(marked[start : start + size])) % self.buckets)
        return found


def fnv1a(data: bytes) -> int:
    """Return fastText's 32-bit hash: FNV-1a with every byte taken as a signed number."""
    value = 2_166_136_261
    for byte in data:
        value = ((value ^ (byte if byte < 128 else byte | 0xFFFFFF00)) * 16_777_619) & 0xFFFFFFFF
    return value


class Model(NamedTuple):
    """The part of a model that vectors depend on: ``words`` with their ``counts`` (n,) int64, the ``matrix`` (n +
    buckets, d) float32 of their rows and those of the n-grams.
    """

    words: list[bytes]
    counts: np.ndarray
    matrix: np.ndarray
    subwords: Subwords

    def vectors(self) -> Iterator[Rows]:
        """Yield the words with their vectors."""
        count, dimensions = len(self.words), self.matrix.shape[1]
        for start in range(0, count, 4_096):
            words = self.words[start : start + 4_096]
            vectors = np.empty((len(words), dimensions), dtype=np.float32)
            for index, word in enumerate(words):
                rows = [start + index, *(count + bucket for bucket in self._buckets(word))]
                vectors[index] = self.matrix[rows].mean(axis=0)
            yield Rows(words, vectors, np.arange(start + 1, start + 1 + len(words), dtype=np.int64))

    def _buckets(self, word: bytes) -> list[int]:
        # The end of a sentence has no subwords.
        if not self.subwords.buckets or word == b"</s>":
            return []
        return self.subwords.rows(word.decode(errors="replace"))


def is_fasttext(head: bytes) -> bool:
    """Tell whether a file begins as a model does, with the mark of a newer one or with the settings of an old one."""
    if head.startswith(MAGIC):
        return True
    if len(head) < _ARGUMENTS.size + _OLD_DICTIONARY.size:
        return False
    dimensions, *counts, rate = _ARGUMENTS.unpack_from(head)
    size, words, labels, _ = _OLD_DICTIONARY.unpack_from(head, _ARGUMENTS.size)
    plausible = 0 < dimensions <= MAX_DIMENSIONS and min(counts) >= 0 and 0 <= rate <= 1
    return plausible and words > 0 and words + labels == size


def read_fasttext(reader: Reader) -> Model:
    """Read a model, up to its input matrix; raises DataError where it is none, of another version, or compressed."""
    name = reader.name
    marked = bytes(reader.held(4)[:4]) == MAGIC
    version = struct.unpack("<4si", reader.take(8, "its beginning"))[1] if marked else None
    if marked and version not in VERSIONS:
        raise DataError(f"{name} is a fastText model of version {version}: expected version 11 or 12.")
    dimensions, *_, model, buckets, shortest, longest, _, _ = _ARGUMENTS.unpack(
        reader.take(_ARGUMENTS.size, "its settings")
    )
    if version == 11 and model == SUPERVISED:
        longest = 0  # that version wrote down what it did not use
    dictionary = _DICTIONARY if marked else _OLD_DICTIONARY
    size, words, labels, _, *pruned = dictionary.unpack(reader.take(dictionary.size, "its dictionary"))
    if not 0 < dimensions <= MAX_DIMENSIONS:
        raise DataError(f"{name} says that it has {dimensions:,} dimensions: expected 1 to {MAX_DIMENSIONS:,}.")
    if not (0 < words <= size and labels >= 0 and words + labels == size and 0 <= buckets < MAX_ROWS):
        raise DataError(
            f"{name} is damaged: it says that it has {size:,} entries, {words:,} words and {labels:,} labels."
        )
    if not (0 <= shortest <= MAX_NGRAM and 0 <= longest <= MAX_NGRAM):
        raise DataError(f"{name} is damaged: it says that it cuts words into {shortest:,} to {longest:,} characters.")
    found, counts = _entries(reader, size, words)
    if marked and (reader.take(1, "a switch") != b"\0" or pruned[0] >= 0):
        raise DataError(f"{name} is a compressed fastText model (.ftz): expected one that was not quantised.")
    rows, columns = _MATRIX.unpack(reader.take(_MATRIX.size, "the size of its matrix"))
    if columns != dimensions or rows != words + buckets:
        raise DataError(
            f"{name} is damaged: its matrix has {rows:,} rows of {columns:,} numbers, expected {words + buckets:,} of "
            f"{dimensions:,}."
        )
    return Model(found, counts, _matrix(reader, rows, columns), Subwords(shortest, longest, buckets if longest else 0))


def _entries(reader: Reader, size: int, words: int) -> tuple[list[bytes], np.ndarray]:
    """Return the words and how often each was seen; labels, which come behind them, are passed over."""
    found: list[bytes] = []
    counts: list[int] = []
    for entry in range(size):
        word = reader.take_until(b"\0", MAX_WORD_BYTES + 1, f"entry {entry + 1:,}")
        count, kind = _ENTRY.unpack(reader.take(_ENTRY.size, f"entry {entry + 1:,}"))
        if (kind == WORD) != (entry < words):
            raise DataError(f"{reader.name} is damaged: entry {entry + 1:,} is of kind {kind}.")
        if kind == WORD:
            found.append(word)
            counts.append(count)
    return found, np.array(counts, dtype=np.int64)


def _matrix(reader: Reader, rows: int, columns: int) -> np.ndarray:
    """Return the matrix; memory is taken as the bytes come, for what a file promises may never come."""
    parts: list[np.ndarray] = []
    left = rows
    while left:
        some = min(left, max(1, (8 << 20) // (4 * columns)))
        parts.append(np.frombuffer(reader.take(4 * columns * some, "its matrix"), dtype="<f4"))
        left -= some
    return np.concatenate(parts).reshape(rows, columns).astype(np.float32, copy=False)
