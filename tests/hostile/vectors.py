"""Files of vectors, good and bad, as the table of hostile things needs them."""

import gzip
import io
import pickle
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator

import numpy as np

GOOD = b"the 1 2 3\nof 4 5 6\nand 7 8 9\n"
ROWS = {b"the": [1.0, 2.0, 3.0], b"of": [4.0, 5.0, 6.0], b"and": [7.0, 8.0, 9.0]}
MEGABYTE = 1 << 20
MAGIC = 793_712_314


def binary(rows: dict[bytes, list[float]] = ROWS, end: bytes = b"\n", head: bytes = b"", order: str = "<") -> bytes:
    """Return vectors as word2vec writes them, under a header that may lie."""
    (d,) = {len(vector) for vector in rows.values()}
    body = b"".join(word + b" " + struct.pack(f"{order}{d}f", *vector) + end for word, vector in rows.items())
    return (head or f"{len(rows)} {d}\n".encode()) + body


def fasttext(words: tuple[bytes, ...] = (b"one", b"two", b"six"), /, **changed: int) -> bytes:
    """Return a model of some words, two numbers each and four buckets, with some of its settings changed."""
    n = len(words)
    s = {"magic": MAGIC, "version": 12, "dim": 2, "bucket": 4, "minn": 3, "maxn": 4, "size": n, "nwords": n}
    s |= {"nlabels": 0, "pruned": -1, "quantised": 0, "rows": n + 4, "columns": 2, "end": 0} | changed
    head = struct.pack("<2i", s["magic"], s["version"])
    arguments = struct.pack("<12id", s["dim"], 5, 5, 1, 5, 1, 2, 2, s["bucket"], s["minn"], s["maxn"], 100, 1e-4)
    dictionary = struct.pack("<3i2q", s["size"], s["nwords"], s["nlabels"], 30, s["pruned"])
    entries = b"".join(word + bytes([s["end"]]) + struct.pack("<qb", 100 - i, 0) for i, word in enumerate(words))
    matrix = struct.pack("<2q", s["rows"], s["columns"]) + np.arange(2 * (n + 4), dtype="<f4").tobytes()
    return head + arguments + dictionary + entries + bytes([s["quantised"]]) + matrix


def gzipped(piece: bytes, times: int) -> bytes:
    """Return one member of gzip that unpacks to so many times the piece, made without unpacking it in memory."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)  # from here on it may stand again
    whole, total = 0, 0
    for _ in range(times):
        whole = zlib.crc32(piece, whole)
        total += len(piece)
    head = gzip.compress(b"")[:10]
    return head + packed * times + packer.flush() + struct.pack("<II", whole, total & 0xFFFFFFFF)


def repeated(piece: bytes, times: int, before: bytes = b"", behind: bytes = b"") -> Iterator[bytes]:
    """Yield a large file in pieces."""
    yield before
    for _ in range(times):
        yield piece
    yield behind


def rows_of(count: int, dimensions: int = 3) -> bytes:
    """Return so many good rows of text."""
    numbers = " ".join(["0.125"] * dimensions).encode()
    return b"".join(b"w%d %s\n" % (number, numbers) for number in range(count))


def row(word: bytes, numbers: bytes = b"1 2 3") -> bytes:
    """Return the good file with one row more, its fourth."""
    return GOOD + word + b" " + numbers + b"\n"


def archive(*names: str, contents: bytes = GOOD, method: int = zipfile.ZIP_DEFLATED, link: bool = False) -> bytes:
    """Return a zip archive of files with these names, or of links."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as into:
        for name in names:
            one = zipfile.ZipInfo(name)
            one.external_attr = (stat.S_IFLNK | 0o777 if link else stat.S_IFREG | 0o644) << 16
            into.writestr(one, b"/etc/passwd" if link else contents, method)
    return data.getvalue()


def entries(count: int) -> bytes:
    """Return a zip archive of so many empty files."""
    one = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 0, 0, 0, 0, 0, 0, 1, 0) + b"a"
    told = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(told) * count, len(one) * count, 0)
    return one * count + told * count + end


def safetensors(header: bytes, length: int | None = None, behind: bytes = b"") -> bytes:
    """Return such a file, whose header may lie about its length and about what is behind it."""
    return struct.pack("<Q", len(header) if length is None else length) + header + behind


def legacy_torch(inside: bytes) -> bytes:
    """Return a file as ``torch.save`` wrote it before it wrote archives: pickles, one behind the other."""
    return b"".join(pickle.dumps(one, 2) for one in (0x1950A86A20F9469CFC6C, 1001, {"little_endian": True})) + inside


ONNX = b"\x08\x08\x12\x07pytorch:\x5a" + b"\x12\x10weights" + b"j\x18\n\x08location\x12\x0c../../passwd"


def random_bytes(seed: int, count: int) -> bytes:
    """Return the same random bytes for the same seed."""
    return np.random.default_rng(seed).bytes(count)


def random_model(seed: int) -> bytes:
    """Return what begins as a model of fastText does, and is random."""
    return struct.pack("<2i", MAGIC, 12) + random_bytes(seed, 5_000)
