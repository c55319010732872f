"""Tells by its content, never by its name, what kind of file one was given, and reads it."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np

from engine.data.beginnings import kind_of
from engine.errors import DataError
from engine.words.formats import fasttext
from engine.words.formats.binary import Reader
from engine.words.formats.fasttext import Model
from engine.words.formats.rows import MAX_DIMENSIONS, Report, Rows, kept
from engine.words.formats.stream import Source
from engine.words.formats.text import FIRST_ROWS, Header, dimensions_of, read_header, read_text
from engine.words.formats.word2vec import read_word2vec

Kind = Literal["word2vec binary", "word2vec text", "GloVe text", "fastText model"]
HEAD_BYTES = 1 << 20
SHORTEST = 1e-38
EXPECTED = "expected vectors as word2vec, GloVe or fastText write them"


class Contents(NamedTuple):
    """What is in a file: its ``kind``, the ``dimensions`` d, the ``rows``; of a fastText model also the ``model``."""

    kind: Kind
    dimensions: int
    rows: Iterator[Rows]
    model: Model | None = None


def read(source: Source, report: Report) -> Contents:
    """Return what is in a file; rows are read as they are asked for. Raises DataError, also while they are."""
    chunks = source.chunks()
    head = _head(chunks)
    name = source.name
    _refuse_others(name, head)
    if fasttext.is_fasttext(head):
        model = fasttext.read_fasttext(Reader(name, chain([head], chunks)))
        return Contents("fastText model", model.matrix.shape[1], kept(model.vectors(), report), model)
    head = head.removeprefix(b"\xef\xbb\xbf")
    first, lf, behind = _first_line(head)
    header = read_header(first)
    if header is None:
        dimensions = dimensions_of(_whole_lines(head))
        _check_dimensions(name, dimensions, "its first rows end in")
        return Contents(
            "GloVe text", dimensions, kept(read_text(name, chain([head], chunks), dimensions, 1, report), report)
        )
    _check_dimensions(name, header.dimensions, "its header promises rows of")
    if _is_text(behind, header.dimensions):
        rows = read_text(name, chain([behind], chunks), header.dimensions, 2, report)
        return Contents("word2vec text", header.dimensions, kept(_counted(rows, header, report), report))
    if not lf:
        raise DataError(f"{name} has a header and no rows: {EXPECTED}.")
    rows = read_word2vec(Reader(name, chain([behind], chunks)), header, report)
    return Contents("word2vec binary", header.dimensions, kept(rows, report))


def _head(chunks: Iterator[bytes]) -> bytes:
    head = b""
    while len(head) < HEAD_BYTES and (chunk := next(chunks, b"")):
        head += chunk
    return head


def _refuse_others(name: str, head: bytes) -> None:
    if not head.strip():
        raise DataError(f"{name} is empty: {EXPECTED}.")
    other = kind_of(head)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        other = "text in UTF-16"
    elif head[8:9] == b"{" and head[4:8] == bytes(4):
        other = "a safetensors file"  # the length of its header in eight bytes, and a header
    if other:
        raise DataError(f"{name} is {other}: {EXPECTED}.")


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


def open_source(path: Path) -> Source:
    """Return a file as a source; raises DataError if it is no plain file."""
    if not path.is_file():
        raise DataError(f"{path.name or path} is no file: {EXPECTED}.")
    return Source(path)


def unit(vectors: np.ndarray) -> np.ndarray:
    """Return 1 / |v| of each row, (n,) float32, worked out in float64; 0 for a row of zeros, which has no direction.

    What is so short that its inverse is no float32 counts as zeros.
    """
    norms = np.sqrt(np.einsum("nd,nd->n", vectors, vectors, dtype=np.float64))
    return np.divide(1.0, norms, out=np.zeros_like(norms), where=norms > SHORTEST).astype(np.float32)
