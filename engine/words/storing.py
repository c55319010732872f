"""Writes the form in which a space lies on disk, see ``engine.words.stored``, whole or not at all."""

import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from engine.errors import DataError
from engine.keeping import drafts, size_in_words
from engine.words import search_codes, stored
from engine.words.formats import telling
from engine.words.formats.fasttext import SUBWORDS
from engine.words.formats.rows import Report, Rows
from engine.words.formats.stream import Stream
from engine.words.formats.telling import Contents
from engine.words.stored import Provenance, word_hash

CHECKING_BYTES = 64 << 20
BESIDES = 40
"""Bytes that a row takes beside its numbers, with a word of usual length."""


class TooLarge(DataError):
    """A file has more rows than there is room for; ``offer`` is how many of its first would fit, 1 at least."""

    def __init__(self, name: str, contents: Contents, fits: int, room: int) -> None:
        figures = max(0, len(str(fits)) - 2)
        self.offer = fits // 10**figures * 10**figures
        super().__init__(
            f"{name} has {f'about {contents.about:,}' if contents.about > fits else f'more than {fits:,}'} rows of "
            f"{contents.dimensions:,} numbers, and there is room for {size_in_words(room)} on this server: open "
            f"its first {self.offer:,}."
        )


class Read(NamedTuple):
    """How far a file was read: ``bytes`` of its ``size``, in which there were ``rows``."""

    bytes: int
    size: int
    rows: int


def write_folder(
    stream: Stream, folder: Path, limit: int | None = None, room: int | None = None
) -> Generator[Read, None, Provenance]:
    """Read a file of vectors, yield how far one is, and leave its space in ``folder``, whole or not at all.

    With ``limit`` only its first rows are kept. Raises DataError where it is no such file, or holds no row, and
    TooLarge where its space would take more than ``room`` bytes, as soon as that is seen.
    """
    report = Report()
    with drafts.drafted(folder) as aside:
        contents = telling.read(stream, report, aside)
        fits = _fits(stream, contents, room)
        if min(contents.about, limit or contents.about) > fits:
            raise TooLarge(stream.name, contents, fits, room or 0)
        rows = 0
        for rows in write_rows(aside, contents, report, limit):
            if rows > fits:
                raise TooLarge(stream.name, contents, fits, room or 0)
            yield Read(stream.read_bytes, stream.size, rows)
        if not rows:
            first = report.dropped[0] if report.dropped else None
            why = f": {first.why} (row {first.first:,})" if first else ""
            raise DataError(f"{stream.name} holds not one row that can be used{why}.")
        for _ in stream.rest(CHECKING_BYTES):  # so that the hash is that of the whole file
            yield Read(stream.read_bytes, stream.size, rows)
        record = Provenance(
            stream.name,
            stream.sha256,
            contents.kind,
            rows,
            contents.dimensions,
            limit,
            report.dropped,
            tuple(report.notes),
            contents.model.subwords if contents.model and contents.model.subwords.buckets else None,
        )
        record.write(aside)
    return record


def _fits(stream: Stream, contents: Contents, room: int | None) -> int:
    """Return how many rows of a file there is room for; raises DataError where there is none for even one.

    A model's rows of n-grams are all kept, and those of its words lie there too while a packed file is read.
    """
    if room is None:
        return sys.maxsize
    wide, model = 4 * contents.dimensions, contents.model
    whole = wide * (model.subwords.buckets + len(model.words) * stream.packed) if model else 0
    fits = max(0, room - whole) // (wide + BESIDES)
    if not fits:
        raise DataError(
            f"{stream.name} needs {size_in_words(whole + wide + BESIDES)} for its first row already, with all its "
            f"subwords, and there is room for {size_in_words(room)} on this server."
        )
    return fits


def write_rows(folder: Path, contents: Contents, report: Report, limit: int | None = None) -> Iterator[int]:
    """Write all of a space but its provenance, and yield now and then how many rows there are; at last, how many.

    What is left out goes into the ``report``.
    """
    seen: set[bytes] = set()
    lengths: list[np.ndarray] = []
    hashes: list[np.ndarray] = []
    kept_rows: list[np.ndarray] = []
    count = 0
    with (
        (folder / "vectors").open("wb") as vectors,
        (folder / "words.utf8").open("wb") as text,
        (folder / "inverse_norms").open("wb") as norms,
    ):
        for some in contents.rows:
            some = _first_of_each(some, seen, report, None if limit is None else limit - count)
            count += len(some.words)
            vectors.write(np.ascontiguousarray(some.vectors).data)
            norms.write(telling.unit(some.vectors).data)
            text.write(b"".join(some.words))
            lengths.append(np.fromiter(map(len, some.words), np.int64, len(some.words)))
            hashes.append(np.fromiter(map(word_hash, some.words), np.uint64, len(some.words)))
            if contents.counts is not None:
                kept_rows.append(some.places - 1)
            yield count
            if limit is not None and count >= limit:
                break
    write_index(folder, _joined(hashes, np.uint64), _joined(lengths, np.int64))
    if contents.counts is not None:
        contents.counts[_joined(kept_rows, np.int64)].tofile(folder / "frequency")
    if contents.model and contents.model.subwords.buckets and not (folder / SUBWORDS).exists():
        contents.model.grams.tofile(folder / SUBWORDS)  # a file's own are there already
    if count:
        vectors_of = stored.mapped(folder / "vectors", np.float32, count * contents.dimensions)
        inverse_norms = stored.mapped(folder / "inverse_norms", np.float32, count)
        search_codes.write(folder, vectors_of.reshape(count, -1), inverse_norms)
    yield count


def _joined(parts: list[np.ndarray], dtype: type) -> np.ndarray:
    return np.concatenate(parts) if parts else np.empty(0, dtype)


def write_index(folder: Path, hashes: np.ndarray, lengths: np.ndarray) -> None:
    """Write how a word is found (see ``engine.words.stored``) and where each ends; arrays (n,), row by row."""
    order = np.argsort(hashes, kind="stable")
    hashes[order].tofile(folder / "index.hashes")
    order.astype(np.int32).tofile(folder / "index.rows")
    np.cumsum(lengths).tofile(folder / "words.ends")


def _first_of_each(some: Rows, seen: set[bytes], report: Report, room: int | None) -> Rows:
    """Leave out words that were there before, and those for which there is no room."""
    new = set(some.words)
    if len(new) == len(some.words) and seen.isdisjoint(new) and (room is None or len(new) <= room):
        seen |= new
        return some
    good: list[int] = []
    again: list[int] = []
    for index, word in enumerate(some.words):
        if room is not None and len(good) >= room:
            break
        if word in seen:
            again.append(index)
        else:
            seen.add(word)
            good.append(index)
    if again:
        report.drop("the word was there before", int(some.places[again[0]]), len(again))
    return Rows([some.words[index] for index in good], some.vectors[good], some.places[good])
