"""Vectors as text: a row is a word and d numbers with blanks between, as word2vec, GloVe and fastText (.vec) write it.

word2vec and fastText begin with a header, ``n d``; GloVe does not. A word may hold blanks itself, as some of GloVe's
from the Common Crawl do: the numbers are the last d fields of a row, the word is what stands before them.

Blocks of rows are parsed beside each other, by Arrow, which reads numbers correctly rounded. A block that it refuses is
read again in halves, and in the end row by row, so that each bad row is left out for itself.
"""

import codecs
import os
import re
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pyarrow
from pyarrow import csv

from engine.errors import DataError
from engine.keeping import short
from engine.words.formats.rows import MAX_ROWS, MAX_WORD_BYTES, Report, Rows

BLOCK_BYTES = 4 << 20
FEW_BYTES = 1 << 16
NUMBER_BYTES = 64  # the longest number that is still one, with the blank before it
_HEADER = re.compile(rb"\s*([0-9]{1,18})[ \t]+([0-9]{1,18})[ \t]*\r?\n?")
_TWO_NUMBERS = re.compile(rb"\s*[+-]?[0-9][0-9.,_eE+-]*[ \t]+[+-]?[0-9][0-9.,_eE+-]*\s*")
_NUMBER = re.compile(rb"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?|[+-]?(nan|inf|infinity)", re.IGNORECASE)
FIRST_ROWS = 100
LONGEST_ROW = 2 << 20
"""Bytes; rows up to here are left out one by one, a longer one ends the reading."""


class Header(NamedTuple):
    """What a header promises: ``rows`` of ``dimensions`` numbers; it is not relied on."""

    rows: int
    dimensions: int


def read_header(name: str, line: bytes) -> Header | None:
    """Return the header in a file's first line, or None if it is none. Raises DataError where it cannot be true."""
    found = _HEADER.fullmatch(line)
    if found is None and not _TWO_NUMBERS.fullmatch(line):
        return None
    rows, dimensions = (int(found[1]), int(found[2])) if found else (0, 0)
    if not rows or not dimensions:
        raise DataError(
            f"{name}, line 1: a header is two whole numbers above zero, how many rows there are and how many numbers "
            f"in each; received {short(line.decode(errors='replace').strip())!r}."
        )
    if rows > MAX_ROWS:
        raise DataError(f"{name}, line 1: the header promises {rows:,} rows, expected at most {MAX_ROWS:,}.")
    return Header(rows, dimensions)


def count_numbers(line: bytes) -> int:
    """Return how many fields at the end of a row are numbers."""
    fields = line.split()
    numbers = 0
    while numbers < len(fields) and _NUMBER.fullmatch(fields[-1 - numbers]):
        numbers += 1
    return numbers


def dimensions_of(lines: list[bytes]) -> int:
    """Return the dimensions of rows without a header: what most of the first of them have; 0 if they are no rows.

    One row alone does not tell: it may be cut, or its word may end in a number itself.
    """
    counts = Counter(min(count_numbers(line), len(line.split()) - 1) for line in lines if line.strip())
    return max(counts, key=lambda count: (counts[count], -count), default=0)


class _Block(NamedTuple):
    first: int
    rows: bytes


def read_text(name: str, chunks: Iterator[bytes], dimensions: int, first_line: int, report: Report) -> Iterator[Rows]:
    """Yield the rows in ``chunks``, which begin at line ``first_line``; bad ones go into ``report``.

    Raises DataError for a row that is longer than any row can be.
    """
    workers = min(8, os.cpu_count() or 1)
    with ThreadPoolExecutor(workers, "learnscope-words") as pool:
        running: deque[Future[tuple[Rows, list[tuple[str, int]]]]] = deque()
        try:
            for block in _blocks(name, chunks, dimensions, first_line):
                running.append(pool.submit(_parse, block, dimensions))
                if len(running) > workers:
                    yield _noted(running.popleft().result(), report)
            while running:
                yield _noted(running.popleft().result(), report)
        finally:
            for one in running:
                one.cancel()


def _noted(parsed: tuple[Rows, list[tuple[str, int]]], report: Report) -> Rows:
    rows, bad = parsed
    report.rows += len(rows.words) + len(bad)
    for why, line in bad:
        report.drop(why, line)
    return rows


def _blocks(name: str, chunks: Iterator[bytes], dimensions: int, first: int) -> Iterator[_Block]:
    """Cut the stream at the ends of lines; CR alone, CR LF and LF all end one."""
    longest = max(LONGEST_ROW, MAX_WORD_BYTES + (dimensions + 1) * NUMBER_BYTES)
    held: list[bytes] = []
    size = 0

    def cut(data: bytes) -> _Block:
        nonlocal first
        block = _Block(first, data)
        first += data.count(b"\n")
        return block

    for chunk in _with_lf(chunks):
        held.append(chunk)
        size += len(chunk)
        if size < BLOCK_BYTES:
            continue
        data = b"".join(held)
        end = data.rfind(b"\n") + 1
        if len(data) - end > longest:
            line = first + data.count(b"\n")
            raise DataError(
                f"{name}, line {line:,}: a row of {dimensions} numbers has at most {longest:,} bytes, received one of "
                f"at least {len(data) - end:,}."
            )
        if end:
            yield cut(data[:end])
        held, size = [data[end:]], len(data) - end
    rest = b"".join(held)
    if rest.strip():
        yield cut(rest if rest.endswith(b"\n") else rest + b"\n")


def _with_lf(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Have every line end in LF alone."""
    open_cr = False
    for chunk in chunks:
        if open_cr and chunk.startswith(b"\n"):
            chunk = chunk[1:]
        open_cr = chunk.endswith(b"\r")
        yield chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in chunk else chunk


def _parse(block: _Block, dimensions: int) -> tuple[Rows, list[tuple[str, int]]]:
    data = block.rows
    if b"\t" in data:
        data = data.replace(b"\t", b" ")
    if b" \n" in data:  # the original word2vec ends each row with a blank
        data = data.replace(b" \n", b"\n")
    parts = list(_parts(_Block(block.first, data), dimensions))
    if len(parts) == 1:
        return parts[0]
    return Rows(
        [word for rows, _ in parts for word in rows.words],
        np.concatenate([rows.vectors for rows, _ in parts]),
        np.concatenate([rows.places for rows, _ in parts]),
    ), [one for _, bad in parts for one in bad]


def _parts(block: _Block, dimensions: int) -> Iterator[tuple[Rows, list[tuple[str, int]]]]:
    """Parse a block at one go if that can be done, else in halves, and in the end row by row."""
    data = block.rows
    # Arrow passes over empty lines, and over the mark of a word that begins with one.
    odd = b"\n\n" in data or data.startswith((b"\n", codecs.BOM_UTF8))
    quick = None if odd else _parse_quickly(data, dimensions)
    middle = data.find(b"\n", len(data) // 2) + 1
    if quick is not None:
        places = np.arange(block.first, block.first + len(quick[0]), dtype=np.int64)
        yield Rows(*quick, places), []
    elif len(data) <= FEW_BYTES or middle in (0, len(data)):
        yield _parse_each(block, dimensions)
    else:
        yield from _parts(_Block(block.first, data[:middle]), dimensions)
        yield from _parts(_Block(block.first + data.count(b"\n", 0, middle), data[middle:]), dimensions)


def _parse_quickly(data: bytes, dimensions: int) -> tuple[list[bytes], np.ndarray] | None:
    """Return words and vectors of a block in which every row is as it should be, or None."""
    names = ["word", *map(str, range(dimensions))]
    types = dict.fromkeys(names, pyarrow.float32()) | {"word": pyarrow.binary()}
    try:
        table = csv.read_csv(
            pyarrow.BufferReader(data),
            csv.ReadOptions(use_threads=False, block_size=len(data) + 1, column_names=names),
            csv.ParseOptions(delimiter=" ", quote_char=False, escape_char=False, newlines_in_values=False),
            csv.ConvertOptions(check_utf8=False, column_types=types, null_values=[], strings_can_be_null=False),
        )
    except pyarrow.ArrowInvalid:
        return None
    vectors = np.empty((table.num_rows, dimensions), dtype=np.float32)
    for column in range(dimensions):
        vectors[:, column] = _numbers(table.column(column + 1))
    return _words(table.column(0)), vectors


def _words(column: pyarrow.ChunkedArray) -> list[bytes]:
    """Return a column of bytes as a list; Arrow's own takes much longer."""
    found: list[bytes] = []
    for part in column.chunks:
        _, ends, data = part.buffers()
        places = np.frombuffer(ends, np.int32, len(part) + 1, 4 * part.offset).tolist()
        text = data.to_pybytes() if data is not None else b""
        found += [text[start:end] for start, end in pairwise(places)]
    return found


def _numbers(column: pyarrow.ChunkedArray) -> np.ndarray:
    """Return a column without a gap, (n,) float32. Arrow's own ``to_numpy`` imports pandas, which takes half a second
    in each process that opens a file.
    """
    parts = [np.frombuffer(part.buffers()[1], np.float32, len(part), 4 * part.offset) for part in column.chunks]
    return np.concatenate(parts)


def _parse_each(block: _Block, dimensions: int) -> tuple[Rows, list[tuple[str, int]]]:
    words: list[bytes] = []
    vectors: list[np.ndarray] = []
    places: list[int] = []
    bad: list[tuple[str, int]] = []
    for line, row in enumerate(block.rows.split(b"\n")[:-1], start=block.first):
        if not row.strip():
            continue
        word, fields = _fields(row, dimensions)
        why = _wrong(fields, dimensions)
        if why:
            bad.append((why, line))
        else:
            words.append(word)
            with np.errstate(over="ignore"):
                vectors.append(np.array([float(field) for field in fields]).astype(np.float32))
            places.append(line)
    matrix = np.array(vectors, dtype=np.float32).reshape(len(words), dimensions)
    return Rows(words, matrix, np.array(places, dtype=np.int64)), bad


def _fields(row: bytes, dimensions: int) -> tuple[bytes, list[bytes]]:
    """Return the word of a row, which may hold blanks, and the fields behind it."""
    word, *fields = row.rsplit(b" ", dimensions)
    if b"" in fields:  # more than one blank between two numbers
        pieces = row.split()
        word, fields = b" ".join(pieces[:-dimensions]), pieces[-dimensions:]
    return word, fields


def _wrong(fields: list[bytes], dimensions: int) -> str:
    """Return what is wrong with the numbers of a row; nothing if they are d numbers."""
    if len(fields) < dimensions:
        return f"there are fewer than {dimensions} numbers"
    odd = next((field for field in fields if not _NUMBER.fullmatch(field)), None)
    if odd is None:
        return ""
    if re.fullmatch(rb"[+-]?[0-9]+,[0-9]+", odd):
        return "a number is written with a decimal comma"
    return f"there are fewer than {dimensions} numbers, or one of them is none"
