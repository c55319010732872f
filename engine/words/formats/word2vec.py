"""word2vec's binary form: a header, ``n d`` in a line; then rows of a word, a blank, and d float32, little endian.

The original program ends each row with LF, others do not. (Mikolov et al. 2013, arXiv 1310.4546)
"""

from collections.abc import Iterator

import numpy as np

from engine.errors import DataError
from engine.words.formats.binary import Reader
from engine.words.formats.rows import MAX_WORD_BYTES, Report, Rows, rows_at_once
from engine.words.formats.text import Header


def read_word2vec(reader: Reader, header: Header, report: Report) -> Iterator[Rows]:
    """Yield the rows behind the header, as many as it says or as there are; raises DataError where a row is cut."""
    row = 0
    while row < header.rows:
        wanted = min(rows_at_once(header.dimensions), header.rows - row)
        words, numbers = _some(reader, wanted, 4 * header.dimensions, row)
        if words:
            vectors = np.frombuffer(b"".join(numbers), dtype="<f4").reshape(len(words), header.dimensions)
            if not row and _is_swapped(vectors):
                raise DataError(f"{reader.name} has its numbers the wrong way round: expected little-endian float32.")
            places = np.arange(row + 1, row + 1 + len(words), dtype=np.int64)
            yield Rows(words, vectors.astype(np.float32, copy=False), places)
        row += len(words)
        if len(words) < wanted:
            report.notes.append(f"The header promises {header.rows:,} rows, and there are {row:,}.")
            return
    if reader.take_some(MAX_WORD_BYTES).strip():
        report.notes.append(f"The header promises {header.rows:,} rows, and there are more: those are not read.")


def _is_swapped(vectors: np.ndarray) -> bool:
    """Tell whether numbers make sense, as vectors go, only with their bytes in reverse."""

    def sensible(numbers: np.ndarray) -> float:
        with np.errstate(invalid="ignore"):
            size = np.abs(numbers.astype(np.float64))
        return float(((size == 0) | ((size > 1e-9) & (size < 1e6))).mean())

    return sensible(vectors) < 0.5 < 0.99 < sensible(vectors.view(">f4"))


def _some(reader: Reader, wanted: int, size: int, row: int) -> tuple[list[bytes], list[bytes]]:
    """Take the words and the bytes of the numbers of so many rows, behind ``row`` others; fewer at the file's end."""
    words: list[bytes] = []
    numbers: list[bytes] = []
    while len(words) < wanted:
        data, begin = reader.window(MAX_WORD_BYTES + 2 + size)
        position = begin
        while len(words) < wanted:
            start = position + (data[position : position + 1] == b"\n")
            end = data.find(b" ", start, start + MAX_WORD_BYTES + 1) + 1
            if not end or end + size > len(data):
                break
            words.append(data[start : end - 1])
            numbers.append(data[end : end + size])
            position = end + size
        reader.skip(position - begin)
        if position == begin:  # the file ends here, or is damaged
            word = _word(reader, row + len(words) + 1)
            if word is None:
                break
            numbers.append(reader.take(size, f"row {row + len(words) + 1:,}"))
            words.append(word)
    return words, numbers


def _word(reader: Reader, row: int) -> bytes | None:
    """Take the word of a row; None at the end of the file."""
    start = bytes(reader.held(1)[:1])
    if start == b"\n":
        reader.skip(1)
        start = bytes(reader.held(1)[:1])
    if not start:
        return None
    try:
        return reader.take_until(b" ", MAX_WORD_BYTES + 1, f"the word of row {row:,}")
    except DataError:
        if not bytes(reader.held(2 * MAX_WORD_BYTES)).strip():
            return None  # only blanks are left
        raise
