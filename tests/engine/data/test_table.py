"""Tables that people upload: those that can be learnt from, and those that can't and why."""

import csv

import numpy as np
import pytest

from engine.data.table import MAX_COLUMNS, MAX_ROWS, header, read_table
from engine.errors import DataError

ROWS = [(i / 10, 3 * i, "yes" if i % 3 else "no") for i in range(12)]


def _csv(rows=ROWS, head="a,b,kind", delimiter=","):
    lines = [head.replace(",", delimiter), *(delimiter.join(map(str, row)) for row in rows)]
    return "\n".join(lines).encode()


def test_reads_numbers_and_classes():
    table = read_table(_csv(), "t.csv")
    assert table.columns == ("a", "b")
    assert table.classes == ("no", "yes")
    assert table.numbers[:, 1].tolist() == [3 * i for i in range(12)]
    assert table.targets.tolist() == [float(bool(i % 3)) for i in range(12)]
    assert header(_csv(), "t.csv") == ("a", "b", "kind")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_delimiters_line_ends_and_byte_order_marks(delimiter, end, mark):
    data = mark + _csv(delimiter=delimiter).replace(b"\n", end.encode()) + end.encode()
    assert np.array_equal(read_table(data, "t.csv").numbers, read_table(_csv(), "t.csv").numbers)


def test_decimal_comma():
    data = _csv([(str(a).replace(".", ","), b, c) for a, b, c in ROWS], delimiter=";")
    assert read_table(data, "t.csv").numbers[:, 0].tolist() == [i / 10 for i in range(12)]


def test_target_by_name_and_what_it_is():
    assert read_table(_csv(), "t.csv", "kind").target == "kind"
    numbers = [(i, i * 2, 10 * (i % 3)) for i in range(12)]
    assert read_table(_csv(numbers), "t.csv").classes == ("0", "10", "20")
    assert read_table(_csv([(a, b, b + 0.5) for a, b, _ in ROWS]), "t.csv").classes == ()


def test_quoted_cells_and_formulas_are_text():
    rows = [(a, b, "\"=cmd|'/c calc'!A1\"" if i % 2 else '"a ""b"", c"') for i, (a, b, _) in enumerate(ROWS)]
    assert read_table(_csv(rows), "t.csv").classes == ("=cmd|'/c calc'!A1", 'a "b", c')


def _with(row, line=3):
    rows = [list(r) for r in ROWS]
    rows[line] = row
    return _csv(rows)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "t.csv is empty: expected a header and rows."),
        (b"\n\n  \n", "t.csv is empty: expected a header and rows."),
        (b"a,b\n", "t.csv has too few rows: expected at least 10 below the header, received 0."),
        (b"a\n1\n", "t.csv has 1 columns: expected 2 to 200, the target among them."),
        (b"a,a\n1,2\n", "t.csv, line 1: expected each column once, received 'a' twice."),
        (b"a,,b\n1,2,3\n", "t.csv, line 1: column 2 has no name."),
        (_with((1, 2)), "t.csv, line 5: expected 3 cells as in the header, received 2."),
        (_with((1, 2, 3, 4)), "t.csv, line 5: expected 3 cells as in the header, received 4."),
        (
            _with((1, "", "no")),
            "t.csv, line 5, column 'b': a value is missing; expected a number, so fill it in or leave the row out.",
        ),
        (
            _with((1, "NaN", "no")),
            "t.csv, line 5, column 'b': a value is missing; expected a number, so fill it in or leave the row out.",
        ),
        (_with((1, "red", "no")), "t.csv, line 5, column 'b': expected a number, received 'red'."),
        (_with((1, "1_000", "no")), "t.csv, line 5, column 'b': expected a number, received '1_000'."),
        (_with((1, "=1+1", "no")), "t.csv, line 5, column 'b': expected a number, received '=1+1'."),
        (
            _with((1, "inf", "no")),
            "t.csv, line 5, column 'b': expected a number between -1e30 and 1e30, received 'inf'.",
        ),
        (
            _with((1, "1e400", "no")),
            "t.csv, line 5, column 'b': expected a number between -1e30 and 1e30, received '1e400'.",
        ),
        (_with((1, 2, "")), "t.csv, line 5, column 'kind': the target is missing."),
        (
            _csv([("x", "y", c) for _, _, c in ROWS]),
            "t.csv has no column of numbers beside 'kind': expected at least one.",
        ),
        (
            _csv([(a, b, "yes") for a, b, _ in ROWS]),
            "t.csv: column 'kind' holds one class only, 'yes'; expected two or more.",
        ),
        (
            _csv([(a, b, f"k{b}") for a, b, _ in ROWS]),
            "t.csv: column 'kind' holds 12 classes; expected at most 8, or numbers.",
        ),
        (_with(("\0", 2, "no")), "t.csv, line 5: expected text in UTF-8, received a NUL byte."),
        (b"\x89PNG\r\n\x1a\n\0\0", "t.csv is a picture (PNG): expected a table as text in UTF-8 (CSV)."),
        (b"PK\x03\x04\n\0", "t.csv is a zip archive, as those of Excel are: expected a table as text in UTF-8 (CSV)."),
        (
            "größe,b\n".encode("latin-1"),
            "t.csv, line 1: expected text in UTF-8, received byte 0xf6; save the table again as UTF-8.",
        ),
        (
            b"\xef\xbb\xbfa,b\r1,2\r\n3,4\n" + "größe,2\n".encode("latin-1"),
            "t.csv, line 4: expected text in UTF-8, received byte 0xf6; save the table again as UTF-8.",
        ),
        ("a,b\n1,2\n".encode("utf-16"), "t.csv is written in UTF-16: expected UTF-8, so save it again as UTF-8."),
        (b'a,b\n"1,2\n3,4\n', "t.csv, line 2: a quote opens here and is never closed."),
        (b'a,b\n1,2\n3,"', "t.csv, line 3: a quote opens here and is never closed."),
        (b'a,b\r\n\r\n"1\r\n2",5"\r\n3,"4\r\n5,6\r\n', "t.csv, line 5: a quote opens here and is never closed."),
        (b'a,b\n"1\n2","3\n' + b"4,5\n" * 20, "t.csv, line 3: a quote opens here and is never closed."),
        (b'a,b\n1,"2\n' + b"4,5\n" * 20 + b'6,"7\n', "t.csv, line 2: the quotes from here to line 23 do not fit"),
        (b'a,b\n1,"2\n' + b"4,5\n" * 99_999, "t.csv, line 2: the quotes from here to line "),
        (b'a,b\n1,"2"3\n', "t.csv, line 2: the quotes do not fit"),
        (b'a,b\n"1\n2"\n', "t.csv, line 2: expected 2 cells as in the header, received 1."),
        (
            ",".join(f"c{i}" for i in range(10_000)).encode(),
            f"t.csv has 10000 columns: expected 2 to {MAX_COLUMNS}, the target among them.",
        ),
        (b"a,b\n" + b"1,2\n" * (MAX_ROWS + 1), f"t.csv has too many rows: expected at most {MAX_ROWS}."),
        (b"a,b\n1," + b"9" * 5000, "t.csv, line 2: expected at most 1000 characters a cell, received 5000."),
    ],
)
def test_what_cannot_be_learnt_from_is_refused_in_one_sentence(data, sentence):
    with pytest.raises(DataError) as caught:
        read_table(data, "t.csv")
    # What the reader of the standard library says follows in brackets.
    assert str(caught.value).startswith(sentence)
    assert str(caught.value) == sentence or not sentence.endswith(".")


def test_what_others_let_through_in_this_process_changes_nothing():
    before = csv.field_size_limit(10**8)
    try:
        with pytest.raises(DataError, match="the quotes from here to line "):
            read_table(b'a,b\n1,"2\n' + b"4,5\n" * 99_999, "t.csv")
    finally:
        csv.field_size_limit(before)


def test_header_is_read_without_the_rows():
    assert header(b'a,b\n1,2,3\n"', "t.csv") == ("a", "b")
    for data in (b"", b"a,a\n1,2\n", b'"a,b\n1,2\n'):
        with pytest.raises(DataError):
            header(data, "t.csv")


def test_unknown_target_names_the_columns():
    with pytest.raises(DataError) as caught:
        read_table(_csv(), "t.csv", "colour")
    assert str(caught.value) == "t.csv has no column 'colour': expected one of 'a, b, kind'."


def test_warnings_tell_what_will_make_it_hard():
    rows = [(i, 1e6 * i, 5, "rare" if i == 0 else "common") for i in range(12)]
    warnings = read_table(_csv(rows, head="a,b,c,kind"), "t.csv").warnings
    assert warnings == (
        "The classes are out of balance: 11 rows of 'common' against 1 of 'rare', "
        "so look at recall and not only at accuracy.",
        "Column 'c' has the same value in every row, so nothing can be learnt from it.",
        "The columns differ in scale by a factor of 1,000,000: leave standardising on.",
    )
    equal = [(0.1, 0.7, i, "ab"[i % 2]) for i in range(50)]  # deviations that are not quite 0
    assert read_table(_csv(equal, head="a,b,c,kind"), "t.csv").warnings == (
        "Column 'a' has the same value in every row, so nothing can be learnt from it.",
    )
    assert read_table(_csv(), "t.csv").warnings == ()
    named = read_table(_csv(), "t.csv", target="a")
    assert named.columns == ("b",)
    assert named.warnings == ("Column 'kind' holds text and is left out.",)


def test_random_bytes_never_raise_anything_else():
    generator = np.random.default_rng(0)
    for _ in range(300):
        data = generator.integers(0, 256, 200, dtype=np.uint8).tobytes()
        with pytest.raises(DataError):
            read_table(data, "t.csv")
    letters = np.frombuffer(b'ab1,;\t"\n\r .-', np.uint8)
    for _ in range(300):
        with pytest.raises(DataError):
            read_table(generator.choice(letters, 120).tobytes(), "t.csv")
