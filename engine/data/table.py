"""Reads an uploaded table (CSV) of numbers with one column to be told, and says in one sentence what is wrong with it.

A column without a single number is left out, with a warning; a number that is missing or wrong is an error.
Delimiters: comma, semicolon or tab, whichever the header has most of. A decimal comma is understood where the delimiter
is not a comma. Cells are text: a formula is text, and text where a number is expected is an error.
"""

import csv
import io
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from engine.data.beginnings import kind_of
from engine.errors import DataError

MOST_QUOTED = 131_072
"""Characters of a cell at which one stops looking for the quote that closes it."""
MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_CELL_CHARS = 1_000
MAX_CLASSES = 8
MIN_ROWS = 10
MISSING = {"", "na", "n/a", "nan", "null", "none", "?", "-"}


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Numbers (n, C) float64 under their ``columns``, the targets (n,) and what they are; ``warnings`` are sentences.

    ``classes`` is empty where the target is a number (a regression).
    """

    columns: tuple[str, ...]
    numbers: np.ndarray
    target: str
    targets: np.ndarray
    classes: tuple[str, ...]
    warnings: tuple[str, ...]


def header(data: bytes, name: str) -> tuple[str, ...]:
    """Return the names of the columns, for a form, of the header alone; raises DataError."""
    text = _text(data, name)
    _, columns = next(_records(text, _delimiter(text), name), (0, ()))
    if not columns:
        raise _empty(name)
    _check_header(columns, name)
    return columns


def read_table(data: bytes, name: str, target: str = "") -> Table:
    """Read a table; ``target`` is the column to be told, the last one if it is left empty. Raises DataError."""
    (_, columns), *rows = _rows(data, name)
    place = _place(columns, target, name)
    if len(rows) < MIN_ROWS:
        raise DataError(
            f"{name} has too few rows: expected at least {MIN_ROWS} below the header, received {len(rows)}."
        )
    comma = _delimiter(_text(data, name)) != ","
    others = [index for index in range(len(columns)) if index != place and _has_number(rows, index, comma)]
    if not others:
        raise DataError(f"{name} has no column of numbers beside {_short(columns[place])}: expected at least one.")
    numbers = np.empty((len(rows), len(others)))
    for row, (line, cells) in enumerate(rows):
        for column, index in enumerate(others):
            numbers[row, column] = _number(cells[index], comma, name, line, columns[index])
    targets, classes = _targets([(line, cells[place]) for line, cells in rows], comma, name, columns[place])
    names = tuple(columns[index] for index in others)
    text = [columns[index] for index in range(len(columns)) if index != place and index not in others]
    warnings = (*_text_warnings(text), *_warnings(names, numbers, targets, classes))
    return Table(names, numbers, columns[place], targets, classes, warnings)


def _text(data: bytes, name: str) -> str:
    kind = kind_of(data)
    if kind:
        raise DataError(f"{name} is {kind}: expected a table as text in UTF-8 (CSV).")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DataError(f"{name} is written in UTF-16: expected UTF-8, so save it again as UTF-8.")
    zero = data.find(b"\0")
    if zero >= 0:
        raise DataError(f"{name}, line {_line(data, zero)}: expected text in UTF-8, received a NUL byte.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The bytes that the codec looked at begin behind a byte order mark.
        found = error.object[error.start]
        raise DataError(
            f"{name}, line {_line(error.object, error.start)}: expected text in UTF-8, received byte 0x{found:02x}; "
            "save the table again as UTF-8."
        ) from None


def _line(data: bytes, offset: int) -> int:
    """Return the number of the line in which a byte stands, the first being 1."""
    return 1 + len(re.findall(rb"\r\n|\r|\n", data[:offset]))


def _delimiter(text: str) -> str:
    first = text.lstrip("\r\n").splitlines()[:1] or [""]
    return max(",;\t", key=first[0].count)


def _rows(data: bytes, name: str) -> list[tuple[int, tuple[str, ...]]]:
    """Return (line, cells) of the header and of every row that is not blank, checked for their lengths."""
    text = _text(data, name)
    rows: list[tuple[int, tuple[str, ...]]] = []
    for record in _records(text, _delimiter(text), name):
        rows.append(record)
        _check_row(rows, name)
    if not rows:
        raise _empty(name)
    return rows


def _empty(name: str) -> DataError:
    return DataError(f"{name} is empty: expected a header and rows.")


def _records(text: str, delimiter: str, name: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield (line, cells) of all that is not blank; a quoted cell may go over lines, and the first of them counts."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    first = 1
    csv.field_size_limit(MOST_QUOTED)  # it holds for the whole process, in which others may have let through more
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield first, tuple(cell.strip() for cell in cells)
            first = reader.line_num + 1
    except csv.Error as error:
        if str(error) == "unexpected end of data":
            opened = _open_line(text, delimiter, first, reader.line_num)
            raise DataError(f"{name}, line {opened}: a quote opens here and is never closed.") from None
        opened = _open_line(text, delimiter, first, reader.line_num - 1)
        until = f" from here to line {reader.line_num}" if reader.line_num > opened else ""
        raise DataError(f"{name}, line {opened}: the quotes{until} do not fit ({error}).") from None


def _open_line(text: str, delimiter: str, first: int, last: int) -> int:
    """Return in which line the quote opens that is still open after ``last``; the record begins in ``first``."""
    lines = islice(io.StringIO(text, newline=""), first - 1, max(first - 1, last))
    cells = next(csv.reader(lines, delimiter=delimiter), [""])
    # A reader that is not strict closes the cell for us: it reaches from the quote to the end of the last line.
    height = len(list(io.StringIO(cells[-1], newline="")))
    return max(first, last) - max(height, 1) + 1


def _check_row(rows: list[tuple[int, tuple[str, ...]]], name: str) -> None:
    line, cells = rows[-1]
    long = next((cell for cell in cells if len(cell) > MAX_CELL_CHARS), None)
    if long is not None:
        raise DataError(
            f"{name}, line {line}: expected at most {MAX_CELL_CHARS} characters a cell, received {len(long)}."
        )
    if len(rows) == 1:
        _check_header(cells, name)
    elif len(cells) != len(rows[0][1]):
        raise DataError(
            f"{name}, line {line}: expected {len(rows[0][1])} cells as in the header, received {len(cells)}."
        )
    elif len(rows) > MAX_ROWS + 1:
        raise DataError(f"{name} has too many rows: expected at most {MAX_ROWS}.")


def _check_header(columns: tuple[str, ...], name: str) -> None:
    if not 2 <= len(columns) <= MAX_COLUMNS:
        raise DataError(f"{name} has {len(columns)} columns: expected 2 to {MAX_COLUMNS}, the target among them.")
    if "" in columns:
        raise DataError(f"{name}, line 1: column {columns.index('') + 1} has no name.")
    twice = next((column for column, times in Counter(columns).items() if times > 1), None)
    if twice is not None:
        raise DataError(f"{name}, line 1: expected each column once, received {_short(twice)} twice.")


def _place(columns: tuple[str, ...], target: str, name: str) -> int:
    if not target:
        return len(columns) - 1
    if target not in columns:
        raise DataError(f"{name} has no column {_short(target)}: expected one of {_short(', '.join(columns), 200)}.")
    return columns.index(target)


def _parse(cell: str, comma: bool) -> float | None:
    """Return the number in a cell, or None; a decimal comma counts where commas do not part cells."""
    # Python reads "1_000" as a number and numpy would not write it so: a person means something else by it.
    if "_" in cell:
        return None
    try:
        return float(cell.replace(",", ".") if comma and "." not in cell else cell)
    except ValueError:
        return None


def _has_number(rows: list[tuple[int, tuple[str, ...]]], index: int, comma: bool) -> bool:
    """Tell whether a column is meant to hold numbers: at least one of its cells does."""
    return any(_parse(cells[index], comma) is not None for _, cells in rows)


def _number(cell: str, comma: bool, name: str, line: int, column: str) -> float:
    place = f"{name}, line {line}, column {_short(column)}"
    if cell.lower() in MISSING:
        raise DataError(f"{place}: a value is missing; expected a number, so fill it in or leave the row out.")
    number = _parse(cell, comma)
    if number is None:
        raise DataError(f"{place}: expected a number, received {_short(cell)}.")
    if not math.isfinite(number) or abs(number) > 1e30:
        raise DataError(f"{place}: expected a number between -1e30 and 1e30, received {_short(cell)}.")
    return number


def _targets(cells: list[tuple[int, str]], comma: bool, name: str, column: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return the targets (n,) and the names of their classes: text, or up to eight different whole numbers."""
    for line, cell in cells:
        if cell == "" or cell.lower() in MISSING - {"-"}:
            raise DataError(f"{name}, line {line}, column {_short(column)}: the target is missing.")
    numbers = [_parse(cell, comma) for _, cell in cells]
    if all(number is not None for number in numbers) and not _few_whole(numbers):
        return np.array([_number(cell, comma, name, line, column) for line, cell in cells]), ()
    classes = sorted({cell for _, cell in cells}, key=_class_order)
    if len(classes) < 2:
        raise DataError(
            f"{name}: column {_short(column)} holds one class only, {_short(classes[0])}; expected two or more."
        )
    if len(classes) > MAX_CLASSES:
        raise DataError(
            f"{name}: column {_short(column)} holds {len(classes)} classes; expected at most {MAX_CLASSES}, or numbers."
        )
    index = {text: place for place, text in enumerate(classes)}
    return np.array([index[cell] for _, cell in cells], dtype=np.float64), tuple(classes)


def _few_whole(numbers: list[float | None]) -> bool:
    distinct = {number for number in numbers if number is not None}
    return len(distinct) <= MAX_CLASSES and all(number.is_integer() for number in distinct)


def _class_order(text: str) -> tuple[float, str]:
    number = _parse(text, False)
    return (math.inf if number is None else number, text)


def _text_warnings(columns: list[str]) -> list[str]:
    return [f"Column {_short(column)} holds text and is left out." for column in columns]


def _warnings(
    columns: tuple[str, ...], numbers: np.ndarray, targets: np.ndarray, classes: tuple[str, ...]
) -> tuple[str, ...]:
    """Return in plain words what will make learning hard, though the table can be used."""
    found: list[str] = []
    if classes:
        counts = np.bincount(targets.astype(np.int64), minlength=len(classes))
        most, least = int(counts.argmax()), int(counts.argmin())
        if counts[most] >= 4 * counts[least]:
            found.append(
                f"The classes are out of balance: {counts[most]} rows of {_short(classes[most])} against "
                f"{counts[least]} of {_short(classes[least])}, so look at recall and not only at accuracy."
            )
    constant = numbers.max(axis=0) == numbers.min(axis=0)  # the deviation of equal decimals is not quite 0
    flat = [column for column, same in zip(columns, constant, strict=True) if same]
    if flat:
        found.append(f"Column {_short(flat[0])} has the same value in every row, so nothing can be learnt from it.")
    moving = numbers.std(axis=0)[~constant]
    if moving.size > 1 and moving.max() > 100 * moving.min():
        found.append(
            f"The columns differ in scale by a factor of {moving.max() / moving.min():,.0f}: leave standardising on."
        )
    return tuple(found)


def _short(text: str, limit: int = 40) -> str:
    shown = repr(text)
    return shown if len(shown) <= limit else shown[: limit - 3] + "..."
