"""Texts with classes, read in quarantine from what people bring: a file for each class, with a text in each line; a
table with a column of texts and one of classes; or lines that begin with ``__label__`` and the class, as fastText's.

What comes of them are bytes in UTF-8, all texts one behind the other, and where each ends.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np

from engine.data import batch, layout, zipped
from engine.data.beginnings import kind_of
from engine.errors import DataError
from engine.keeping.encodings import offered
from engine.quarantined import Parsed

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
MOST_CHARS = 1_000
"""Of one text: no net of the lab reads as far."""
MOST_TEXTS = 100_000
MOST_CLASSES = 50
MOST_COLUMNS = 200
MOST_CELL = 2**17
HEAD_BYTES, HEAD_ROWS = 2**18, 1_000
"""As much of a table is looked at to see whether its first line has the names of the columns."""
MARK = "__label__"
BLANKS = b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"
TABLES, LINES = (".csv", ".tsv"), (".txt", ".text")
TEXTS = zipped.Wanted("texts", 64 * 2**20, 256 * 2**20)
EXPECTED = (
    "expected a text file for each class with a text in each line, together or in a zip, or a table (CSV) with a "
    "column of texts and one of classes"
)
AROUND = 24
LONG = f"is longer than {MOST_CHARS:,} characters"
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_WIDE = ("utf-16", "utf-16-le", "utf-16-be")
"""Encodings in which a line's end is no byte of its own."""


class Text(NamedTuple):
    """A text of a ``line``, and its class (``label``); ``why`` it is not among the others, if it is not."""

    line: int
    label: str
    text: str
    why: str


class TooMany(DataError):
    """There are too many texts."""


class Table(NamedTuple):
    """How a table is to be read: what parts its cells, its ``columns``, whether these stand in its first line."""

    delimiter: str
    columns: tuple[str, ...]
    named: bool


def glance(data: bytes, name: str, size: str) -> Parsed:
    """Look at the beginning of a file of ``size`` bytes; raises DataError where it holds no texts for certain."""
    _check_kind(data, name)
    if len(data) == int(size) and not data.strip(BLANKS):
        raise DataError(f"{name} is empty: {EXPECTED}.")
    if not data.startswith((*ZIP, *(mark for mark, _ in _BOMS))):
        _check_zeros(data, name)
    return {}, {}


def look(data: bytes, name: str, encoding: str) -> Parsed:
    """Tell by its beginning what a file is: its ``kind`` is zip, table, labelled or lines; a table has ``columns``."""
    _check_kind(data, name)
    if data.startswith(ZIP):
        return {"kind": "zip", "columns": []}, {}
    text = codecs.decode(data[:HEAD_BYTES], _encoding(data, encoding), "replace")
    first = next((line for line in text.splitlines() if line.strip()), "")
    if first.startswith(MARK):
        return {"kind": "labelled", "columns": []}, {}
    if not name.lower().endswith(TABLES) and not any(sign in first for sign in ",;\t"):
        return {"kind": "lines", "columns": []}, {}
    return {"kind": "table", "columns": _table(data, name, encoding).columns}, {}


def index(data: bytes, name: str) -> Parsed:
    """Tell which files of an archive hold texts: ``entries`` (see ``zipped.Entry``), their ``paths``; ``dropped``."""
    found, dropped = zipped.files(data, name, TEXTS)
    endings = TABLES if len(found) == 1 and found[0].filename.lower().endswith(TABLES) else LINES
    kept = [one for one in found if one.filename.lower().endswith(endings)]
    dropped += [(zipped.shown(one.filename), "is no .txt file") for one in found if one not in kept]
    entries = [zipped.entry(data, one, 0, name) for one in kept]
    paths = [zipped.parts(one.filename) for one in kept]
    return {"entries": entries, "paths": paths, "dropped": dropped}, {}


def lines(data: bytes, title: str, names: str, encoding: str) -> Parsed:
    """Read a batch of files (``engine.data.batch``), a text in each line; ``names`` are theirs, a line for each.

    ``text`` are the bytes of all texts, ``ends`` (n,) where each ends, ``files`` (n,) in which it stood; ``dropped``
    are texts and files that are not among them: why, how many, where the first stood. Raises TooMany.
    """
    found = _Found(title)
    for number, (name, packed) in enumerate(zip(names.split("\n"), batch.opened(data), strict=True)):
        try:
            inside = batch.unpacked(*packed)
            kind = kind_of(inside)
            if kind or not inside:
                raise DataError(f"is {kind or 'empty'}")
            for at, line in list(_lines(inside, encoding)):  # all of a file, or nothing of it
                found.add(line, number, f"{name}, line {at:,}")
        except TooMany:
            raise
        except DataError as error:
            found.dropped.append((name, str(error)))
    return {"dropped": zipped.counted(found.dropped)}, found.arrays()


def labelled(data: bytes, name: str, encoding: str) -> Parsed:
    """Read lines that begin with ``__label__`` and a class, as ``table`` does a table."""
    return _with_classes(name, _marked(_one(data), name, encoding))


def table(data: bytes, name: str, encoding: str, text: str, label: str) -> Parsed:
    """Read the texts and classes of a table (CSV) from two of its columns; by themselves, from those that fit.

    It comes as a batch of one. ``text``, ``ends`` and ``files`` are as in ``lines``, but for classes in place of
    files: places in ``classes``. Told are the ``columns`` that were read too. Raises DataError.
    """
    inside = _one(data)
    form = _table(inside, name, encoding)
    for column in filter(None, (text, label)):
        if column not in form.columns:
            shown = ", ".join(repr(one[:40]) for one in form.columns[:10])
            raise DataError(f"{name} has no column {column[:60]!r}: expected one of {shown}.")
    if text and text == label:
        shown = f"The column {text[:60]!r} of {name}"
        raise DataError(f"{shown} is chosen for the texts and for the classes: expected two columns.")
    rows = list(_rows(inside, name, encoding, form))
    places = _places(rows, form.columns, text, label)
    told, arrays = _with_classes(name, _cells(rows, len(form.columns), *places))
    return {**told, "columns": [form.columns[place] for place in places]}, arrays


class _Found:
    """Texts as they are found."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._text = bytearray()
        self._ends: list[int] = []
        self._files: list[int] = []
        self.dropped: list[tuple[str, str]] = []
        """Where a text stood, and why it is not among the others."""

    def add(self, text: str, file: int, where: str) -> None:
        """Take a text in; raises TooMany."""
        text = " ".join(text.split())  # a cell may go over lines
        if not text:
            return
        if len(text) > MOST_CHARS:
            self.dropped.append((where, LONG))
            return
        if len(self._ends) == MOST_TEXTS:
            raise TooMany(f"{self._title} holds too many texts: expected at most {MOST_TEXTS:,}.")
        self._text += text.encode()
        self._ends.append(len(self._text))
        self._files.append(file)

    def arrays(self) -> dict[str, np.ndarray]:
        """Return what was taken in."""
        ends, files = np.array(self._ends, np.int64), np.array(self._files, np.int32)
        return {"text": np.frombuffer(bytes(self._text), np.uint8), "ends": ends, "files": files}


def _with_classes(name: str, found: Iterator[Text]) -> Parsed:
    """Return texts with their classes as arrays."""
    into, classes = _Found(name), dict[str, int]()
    for one in found:
        where = f"{name}, line {one.line:,}"
        if one.why:
            into.dropped.append((where, one.why))
            continue
        place = classes.setdefault(one.label, len(classes))
        if len(classes) > MOST_CLASSES:
            raise DataError(
                f"{name} has too many classes: expected at most {MOST_CLASSES}, which many texts share each."
            )
        into.add(one.text, place, where)
    return {"classes": list(classes), "dropped": zipped.counted(into.dropped)}, into.arrays()


def _marked(data: bytes, name: str, encoding: str) -> Iterator[Text]:
    try:
        for at, line in _lines(data, encoding):
            label, _, text = line.strip().partition(" ")
            fit = label.startswith(MARK) and label != MARK
            yield Text(at, label.removeprefix(MARK), text, "" if fit else f"does not begin with {MARK} and a class")
    except DataError as error:
        raise DataError(f"{name} {error}.") from None


def _cells(rows: Sequence[tuple[int, list[str]]], columns: int, text: int, label: int) -> Iterator[Text]:
    for line, row in rows:
        if len(row) < columns:
            yield Text(line, "", "", "has fewer cells than the first line")
        elif any(cell.strip() for cell in row[columns:]):
            yield Text(line, "", "", "has more cells than the first line: texts with commas in them need quotes")
        else:
            said = row[label].strip()
            yield Text(line, said, row[text], "" if said else "has no class")


def _places(rows: Sequence[tuple[int, list[str]]], columns: Sequence[str], text: str, label: str) -> tuple[int, int]:
    """Return which columns hold the texts and the classes; by themselves, those that fit.

    The classes stand where the fewest different cells are, two at least; the texts, of the rest, where there are many
    letters and hardly two cells alike.
    """
    whole = [row for _, row in rows if len(row) == len(columns)]
    left = [place for place in range(len(columns)) if columns[place] not in (text, label)]
    if label:
        at = columns.index(label)
    else:
        kinds = {place: len({row[place].strip() for row in whole} - {""}) for place in left}
        fit = [place for place in left if 2 <= kinds[place] <= min(MOST_CLASSES, len(whole) - 1)]
        at = min(fit or left[-1:], key=lambda place: (kinds[place], -place))
    if text:
        return columns.index(text), at
    said = {place: [row[place] for row in whole] for place in left if place != at}
    return max(said, key=lambda place: _letters(said[place]) * len(set(said[place])), default=at), at


def _letters(cells: Sequence[str]) -> int:
    return sum(letter.isalpha() for cell in cells for letter in cell)


def _table(data: bytes, name: str, encoding: str) -> Table:
    """Return how a table is to be read, seen from its beginning; raises DataError.

    A first line of which a cell comes again below, in its column, is no line of names: these come once.
    """
    text = codecs.decode(data[:HEAD_BYTES], _encoding(data, encoding), "replace")
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = "\t" if "\t" in first else max(",;", key=first.count)
    header: list[str] = []
    rows: list[list[str]] = []
    try:
        filled = (row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if any(row))
        header, *rows = islice(filled, HEAD_ROWS)
    except ValueError:
        raise DataError(f"{name} is empty: {EXPECTED}.") from None
    except csv.Error:
        header = header or first.split(delimiter)
    if not 2 <= len(header) <= MOST_COLUMNS:
        raise DataError(
            f"{name} has {len(header):,} column{'s' if len(header) != 1 else ''}: expected 2 to {MOST_COLUMNS}, one of "
            "texts and one of classes."
        )
    cells = [cell.strip() for cell in header]
    below = [{row[at].strip() for row in rows if at < len(row)} for at in range(len(cells))]
    again = any(cell and cell in column for cell, column in zip(cells, below, strict=True))
    columns = [(layout.plain(cell) if not again else "") or f"column {n}" for n, cell in enumerate(cells, start=1)]
    return Table(delimiter, tuple(layout.told_apart(columns)), not again)


def _rows(data: bytes, name: str, encoding: str, form: Table) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a table below its names that are not blank, each with the line that it begins in."""
    csv.field_size_limit(MOST_CELL)
    decoded = _text_of(data, encoding, name)
    reader = csv.reader(decoded, delimiter=form.delimiter, strict=True)
    skip, began, count = form.named, 1, 0
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                if not skip:
                    count += 1
                    yield began, row
                skip = False
            if count > MOST_TEXTS:
                raise DataError(f"{name} holds too many texts: expected at most {MOST_TEXTS:,}.")
            began = reader.line_num + 1
    except csv.Error as error:
        if "field larger" in str(error):
            why = f"expected cells of at most {MOST_CELL:,} characters, so a quote may never be closed."
        elif "end of data" in str(error):
            why = "a quote opens in the row that begins here, and is never closed."
        else:
            why = "the quotes of the row that begins here do not fit: write those within a text twice."
        raise DataError(f"{name}, line {began:,}: {why}") from None


def _text_of(data: bytes, encoding: str, name: str) -> io.TextIOWrapper:
    """Return the text of a file, to be read line by line; raises DataError where it is none."""
    try:
        for _ in _lines(data, encoding):
            pass
    except DataError as error:
        raise DataError(f"{name} {error}.") from None
    return io.TextIOWrapper(io.BytesIO(data), _encoding(data, encoding), newline="")


def _lines(data: bytes, encoding: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of a file that are not blank, with their numbers. Raises DataError, the end of a sentence."""
    encoding = _encoding(data, encoding)
    called = encoding.removesuffix("-sig").upper()
    for at, line in enumerate(_decoded(data, encoding, called), start=1):
        if "\0" in line:
            raise DataError(f"is no text in {called}: line {at:,} holds a byte that is zero; save it as UTF-8")
        if line.strip():
            yield at, line


def _decoded(data: bytes, encoding: str, called: str) -> Iterator[str]:
    """Yield all lines. Where their ends are bytes of their own each is decoded by itself: a long file needs no more
    room than a short one.
    """
    if encoding in _WIDE:
        try:
            yield from data.decode(encoding).splitlines()
        except UnicodeDecodeError as error:
            why = f"byte {error.start + 1:,} is none of it; save it as UTF-8"
            raise DataError(f"is no text in {called}: {why}") from None
        return
    for at, piece in enumerate(re.split(rb"\r\n|\r|\n", data), start=1):
        try:
            yield piece.decode(encoding)
        except UnicodeDecodeError as error:
            around = piece[max(0, error.start - AROUND) : error.start + AROUND]
            offer = offered(around, encoding).removesuffix(".")
            why = f"line {at:,} has a byte that is none of it (0x{piece[error.start]:02x}); save it as UTF-8"
            raise DataError(f"is no text in {called}: {why}{f'. {offer}' if offer else ''}") from None


def _one(data: bytes) -> bytes:
    (packed,) = batch.opened(data)
    return batch.unpacked(*packed)


def _encoding(data: bytes, asked: str) -> str:
    """Return what a text is written in: what the mark at its beginning says, or else what is asked."""
    return next((name for mark, name in _BOMS if data.startswith(mark)), asked)


def _check_kind(data: bytes, name: str) -> None:
    kind = "" if data.startswith((*ZIP, *(mark for mark, _ in _BOMS))) else kind_of(data)
    if kind:
        raise DataError(f"{name} is {kind}: {EXPECTED}.")


def _check_zeros(data: bytes, name: str) -> None:
    """Raise DataError where zeros stand about as in no text; every other byte may be one in UTF-16 without a mark."""
    zeros = data.count(b"\0")
    halves = max(data[::2].count(b"\0"), data[1::2].count(b"\0"))
    if zeros and halves < 0.9 * zeros:
        raise DataError(f"{name} is no text: it holds bytes that are zero; {EXPECTED}.")
