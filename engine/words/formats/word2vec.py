"""word2vec's binary form: a header, ``n d`` in a line; then rows of a word, a blank, and d float32, little endian.

The original program ends each row with LF, others do not. (Mikolov et al. 2013, arXiv 1310.4546)
"""

from collections.abc import Iterator

import numpy as np

from engine.errors import DataError
from engine.words.formats.binary import Reader
from engine.words.formats.rows import MAX_WORD_BYTES, Report, Rows
from engine.words.formats.text import Header

ROWS_AT_ONCE = 4_096
_BLANK, _LF = ord(" "), ord("\n")


def read_word2vec(reader: Reader, header: Header, report: Report) -> Iterator[Rows]:
    """Yield the rows behind the header, as many as it says or as there are; raises DataError where a row is cut."""
    size = 4 * header.dimensions
    row = 0
    while row < header.rows:
        words: list[bytes] = []
        vectors = np.empty((min(ROWS_AT_ONCE, header.rows - row), header.dimensions), dtype="<f4")
        while len(words) < len(vectors) and (word := _word(reader, row + len(words) + 1)) is not None:
            vectors[len(words)] = np.frombuffer(reader.take(size, f"row {row + len(words) + 1:,}"), dtype="<f4")
            words.append(word)
        if words:
            places = np.arange(row + 1, row + 1 + len(words), dtype=np.int64)
            yield Rows(words, vectors[: len(words)].astype(np.float32, copy=False), places)
        row += len(words)
        if len(words) < len(vectors):
            report.notes.append(f"The header promises {header.rows:,} rows, and there are {row:,}.")
            return
    if reader.take_some(MAX_WORD_BYTES).strip():
        report.notes.append(f"The header promises {header.rows:,} rows, and there are more: those are not read.")


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
