"""Files that are no tables, and tables that cannot be learnt from: each is told in a sentence and leaves nothing."""

import codecs
import gzip
import io
import json
import pickle
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine.data import table
from engine.data.points_spec import PointsSpec, problem_of, target_choices
from engine.data.reading import read_table
from engine.errors import DataError
from engine.runs import runfile
from pages.ui import uploads
from tests.hostile.greedy import Touch

GOOD = b"length,width,kind\n" + b"".join(b"%d,%d.5,%s\n" % (n, n % 7, b"ab"[n % 2 : n % 2 + 1]) for n in range(30))
ROWS = GOOD.split(b"\n", 1)[1]


def with_row(row: bytes, head: bytes = b"length,width,kind") -> bytes:
    """Return a good table with ``row`` as its fifth line."""
    lines = GOOD.split(b"\n")
    return b"\n".join([head, *lines[1:4], row, *lines[4:]])


def refused(make: Callable[[Path], bytes] | bytes, sentence: str, name: str = "t.csv"):
    """Return the check that a file is refused with ``sentence``, and that nothing of it is kept."""

    def check(home: Path) -> None:
        data = make(home) if callable(make) else make
        with pytest.raises(DataError) as error:
            uploads.keep(data, name, "person-a")
        said = str(error.value)
        assert said.startswith(sentence), said
        assert said.endswith(".")
        assert len(said) < 400
        assert not [mark for mark in ("Traceback", "/tmp", str(home), ".py") if mark in said]
        assert not [path for path in home.rglob("*") if path.is_file()]
        read_table(GOOD, "good.csv")  # who comes next is served

    return check


def taken(data: bytes, **values: object):
    """Return the check that a strange table can be learnt from all the same: ``values`` are of the table read."""

    def check(home: Path) -> None:
        uploads.keep(data, "t.csv", "person-a")
        read = read_table(data, "t.csv")
        for name, value in values.items():
            found = getattr(read, name)
            assert (found.tolist() if isinstance(found, np.ndarray) else found) == value, name

    return check


def nothing_is_read_here(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever asks for a table or a run of somebody, this process reads none of its bytes."""

    def read(*_: object) -> None:
        raise AssertionError("a file was read in the process of the server")

    for module, name in ((table, "read_table"), (table, "header"), (runfile.RunFile, "from_json")):
        monkeypatch.setattr(module, name, read)
    data = GOOD + b"30,1,a\n"  # nobody has read it before
    spec = PointsSpec(dataset="csv", upload=uploads.keep(data, "t.csv", "person-a"))
    assert problem_of(spec).columns == ("length", "width")
    assert target_choices(spec) == ("length", "width", "kind")
    with pytest.raises(DataError, match="no file of a run"):
        runfile.RunFile.read(b"[" * 100_000)


def pickled(home: Path) -> bytes:
    return pickle.dumps(Touch(str(home / "hacked")))


def protocol_0(home: Path) -> bytes:
    """Text, as a table is."""
    return pickle.dumps(Touch(str(home / "hacked")), protocol=0)


def torch_file(home: Path) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("archive/data.pkl", pickled(home))
    return data.getvalue()


def object_array(home: Path) -> bytes:
    data = io.BytesIO()
    np.save(data, np.array([Touch(str(home / "hacked"))], dtype=object), allow_pickle=True)
    return data.getvalue()


def large_array(_: Path) -> bytes:
    """Return the header of an array of 400 GB."""
    head = json.dumps({"descr": "<f4", "fortran_order": False, "shape": [10**11]}).replace("false", "False")
    head = head.replace("[", "(").replace("]", ",)").encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head) + 1) + head + b"\n"


def bomb(_: Path) -> bytes:
    """Return a hundred megabytes of zeros, compressed to a tenth of one."""
    return gzip.compress(bytes(100 * 2**20), compresslevel=1)


def zipped(_: Path) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("../../hacked", GOOD)
    return data.getvalue()


def picture(_: Path) -> bytes:
    """Return the head of a PNG of 50,000 x 50,000 points."""
    head = b"IHDR" + struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))


UTF_16 = {mark: mark + GOOD.decode().encode(name) for mark, name in (
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))}  # fmt: skip
WITH_MARK = codecs.BOM_UTF8 + GOOD
GZIPPED = gzip.compress(GOOD)
MANY_COLUMNS = ",".join(f"c{number}" for number in range(10_000)).encode() + b"\n" + b"1," * 9_999 + b"1\n"
ONE_LINE = b"a,b\n" + b"1," * (50 * 2**19)
SHORT_LINE = b"a,b\n" + b"1," * (2**19)
TOKENS = b"word\n" + b"\n".join(b"t%d" % number for number in range(600_000))
OVERRIDE = "\u202egnp.exe"
