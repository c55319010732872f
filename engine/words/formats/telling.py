"""Tells by its content, never by its name, what kind of file one was given, and reads it."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np

from engine.errors import DataError
from engine.words.formats import fasttext
from engine.words.formats.binary import Reader
from engine.words.formats.fasttext import Model
from engine.words.formats.others import SAFETENSORS, other_kind
from engine.words.formats.rows import MAX_DIMENSIONS, Report, Rows, kept
from engine.words.formats.stream import Stream
from engine.words.formats.tensors import read_tensors
from engine.words.formats.text import FIRST_ROWS, Header, dimensions_of, read_header, read_text
from engine.words.formats.word2vec import read_word2vec

Kind = Literal["word2vec binary", "word2vec text", "GloVe text", "fastText model", "safetensors", "trained by the app"]
HEAD_BYTES = 1 << 20
SHORTEST = 1e-38
EXPECTED = "expected vectors as word2vec, GloVe or fastText write them"


class Contents(NamedTuple):
    """What is in a file: its ``kind``, the ``dimensions`` d, the ``rows``; of a fastText model also the ``model``.

    ``about`` is how many rows there will be, as far as its beginning and its size tell; some may be left out.
    ``counts`` (rows in the file,) int64 are how often each word was seen, where the file tells it.
    """

    kind: Kind
    dimensions: int
    rows: Iterator[Rows]
    model: Model | None = None
    about: int = 0
    counts: np.ndarray | None = None

    @classmethod
    def learnt(cls, model: Model) -> "Contents":
        """Return what the app has learnt itself, as if it lay in a file."""
        n, d = len(model.words), model.dimensions
        return cls("trained by the app", d, model.vectors(), model, n, model.counts)


def read(stream: Stream, report: Report, folder: Path) -> Contents:
    """Return what is in a file; rows are read as they are asked for. Raises DataError, also while they are.

    What is larger than memory is laid down in ``folder``, where the space is written.
    """
    chunks = stream.chunks()
    head = _head(chunks)
    name = stream.name
    kind = _kind(name, head)
    if kind == SAFETENSORS:
        layout, counts, rows = read_tensors(Reader(name, chain([head], chunks)))
        return Contents("safetensors", layout.dimensions, kept(rows, report), about=layout.rows, counts=counts)
    if fasttext.is_fasttext(head):
        plain = None if stream.packed else stream.path
        model, rows = fasttext.read_fasttext(Reader(name, chain([head], chunks)), folder, plain)
        n, d = len(model.words), model.dimensions
        return Contents("fastText model", d, kept(rows, report), model, n, model.counts)
    bytes_in_all = len(head) * stream.size // max(1, stream.read_bytes)  # gz: if all unpacks as its beginning does
    end = len(head)
    head = head.removeprefix(b"\xef\xbb\xbf")
    first, lf, behind = _first_line(head)
    header = read_header(name, first)
    if header is None:
        dimensions = dimensions_of(_whole_lines(head))
        _check_dimensions(name, dimensions, "its first rows end in")
        rows = read_text(name, chain([head], chunks), dimensions, 1, report)
        return Contents("GloVe text", dimensions, kept(rows, report), about=_about(head, bytes_in_all))
    _check_dimensions(name, header.dimensions, "line 1, its header, promises rows of")
    if _is_text(behind, header.dimensions):
        rows = read_text(name, chain([behind], chunks), header.dimensions, 2, report)
        about = min(header.rows, 2 * _about(behind, bytes_in_all))
        return Contents("word2vec text", header.dimensions, kept(_counted(rows, header, report), report), about=about)
    if not lf or not behind.strip():
        raise DataError(f"{name} has a header and no rows: {EXPECTED}.")
    rows = read_word2vec(Reader(name, chain([behind], chunks), end - len(behind)), header, report)
    about = min(header.rows, bytes_in_all // (4 * header.dimensions + 2))
    return Contents("word2vec binary", header.dimensions, kept(rows, report), about=about)


def _about(head: bytes, bytes_in_all: int) -> int:
    """Return how many lines there are in all, if they are as long as the first."""
    return bytes_in_all * max(1, head.count(b"\n"), head.count(b"\r")) // len(head)


def _head(chunks: Iterator[bytes]) -> bytes:
    head = b""
    while len(head) < HEAD_BYTES and (chunk := next(chunks, b"")):
        head += chunk
    return head


def _kind(name: str, head: bytes) -> str:
    """Return what a file is that holds vectors, or may; raises DataError where it does not."""
    if not head.strip():
        raise DataError(f"{name} is empty: {EXPECTED}.")
    other = other_kind(head)
    if other and other != SAFETENSORS:
        raise DataError(f"{name} is {other}: {EXPECTED}.")
    return other


def _first_line(head: bytes) -> tuple[bytes, bool, bytes]:
    """Return the first line, whether it ends, and what is behind it."""
    ends = [end for mark in (b"\n", b"\r") if (end := head.find(mark)) >= 0]
    if not ends:
        return head, False, b""
    end = min(ends)
    skip = 2 if head[end : end + 2] == b"\r\n" else 1
    return head[:end], True, head[end + skip :]


def _whole_lines(head: bytes) -> list[bytes]:
    lines = head.replace(b"\r", b"\n").split(b"\n")
    whole = lines[:-1] or lines
    return [line for line in whole if line.strip()][:FIRST_ROWS]


def _is_text(rows: bytes, dimensions: int) -> bool:
    """Tell whether rows behind a header are text: one of the first ends in d numbers."""
    lines = _whole_lines(rows[: 1 << 18])[:3]
    return any(len(line.split()) > dimensions and dimensions_of([line]) >= dimensions for line in lines)


def _check_dimensions(name: str, dimensions: int, says: str) -> None:
    if not 2 <= dimensions <= MAX_DIMENSIONS:
        raise DataError(
            f"{name} is no file of vectors: {says} {dimensions:,} numbers, expected 2 to {MAX_DIMENSIONS:,}."
        )


def _counted(rows: Iterator[Rows], header: Header, report: Report) -> Iterator[Rows]:
    """Compare how many rows there are with what the header says; all are read, more too."""
    yield from rows
    if report.rows != header.rows:
        report.notes.append(f"The header promises {header.rows:,} rows, and there are {report.rows:,}.")


def open_stream(path: Path, name: str = "", *, exactly: bool = False) -> Stream:
    """Return a file as a stream, see there; ``name`` is for messages. Raises DataError if it is no plain file."""
    if not path.is_file():
        raise DataError(f"{name or path.name or path} is no file: {EXPECTED}.")
    return Stream(path, name, exactly=exactly)


def unit(vectors: np.ndarray) -> np.ndarray:
    """Return 1 / |v| of each row, (n,) float32, worked out in float64; 0 for a row of zeros, which has no direction.

    What is so short that its inverse is no float32 counts as zeros.
    """
    norms = np.sqrt(np.einsum("nd,nd->n", vectors, vectors, dtype=np.float64))
    return np.divide(1.0, norms, out=np.zeros_like(norms), where=norms > SHORTEST).astype(np.float32)
