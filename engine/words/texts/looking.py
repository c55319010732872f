"""What the beginning of a text shows, in a process of its own: whether it is one, and which columns a table has."""

import codecs
import csv
import zlib
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from engine import quarantine
from engine.errors import DataError
from engine.quarantined import Parsed
from engine.words.corpus.source import UTF16, delimiter_of, encoding_of, rows_of
from engine.words.formats.others import other_kind
from engine.words.formats.stream import GZIP
from engine.words.texts.own import Text

HEAD_BYTES = 1 << 18
MOST_COLUMNS = 1_000
MOST_ROWS = 200
_KEPT = 256


class Look(NamedTuple):
    """The ``columns`` of a table, none of another text; the one of them that is ``wordiest``."""

    columns: tuple[str, ...] = ()
    wordiest: str = ""


def look(text: Text, encoding: str) -> Look:
    """Return what is seen of a text; raises DataError where it is none, or a table without columns."""
    try:
        status = text.path.stat()
    except OSError:
        raise DataError(f"{text.name} is not on this server any more: choose another text.") from None
    return _look(text, encoding, (status.st_size, status.st_mtime_ns))


@lru_cache(_KEPT)
def _look(text: Text, encoding: str, _state: tuple[int, int]) -> Look:
    try:
        with text.path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError:
        raise DataError(f"{text.name} cannot be read: choose another text.") from None
    kind = "table" if text.table else "text"
    told, _ = quarantine.read("engine.words.texts.looking:parse", head, text.name, kind, encoding)
    return Look(tuple(told["columns"]), told["wordiest"])


def parse(data: bytes, name: str, kind: str, encoding: str) -> Parsed:
    """Look at the first bytes of a file in quarantine."""
    if data.startswith(GZIP):
        data = _unpacked(data, name)
    other = _other_kind(data)
    if other:
        raise DataError(f"{name} is {other}: expected a text, or a table with a column of text.")
    if len(data) < HEAD_BYTES and not data.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise DataError(f"{name} is empty: expected a text with words in it.")
    columns = wordiest = None
    if kind == "table":
        # What is wrong with its letters is told when all of it is read, with the place.
        text = codecs.decode(data, encoding_of(data, encoding), "replace")
        columns, wordiest = _columns(text, name)
    return {"columns": columns or [], "wordiest": wordiest or ""}, {}


def _other_kind(data: bytes) -> str:
    known = "" if data.startswith(UTF16) else other_kind(data)
    return "packed twice" if data.startswith(GZIP) else known


def _unpacked(data: bytes, name: str) -> bytes:
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data, HEAD_BYTES)
    except zlib.error:
        raise DataError(f"{name} is damaged: its packed bytes (gzip) do not unpack.") from None


def _columns(text: str, name: str) -> tuple[list[str], str]:
    first, _, rest = text.partition("\n")
    delimiter = delimiter_of(first)
    try:
        columns = next(rows_of([first], delimiter), [])
        rows = list(islice(rows_of(rest.splitlines(keepends=True), delimiter), MOST_ROWS))
    except csv.Error as error:
        raise DataError(f"{name} cannot be read as a table: {error}.") from None
    if not any(columns):
        raise DataError(f"{name} has no columns: expected a first line with their names.")
    if len(columns) > MOST_COLUMNS:
        raise DataError(f"{name} has {len(columns):,} columns: expected at most {MOST_COLUMNS:,}.")
    return columns, columns[_wordiest(rows, len(columns))]


def _wordiest(rows: Sequence[Sequence[str]], columns: int) -> int:
    """Return which column has the most letters."""
    letters = [
        sum(map(str.isalpha, "".join(row[place] for row in rows if place < len(row)))) for place in range(columns)
    ]
    return letters.index(max(letters))
