"""A space as a safetensors file, as ``engine.words.formats.writing`` writes it, read row by row.

    ends      (n,) int64: where each word ends among the bytes of all
    counts    (n,) int64, where it is known how often each word stood in its text
    words     (m,) uint8: all words in UTF-8, one behind the other; zeros behind them, so that what follows is aligned
    vectors   (n, d) float32, at last, so that rows can be read as they come

Nothing of a header is relied on before it was compared with all the rest of it.
"""

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from engine.errors import DataError
from engine.words.formats.binary import Reader
from engine.words.formats.rows import MAX_DIMENSIONS, MAX_ROWS, MAX_WORD_BYTES, Rows, rows_at_once

HEADER_BYTES = 1 << 16
ALIGNED = 8
TAKEN_BYTES = 1 << 20
KINDS = {"ends": "I64", "counts": "I64", "words": "U8", "vectors": "F32"}
"""The tensors in their order; ``counts`` may be missing."""
WIDTHS = {"I64": 8, "U8": 1, "F32": 4}


class Layout(NamedTuple):
    """What a header says: ``rows`` of ``dimensions`` numbers, bytes of all words, and whether there are counts."""

    rows: int
    dimensions: int
    word_bytes: int
    counted: bool


def header_of(layout: Layout, metadata: dict[str, str]) -> bytes:
    """Return the beginning of a file: the length of a header, and the header."""
    shapes = {"ends": [layout.rows], "counts": [layout.rows], "words": [layout.word_bytes]}
    told: dict[str, Any] = {"__metadata__": metadata}
    start = 0
    for name, kind in KINDS.items():
        if name == "counts" and not layout.counted:
            continue
        shape = shapes.get(name, [layout.rows, layout.dimensions])
        end = start + WIDTHS[kind] * int(np.prod(shape, dtype=object))
        told[name] = {"dtype": kind, "shape": shape, "data_offsets": [start, end]}
        start = end
    header = json.dumps(told, ensure_ascii=False).encode()
    header += b" " * (-len(header) % ALIGNED)
    return len(header).to_bytes(8, "little") + header


def read_tensors(reader: Reader) -> tuple[Layout, np.ndarray | None, Iterator[Rows]]:
    """Read up to the vectors; return the layout, the counts where there are any, and the rows, read as one asks for
    them. Raises DataError where the file is not one of ours, or is cut or damaged.
    """
    layout = _layout(reader)
    ends = _ends(reader, layout)
    counts = _numbers(reader, layout.rows, "counts") if layout.counted else None
    if counts is not None and counts.min() < 0:
        raise _refused(reader, f"word {int(np.argmax(counts < 0)) + 1:,} has a count below zero")
    words = b"".join(_taken(reader, layout.word_bytes, "words"))
    return layout, counts, _rows(reader, layout, ends, words)


def _layout(reader: Reader) -> Layout:
    """Read the header; raises DataError where it is not, to the letter, what we write for some n and d."""
    length = int.from_bytes(reader.take(8, "the length of its header"), "little")
    if length > HEADER_BYTES:
        raise _refused(reader, f"its header has {length:,} bytes, expected at most {HEADER_BYTES:,}")
    told, layout = _parsed(reader, reader.take(length, "its header"))
    rows, dimensions, word_bytes, _ = layout
    if not (0 < rows <= MAX_ROWS and 2 <= dimensions <= MAX_DIMENSIONS and rows <= word_bytes):
        raise _refused(reader, "its header promises more or fewer rows or numbers than a space has")
    expected = header_of(layout, {})
    wanted = json.loads(expected[8:])
    del wanted["__metadata__"]
    if told != wanted:
        raise _refused(reader, "its tensors have other names, kinds, shapes or places")
    if word_bytes > rows * MAX_WORD_BYTES + ALIGNED:
        raise _refused(reader, f"its {rows:,} words cannot have {word_bytes:,} bytes")
    return layout


def _parsed(reader: Reader, header: bytes) -> tuple[dict[str, Any], Layout]:
    """Return what a header says of its tensors, and the layout that it may have."""
    try:
        told = json.loads(header)
        told.pop("__metadata__", None)
        rows, dimensions = told["vectors"]["shape"]
        (word_bytes,) = told["words"]["shape"]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _refused(reader, "its header does not tell of words and vectors") from None
    if not all(type(number) is int for number in (rows, dimensions, word_bytes)):  # no 1.0, and no true
        raise _refused(reader, "its header does not tell how many words and numbers there are")
    return told, Layout(rows, dimensions, word_bytes, "counts" in told)


def _ends(reader: Reader, layout: Layout) -> np.ndarray:
    """Return where each word ends, (n,) int64; what does not rise is refused as it comes, so that no file of zeros
    fills the memory.
    """
    ends = _numbers(reader, layout.rows, "ends")
    if ends[-1] > layout.word_bytes:
        raise _refused(reader, f"its words end at byte {int(ends[-1]):,} of {layout.word_bytes:,}")
    return ends


def _numbers(reader: Reader, count: int, what: str) -> np.ndarray:
    parts: list[np.ndarray] = []
    before = 0
    for some in _taken(reader, 8 * count, what):
        parts.append(np.frombuffer(some, "<i8"))
        if what == "ends":
            lengths = np.diff(parts[-1], prepend=before)
            if lengths.min() < 1 or lengths.max() > MAX_WORD_BYTES:
                raise _refused(reader, f"each of its words has to have 1 to {MAX_WORD_BYTES:,} bytes")
            before = parts[-1][-1]
    return np.concatenate(parts).astype(np.int64, copy=False)


def _taken(reader: Reader, count: int, what: str) -> Iterator[bytes]:
    """Take bytes a little at a time: what a header promises may never come."""
    while count:
        some = min(count, TAKEN_BYTES)
        yield reader.take(some, f"its {what}")
        count -= some


def _rows(reader: Reader, layout: Layout, ends: np.ndarray, words: bytes) -> Iterator[Rows]:
    step = rows_at_once(layout.dimensions)
    for start in range(0, layout.rows, step):
        stop = min(start + step, layout.rows)
        data = reader.take(4 * layout.dimensions * (stop - start), "its vectors")
        vectors = np.frombuffer(data, "<f4").reshape(stop - start, layout.dimensions)
        edges = [int(ends[start - 1]) if start else 0, *ends[start:stop].tolist()]
        yield Rows(
            [words[begin:end] for begin, end in pairwise(edges)],
            vectors.astype(np.float32, copy=False),
            np.arange(start + 1, stop + 1, dtype=np.int64),
        )
    if reader.take_some(1):
        raise _refused(reader, "there is something behind its last tensor")


def _refused(reader: Reader, why: str) -> DataError:
    return DataError(f"{reader.name} is a safetensors file: expected a space that Learnscope wrote, and {why}.")
