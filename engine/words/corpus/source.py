"""Where a text comes from: a file of any size read as a stream, one column of a table, or sentences made by the app."""

import codecs
import csv
import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Protocol

from engine.errors import DataError
from engine.words.formats.stream import Stream

MOST_CELL = 1 << 20
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


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
    """A text file, also gzipped: UTF-8, or UTF-16 with its mark; of a table (CSV) the cells of one ``column``."""

    def __init__(self, path: Path, name: str = "", column: str = "") -> None:
        self._stream = Stream(path, name)
        self.name = self._stream.name
        self._column = column

    def pieces(self) -> Iterator[str]:
        """Yield the text, or one cell of the column after the other, each with an empty line behind it."""
        text = self._decoded()
        if not self._column:
            yield from text
            return
        for cell in _cells(_lines(text), self._column, self.name):
            yield f"{cell}\n\n"

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
                encoding = next((name for mark, name in _BOMS if chunk.startswith(mark)), "utf-8")
                decoder = codecs.getincrementaldecoder(encoding)()
            try:
                text = decoder.decode(chunk)
            except UnicodeDecodeError as error:
                raise self._no_text(f"byte {done + error.start + 1:,} is none of it") from None
            if "\0" in text:
                raise self._no_text("it holds bytes that are zero")
            done += len(chunk)
            yield text
        try:
            yield decoder.decode(b"", final=True) if decoder else ""
        except UnicodeDecodeError:
            raise self._no_text("it ends within a character") from None

    def _no_text(self, why: str) -> DataError:
        return DataError(f"{self.name} is no text in UTF-8: {why}. Save it as UTF-8 text.")


class MadeSource:
    """Sentences that the app makes or was given: each is a line."""

    def __init__(self, name: str, sentences: Callable[[], Iterable[str]]) -> None:
        self.name = name
        self._sentences = sentences
        self._hash = hashlib.sha256()

    def pieces(self) -> Iterator[str]:
        """Yield the sentences, each with an empty line behind it, so that it ends by every rule."""
        for sentence in self._sentences():
            piece = f"{sentence}\n\n"
            self._hash.update(piece.encode(errors="surrogatepass"))
            yield piece

    def share(self, whole: float) -> float | None:
        """Return nothing: nobody knows how much is to come."""
        return None

    def sha256(self) -> str:
        """Return the hash of the sentences, a line's end twice behind each."""
        return self._hash.hexdigest()


def columns(path: Path, name: str = "") -> tuple[str, ...]:
    """Return the names of a table's columns, as its first line has them; raises DataError."""
    source = FileSource(path, name)
    first = next(_lines(source.pieces()), "")
    found = tuple(next(csv.reader([first], delimiter=_delimiter(first)), []))
    if not found:
        raise DataError(f"{source.name} has no columns: its first line is empty.")
    return found


def _cells(lines: Iterator[str], column: str, name: str) -> Iterator[str]:
    first = next(lines, "")
    delimiter = _delimiter(first)
    header = next(csv.reader([first], delimiter=delimiter), [])
    if column not in header:
        shown = ", ".join(repr(one[:40]) for one in header[:10])
        raise DataError(f"{name} has no column {column[:60]!r}: expected one of {shown}.")
    place = header.index(column)
    csv.field_size_limit(MOST_CELL)
    try:
        for row in csv.reader(lines, delimiter=delimiter):
            if place < len(row):
                yield row[place]
    except csv.Error as error:
        raise DataError(f"{name} cannot be read as a table: {error}.") from None


def _delimiter(line: str) -> str:
    """Return what parts the cells of a table: what its first line has most of."""
    return max(",;\t", key=line.count)


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
