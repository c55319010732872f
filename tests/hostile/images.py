"""Files of images, good and bad, brought as a person brings them and read as the server has them read."""

import gzip
import io
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.data.images import own
from engine.data.images.pack import Pack
from engine.data.images.reading import drained, reading
from engine.data.images.spec import OWN, ImagesSpec
from engine.errors import DataError

Files = Mapping[str, bytes]
Made = Files | Callable[[], Files]
SHADES = {"cat": 40, "dog": 200}


def picture(shade: int = 100, size: tuple[int, int] = (12, 10), form: str = "PNG", mode: str = "L") -> bytes:
    """Return a picture of one shade."""
    file = io.BytesIO()
    image = Image.new("L", size, shade).convert(mode)
    image.save(file, form)
    return file.getvalue()


def archive(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED, link: tuple[str, ...] = ()) -> bytes:
    """Return a zip archive of files by their names; those of ``link`` say that they are links."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as into:
        for name, contents in files.items():
            one = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            one.external_attr = (stat.S_IFLNK | 0o777 if name in link else stat.S_IFREG | 0o644) << 16
            into.writestr(one, contents, method)
    return data.getvalue()


def pictures(around: str = "", each: int = 2, form: str = "PNG") -> dict[str, bytes]:
    """Return good pictures by the names that they have in an archive."""
    shades = SHADES.items()
    return {f"{around}{name}/{n}.png": picture(shade + n, form=form) for name, shade in shades for n in range(each)}


def with_one(name: str, contents: bytes) -> bytes:
    """Return a good archive with one file more, its last."""
    return archive({**pictures(), name: contents})


def encrypted() -> bytes:
    """Return an archive whose files say that they need a password."""
    data = bytearray(archive(pictures()))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = -1
        while (start := data.find(mark, start + 1)) >= 0:
            data[start + at] |= 1
    return bytes(data)


def twice() -> bytes:
    """Return an archive with two files of one name."""
    one, other = archive({**pictures(), "cat/x.png": picture(1)}), b"cat/1.png"
    return one.replace(b"cat/x.png", other)


def with_bzip2() -> bytes:
    """Return a good archive with one file more, which is packed in another way."""
    data = io.BytesIO(archive(pictures()))
    with zipfile.ZipFile(data, "a", zipfile.ZIP_BZIP2) as into:
        into.writestr("cat/9.png", picture())
    return data.getvalue()


def claiming(size: int, count: int) -> bytes:
    """Return an archive whose list says of each of its files that it has so many bytes, unpacked."""
    noise = np.random.default_rng(1).bytes(size // 400)
    data = bytearray(archive({f"cat/{n}.bmp": noise for n in range(count)}, zipfile.ZIP_STORED))
    start = -1
    while (start := data.find(b"PK\x01\x02", start + 1)) >= 0:
        data[start + 24 : start + 28] = struct.pack("<I", size)
    return bytes(data)


def many_entries(count: int) -> bytes:
    """Return an archive of so many empty files."""
    one = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 0, 0, 0, 0, 0, 0, 3, 0) + b"a/b"
    told = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0) + b"a/b"
    least = min(count, 0xFFFF)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, least, least, len(told) * count, len(one) * count, 0)
    return one * count + told * count + end


def overlapping() -> bytes:
    """Return an archive whose list names the same bytes again and again."""
    data = archive({"cat/0.png": np.random.default_rng(1).bytes(4_000)}, zipfile.ZIP_STORED)
    at = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    told = b"".join(data[at:end].replace(b"cat/0.png", b"cat/%d.png" % n) for n in range(9))
    body = data[:at] + told
    return body + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 9, 9, len(told), at, 0)


def huge_png(side: int = 50_000) -> bytes:
    """Return a PNG that says it has so many pixels each way, with some megabytes of them packed small."""
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)

    def chunk(kind: bytes, inside: bytes) -> bytes:
        return struct.pack(">I", len(inside)) + kind + inside + struct.pack(">I", zlib.crc32(kind + inside))

    data = chunk(b"IDAT", zlib.compress(bytes(2**22), 9))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + data + chunk(b"IEND", b"")


def idx(numbers: np.ndarray, kind: int = 8) -> bytes:
    """Return an IDX file of bytes."""
    return struct.pack(f">HBB{numbers.ndim}I", 0, kind, numbers.ndim, *numbers.shape) + numbers.tobytes()


def images(count: int = 8, side: int = 6) -> np.ndarray:
    return (np.arange(count * side * side, dtype=np.int64) % 251).astype(np.uint8).reshape(count, side, side)


def labels(count: int = 8, classes: int = 2) -> np.ndarray:
    return (np.arange(count) % classes).astype(np.uint8)


def pair(count: int = 8, part: str = "train") -> dict[str, bytes]:
    """Return a good pair of IDX files."""
    return {f"{part}-images": idx(images(count)), f"{part}-labels": idx(labels(count))}


def batch(count: int = 6) -> bytes:
    """Return a batch of CIFAR-10 with so many images of two classes."""
    records = np.empty((count, 3_073), np.uint8)
    records[:, 0] = labels(count)
    records[:, 1:] = np.arange(count)[:, None] + 10
    return records.tobytes()


def tar(files: Mapping[str, bytes], *, link: str = "") -> bytes:
    """Return a packed tar archive; ``link`` is the name of a link in it."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as into:
        for name, contents in files.items():
            one = tarfile.TarInfo(name)
            one.size = len(contents)
            into.addfile(one, io.BytesIO(contents))
        if link:
            one = tarfile.TarInfo(link)
            one.type, one.linkname = tarfile.SYMTYPE, "/etc/passwd"
            into.addfile(one)
    return gzip.compress(data.getvalue(), mtime=0)


def telling(size: int) -> bytes:
    """Return a packed tar archive that says of the file in it that it is so large."""
    one = tarfile.TarInfo("data_batch_1.bin")
    one.size = size
    return gzip.compress(one.tobuf(tarfile.GNU_FORMAT) + bytes(10_240), mtime=0)


def keep(home: Path, files: Files, owner: str = "ann") -> str:
    """Have somebody bring files; raises DataError."""
    data = list(files.values())
    return own.keep(home, [b"".join(data)], "/".join(files), owner, sizes=[len(one) for one in data])


def packed(home: Path, files: Files, **settings: object) -> Pack:
    """Have somebody bring files, and read them; raises DataError."""
    return drained(reading(ImagesSpec(images=OWN, own_images=keep(home, files), own_side=8, **settings)))  # type: ignore[arg-type]


def refused(made: Made, sentence: str) -> Callable[..., None]:
    """Return a row: the files are refused in one sentence that begins so, and nothing is read, nor half kept."""

    def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
        with pytest.raises(DataError) as told:
            packed(tmp_path, made() if callable(made) else made)
        said = str(told.value)
        assert said.startswith(sentence), said
        assert said.endswith(".")
        assert len(said) < 500
        assert said.isprintable()
        assert not [mark for mark in ("Traceback", str(tmp_path), ".py", "Error") if mark in said]
        assert not list(tmp_path.rglob(".*")), "a draft was left"
        assert not list(tmp_path.rglob("record.json"))
        monkeypatch.undo()
        monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
        assert packed(tmp_path, pair()).record.images == 8, "who comes next is served"

    return run


def learnt(made: Made, count: int, dropped: str = "", classes: tuple[str, ...] = ()) -> Callable[..., None]:
    """Return a row: so many images are learnt from, and what was ``dropped`` is told."""

    def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
        found = packed(tmp_path, made() if callable(made) else made)
        assert found.record.images == len(found.pixels) == len(found.labels) == count
        assert found.record.told_dropped() == dropped
        assert not classes or found.record.classes == classes
        assert all(name.isprintable() and len(name) <= 43 for name in found.record.classes)
        assert {path.name for path in tmp_path.iterdir()} == {own.FOLDER}

    return run
