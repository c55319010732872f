"""Where a text comes from: a file of any size read as a stream, one column of a table, or sentences made by the app."""

import codecs
import csv
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from engine.errors import DataError
from engine.words.formats.stream import Stream

MOST_CELL = 1 << 20
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), *((mark, "utf-16") for mark in UTF16))
AROUND = 24
"""Bytes to each side of one that cannot be read, by which a person may know what was meant."""


class NotDecoded(DataError):
    """Bytes that are no text in their encoding; ``around`` are those about the first such place."""

    def __init__(self, sentence: str, around: bytes) -> None:
        super().__init__(sentence)
        self.around = around


class TextSource(Protocol):
    """A text, called ``name`` in messages, that is read once, from its beginning."""

    name: str

    def pieces(self) -> Iterator[str]:
        """Yield the text piece by piece, cut anywhere; raises DataError where it cannot be read."""
        ...

    def share(self, whole: float) -> float | None:
        """Return how much of ``whole`` was read; None where that is not known."""
        ...

    def sha256(self) -> str:
        """Return the hash of what was read, in hexadecimal."""
        ...


class FileSource:
    """A text file, also gzipped, in some ``encoding``, or as a mark at its beginning says; of a table (CSV) the cells
    of one ``column``. With ``exactly`` it has to lie at ``path`` itself, see ``Stream``.
    """

    def __init__(
        self, path: Path, name: str = "", column: str = "", encoding: str = "utf-8", *, exactly: bool = False
    ) -> None:
        self._stream = Stream(path, name, exactly=exactly)
        self.name = self._stream.name
        self._column, self._encoding = column, encoding

    def pieces(self) -> Iterator[str]:
        """Yield the text, or one cell of the column after the other, each with an empty line behind it."""
        if not self._column:
            yield from self._decoded()
            return
        for (cell,) in self.rows((self._column,)):
            yield f"{cell}\n\n"

    def rows(self, columns: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """Yield the cells of some columns of a table, row by row; rows that lack one are left out. Raises DataError."""
        yield from _cells(_lines(self._decoded()), columns, self.name)

    def share(self, whole: float) -> float | None:
        """Return how much of ``whole`` was read."""
        return whole * min(1.0, self._stream.read_bytes / self._stream.size) if self._stream.size else None

    def sha256(self) -> str:
        """Return the hash of the file as far as it was read."""
        return self._stream.sha256

    def _decoded(self) -> Iterator[str]:
        decoder = None
        done = 0
        for chunk in self._stream.chunks():
            if decoder is None:
                self._encoding = encoding_of(chunk, self._encoding)
                decoder = codecs.getincrementaldecoder(self._encoding)()
            pending = len(decoder.getstate()[0])
            try:
                text = decoder.decode(chunk)
            except UnicodeDecodeError as error:
                at = error.start - pending  # what waits of the chunk before comes first
                around = error.object[max(0, error.start - AROUND) : error.start + AROUND]
                raise self._no_text(f"byte {done + at + 1:,} is none of it", around) from None
            if "\0" in text:
                raise self._no_text("it holds bytes that are zero", chunk[: 2 * AROUND])
            done += len(chunk)
            yield text
        try:
            yield decoder.decode(b"", final=True) if decoder else ""
        except UnicodeDecodeError as error:
            raise self._no_text("it ends within a character", error.object[-AROUND:]) from None

    def _no_text(self, why: str, around: bytes) -> NotDecoded:
        called = self._encoding.removesuffix("-sig").upper()
        return NotDecoded(f"{self.name} is no text in {called}: {why}. Save it as UTF-8 text.", around)


def encoding_of(beginning: bytes, asked: str) -> str:
    """Return what a text is written in: what the mark at its beginning says, or else what is asked."""
    return next((name for mark, name in _BOMS if beginning.startswith(mark)), asked)


class MadeSource:
    """Sentences that the app makes or was given: each is a line. ``count`` returns how many there are, if that is
    known; it is asked once, and not before somebody wants to know how much was read.
    """

    def __init__(
        self, name: str, sentences: Callable[[], Iterable[str]], count: Callable[[], int] | None = None
    ) -> None:
        self.name = name
        self._sentences, self._count = sentences, count
        self._told, self._all = 0, 0
        self._hash = hashlib.sha256()

    def pieces(self) -> Iterator[str]:
        """Yield the sentences, each with an empty line behind it, so that it ends by every rule."""
        for sentence in self._sentences():
            piece = f"{sentence}\n\n"
            self._hash.update(piece.encode(errors="surrogatepass"))
            self._told += 1
            yield piece

    def share(self, whole: float) -> float | None:
        """Return how much of ``whole`` was read; None where nobody knows how much is to come."""
        if self._count is None:
            return None
        self._all = self._all or max(1, self._count())
        return whole * min(1.0, self._told / self._all)

    def sha256(self) -> str:
        """Return the hash of the sentences, a line's end twice behind each."""
        return self._hash.hexdigest()


def columns(path: Path, name: str = "") -> tuple[str, ...]:
    """Return the names of a table's columns, as its first line has them; raises DataError."""
    source = FileSource(path, name)
    first = next(_lines(source.pieces()), "")
    found = tuple(next(rows_of([first], delimiter_of(first)), []))
    if not found:
        raise DataError(f"{source.name} has no columns: its first line is empty.")
    return found


def rows_of(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    """Yield the rows of a table; raises csv.Error."""
    csv.field_size_limit(MOST_CELL)
    return csv.reader(lines, delimiter=delimiter)


def delimiter_of(line: str) -> str:
    """Return what parts the cells of a table: what its first line has most of."""
    return max(",;\t", key=line.count)


def _cells(lines: Iterator[str], columns: Sequence[str], name: str) -> Iterator[tuple[str, ...]]:
    first = next(lines, "")
    delimiter = delimiter_of(first)
    try:
        header = next(rows_of([first], delimiter), [])
        absent = next((column for column in columns if column not in header), None)
        if absent is not None:
            shown = ", ".join(repr(one[:40]) for one in header[:10])
            raise DataError(f"{name} has no column {absent[:60]!r}: expected one of {shown}.")
        places = [header.index(column) for column in columns]
        for row in rows_of(lines, delimiter):
            if max(places) < len(row):
                yield tuple(row[place] for place in places)
    except csv.Error as error:
        raise DataError(f"{name} cannot be read as a table: {error}.") from None


def _lines(pieces: Iterable[str]) -> Iterator[str]:
    left = ""
    for piece in pieces:
        *whole, left = (left + piece).splitlines(keepends=True) or [""]
        if left.endswith("\n"):
            whole, left = [*whole, left], ""
        yield from whole
        if len(left) > MOST_CELL:
            yield left
            left = ""
    if left:
        yield left
