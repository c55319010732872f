"""fastText's model file (.bin, version 11 or 12): its words and the vectors of their subwords.

A word's vector is the mean of its own row and of the rows of its character n-grams, which share ``bucket`` rows by a
hash; so a word that was never seen has a vector too. (Bojanowski et al. 2017, arXiv 1607.04606)

The matrix of these rows may be larger than memory. The words' own rows are mapped where they lie, or, of a packed file,
from a copy without a name, so that of those behind a limit none is looked at; the rows of the n-grams, of which all are
needed, go straight to where the space keeps them.

The oldest files begin without a mark and a version, straight with the settings, and know neither pruned nor quantised
models. Everything that follows the input matrix, the output layer, is left unread: no vector depends on it.
"""

import struct
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import numpy as np

from engine.errors import DataError
from engine.words.formats.binary import Reader
from engine.words.formats.rows import MAX_DIMENSIONS, MAX_ROWS, MAX_WORD_BYTES, Rows, rows_at_once
from engine.words.formats.subwords import Subwords

MAGIC = struct.pack("<i", 793_712_314)
VERSIONS = (11, 12)
SUPERVISED = 3
MAX_NGRAM = 100
_ARGUMENTS = struct.Struct("<12id")
_DICTIONARY = struct.Struct("<iiiqq")
_OLD_DICTIONARY = struct.Struct("<iiiq")
_ENTRY = struct.Struct("<qb")
_MATRIX = struct.Struct("<qq")
WORD = 0
MAX_ENTRY_BYTES = MAX_WORD_BYTES + 1 + _ENTRY.size
MATRIX_BYTES = 8 << 20
SUBWORDS = "subwords"
MAX_GRAMS = 1 << 20
"""So many n-grams at most are cut at a time."""


@dataclass(slots=True, eq=False)
class Model:
    """The part of a model that vectors depend on: ``words`` with their ``counts`` (n,) int64, their ``own`` rows (n, d)
    float32 and those of the n-grams, ``grams`` (buckets, d) float32, both without rows until they were read.
    """

    words: list[bytes]
    counts: np.ndarray
    own: np.ndarray
    subwords: Subwords
    grams: np.ndarray = field(default_factory=lambda: np.empty((0, 0), np.float32))

    @property
    def dimensions(self) -> int:
        """The length d of a row."""
        return self.own.shape[1]

    def vectors(self) -> Iterator[Rows]:
        """Yield the words with their vectors."""
        start = 0
        while start < len(self.words):
            end, grams = start, 0
            most = start + rows_at_once(self.dimensions)
            while end < min(most, len(self.words)) and grams < MAX_GRAMS:
                grams += (len(self.words[end]) + 2) * max(1, self.subwords.longest)
                end += 1
            words = self.words[start:end]
            yield Rows(words, self._means(words, start), np.arange(start + 1, end + 1, dtype=np.int64))
            start = end

    def _means(self, words: list[bytes], start: int) -> np.ndarray:
        """Return the vectors of the words from row ``start`` on."""
        own = np.array(self.own[start : start + len(words)], np.float32)  # in a file they may begin anywhere
        if not self.subwords.buckets:
            return own
        sums, each = sums_of_subwords(words, self.subwords, self.grams)
        return means(own, sums, each)


def sums_of_subwords(words: list[bytes], subwords: Subwords, matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the sum of the rows of each word's n-grams in ``matrix`` (buckets, d), (n, d) float32, and their number,
    (n,) int64.
    """
    from scipy.sparse import csr_array

    buckets, each = subwords.rows_of_all(words)
    ends = np.cumsum(each)
    for index, word in enumerate(words):
        if word == b"</s>":  # the end of a sentence has no subwords
            buckets = np.delete(buckets, slice(ends[index] - each[index], ends[index]))
            each[index] = 0
            ends = np.cumsum(each)
    ones = csr_array(
        (np.ones(len(buckets), np.float32), buckets, np.concatenate([[0], ends])),
        shape=(len(words), subwords.buckets),
    )
    with np.errstate(over="ignore", invalid="ignore"):
        return ones @ matrix, each


def means(own: np.ndarray, sums: np.ndarray, each: np.ndarray) -> np.ndarray:
    """Return the vectors of words, (n, d) float32: the mean of a word's own row and those of its n-grams."""
    with np.errstate(over="ignore", invalid="ignore"):
        return (own + sums) / (each + 1).astype(np.float32)[:, None]


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


def read_fasttext(reader: Reader, folder: Path, plain: Path | None) -> tuple[Model, Iterator[Rows]]:
    """Read a model up to its matrix; return it with its rows, as which the matrix is read. The rows of the n-grams are
    left in ``folder`` as the file ``SUBWORDS``; ``plain`` is the file itself, unless it is packed.

    Before the first row others come that are empty, so that one sees that the reading goes on. Raises DataError where
    it is none, of another version, or compressed.
    """
    name = reader.name
    marked = bytes(reader.held(4)[:4]) == MAGIC
    version = struct.unpack("<4si", reader.take(8, "its beginning"))[1] if marked else None
    if marked and version not in VERSIONS:
        raise DataError(f"{name} is a fastText model of version {version}: expected version 11 or 12.")
    dimensions, *_, task, buckets, shortest, longest, _, _ = _ARGUMENTS.unpack(
        reader.take(_ARGUMENTS.size, "its settings")
    )
    if version == 11 and task == SUPERVISED:
        longest = 0  # that version wrote down what it did not use
    dictionary = _DICTIONARY if marked else _OLD_DICTIONARY
    size, words, labels, _, *pruned = dictionary.unpack(reader.take(dictionary.size, "its dictionary"))
    if not 0 < dimensions <= MAX_DIMENSIONS:
        raise DataError(f"{name} says that it has {dimensions:,} dimensions: expected 1 to {MAX_DIMENSIONS:,}.")
    if not (0 < words <= size and labels >= 0 and words + labels == size and 0 <= buckets <= MAX_ROWS):
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
    model = Model(
        found, counts, np.empty((0, columns), np.float32), Subwords(shortest, longest, buckets * (longest > 0))
    )
    return model, _rows(reader, model, buckets, folder, plain)


def _rows(reader: Reader, model: Model, buckets: int, folder: Path, plain: Path | None) -> Iterator[Rows]:
    count, columns = len(model.words), model.dimensions
    with ExitStack() as files:
        if plain is None:
            begin, lies = 0, files.enter_context(TemporaryFile(dir=folder))
            yield from _laid(reader, count, columns, lies)
        else:
            begin, lies = reader.position, files.enter_context(plain.open("rb"))
            yield from _laid(reader, count, columns, None)
        model.own = np.memmap(lies, dtype="<f4", mode="r", offset=begin, shape=(count, columns))
        used = model.subwords.buckets
        grams = files.enter_context((folder / SUBWORDS).open("w+b")) if used else None
        yield from _laid(reader, buckets, columns, grams)
        if grams is not None:
            model.grams = np.asarray(np.memmap(grams, dtype="<f4", mode="r", shape=(used, columns)))
    yield from model.vectors()


def _laid(reader: Reader, rows: int, columns: int, file: IO[bytes] | None) -> Iterator[Rows]:
    """Take so many rows, write them to a file where there is one, and yield empty ones meanwhile."""
    nothing = Rows([], np.empty((0, columns), np.float32), np.empty(0, np.int64))
    left = rows
    while left:  # room is taken as the bytes come, for what a file promises may never come
        some = min(left, max(1, MATRIX_BYTES // (4 * columns)))
        taken = reader.take(4 * columns * some, "its matrix")
        if file is not None:
            file.write(taken)
        left -= some
        yield nothing
    if file is not None:
        file.flush()


def _entries(reader: Reader, size: int, words: int) -> tuple[list[bytes], np.ndarray]:
    """Return the words and how often each was seen; labels, which come behind them, are passed over."""
    found: list[bytes] = []
    counts: list[int] = []
    unpack, wide = _ENTRY.unpack_from, _ENTRY.size
    while len(found) < size:
        held, begin = reader.window(MAX_ENTRY_BYTES)
        position = begin
        while len(found) < size and ((end := held.find(b"\0", position, position + MAX_WORD_BYTES + 1)) >= 0):
            if end + 1 + wide > len(held):
                break
            count, kind = unpack(held, end + 1)
            if (kind == WORD) != (len(found) < words):
                raise DataError(f"{reader.name} is damaged: entry {len(found) + 1:,} is of kind {kind}.")
            found.append(held[position:end])
            counts.append(count)
            position = end + 1 + wide
        reader.skip(position - begin)
        if position == begin:
            reader.take_until(b"\0", MAX_WORD_BYTES + 1, f"entry {len(found) + 1:,}")
            reader.take(wide, f"entry {len(found) + 1:,}")
    return found[:words], np.array(counts[:words], dtype=np.int64)
