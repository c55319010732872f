# ruff: noqa: E501
"""Rows of files that pretend to be vectors, or are packed so that whoever unpacks them comes to harm."""

import gzip
import io
import pickle
from collections.abc import Callable
from pathlib import Path

import faiss
import joblib
import numpy as np

from tests.engine.words import test_formats
from tests.hostile import files
from tests.hostile import vectors_opened as v
from tests.hostile.greedy import Touch
from tests.hostile.row import Row, held
from tests.hostile.vectors import (
    GOOD,
    MEGABYTE,
    ONNX,
    archive,
    binary,
    entries,
    gzipped,
    legacy_torch,
    rows_of,
    safetensors,
)

DISGUISED, COMPRESSED = "Disguised vectors", "Compressed vectors"
PICKLE, ZIP, SAFE = "v.txt is a pickle: ", "v.txt is a zip archive", "v.txt is a safetensors file: "
BEHIND = {v.FEWER: (8, 51)}
UNTOLD = "v.txt is no file of vectors: its first rows end in 0 numbers"
NAMES = (
    "vectors.pkl",
    "vectors.kv",
    "vectors.model",
    "vectors.joblib",
    "vectors.pt",
    "vectors.bin",
    "vectors.vec",
    "vectors.gz",
)


def pickled(protocol: int) -> Callable[[Path], bytes]:
    return lambda home: pickle.dumps(Touch(str(home / "hacked")), protocol)


def dumped(compress: object) -> Callable[[Path], bytes]:
    def make(home: Path) -> bytes:
        into = io.BytesIO()
        joblib.dump(Touch(str(home / "hacked")), into, compress=compress)  # type: ignore[arg-type]
        return into.getvalue()

    return make


def index(_: Path) -> bytes:
    flat = faiss.IndexFlatL2(3)
    flat.add(np.ones((4, 3), np.float32))  # type: ignore[call-arg]
    return faiss.serialize_index(flat).tobytes()


def arrays(_: Path) -> bytes:
    into = io.BytesIO()
    np.savez(into, vectors=np.ones((3, 3), np.float32))
    return into.getvalue()


OF_DISGUISED = (
    *(Row(DISGUISED, "a pickle under any name", name, run=v.refused(files.pickled, f"{name} is a pickle: ", name)) for name in NAMES),
    *(Row(DISGUISED, "a pickle under any name", f"of protocol {protocol}", run=v.refused(pickled(protocol), UNTOLD if protocol < 2 else PICKLE)) for protocol in range(6)),
    Row(DISGUISED, "a pickle under any name", "behind rows", run=v.loaded(lambda home: rows_of(50) + files.protocol_0(home), 50, dropped=BEHIND)),
    Row(DISGUISED, "a pickle under any name", "in gz", run=v.refused(lambda home: gzip.compress(files.pickled(home)), PICKLE)),
    *(Row(DISGUISED, "joblib", str(how), run=v.refused(dumped(how), said)) for how, said in (
        (0, PICKLE), (("gzip", 3), PICKLE), (("zlib", 3), "v.txt is no file of vectors: "), (("bz2", 3), "v.txt is compressed (bzip2): "),
        (("xz", 3), "v.txt is compressed (xz): "), (("lzma", 3), "v.txt is "))),
    Row(DISGUISED, ".pt with __reduce__", run=v.refused(files.torch_file, ZIP)),
    Row(DISGUISED, ".pt with __reduce__", "of an older torch", run=v.refused(lambda home: legacy_torch(files.pickled(home)), PICKLE)),
    Row(DISGUISED, "object .npy", run=v.refused(files.object_array, "v.txt is an array of NumPy: ")),
    Row(DISGUISED, ".npy header of 400 GB", run=v.refused(files.large_array, "v.txt is an array of NumPy: ", most=20)),
    Row(DISGUISED, ".npz and .zip", "arrays", run=v.refused(arrays, ZIP)),
    *(Row(DISGUISED, ".npz and .zip", f"of {name}", run=v.refused(archive(name), ZIP))
      for name in ("../../hacked", "/tmp/hacked", "C:\\hacked", "v.txt")),
    Row(DISGUISED, ".npz and .zip", "with a link", run=v.refused(archive("v.txt", link=True), ZIP)),
    Row(DISGUISED, ".npz and .zip", "of 10^6 entries", run=v.refused(lambda _: entries(10**6), ZIP, most=20)),
    Row(DISGUISED, ".npz and .zip", "of none", run=v.refused(archive(), "v.txt is a zip archive without a file: ")),
    *(Row(DISGUISED, "safetensors", name, run=v.refused(data, SAFE, most=20)) for name, data in (
        ("with a huge header", safetensors(b'{"a":{}}', length=2**62)),
        ("with a header of 100 MB", safetensors(b'{"a":' + b"[" * 100_000, length=100 * MEGABYTE)),
        ("with overlap", safetensors(b'{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]},"b":{"dtype":"F32","shape":[4],"data_offsets":[8,24]}}', behind=bytes(24))),
        ("cut", safetensors(b'{"a":{"dtype":"F32","shape":[400],"data_offsets":[0,1600]}}', behind=bytes(9))),
        ("empty", safetensors(b"{}")))),
    Row(DISGUISED, "a FAISS index", run=v.refused(index, "v.txt is an index of FAISS: ")),
    *(Row(DISGUISED, "a FAISS index", kind, run=v.refused(kind.encode() + bytes([3, 0, 0, 0]) + bytes(60), "v.txt is an index of FAISS: "))
      for kind in ("IHNf", "IwFl", "IxMp", "IxPT")),
    Row(DISGUISED, "a FAISS index", "only a word that sounds like one", run=v.loaded(b"IwFl 1 2 3\n" + GOOD, 4, words=("IwFl",))),
    Row(DISGUISED, ".onnx with external data", run=v.refused(ONNX, "v.txt is an ONNX model: ")),
    *(Row(DISGUISED, "other kinds", name, run=v.refused(data, f"v.txt is {said}: ")) for name, data, said in (
        ("a picture", b"\x89PNG\r\n\x1a\n" + bytes(40), "a picture (PNG)"), ("a PDF", b"%PDF-1.7\n" + bytes(40), "a PDF"),
        ("HDF5", b"\x89HDF\r\n\x1a\n" + bytes(40), "an HDF5 file"), ("a database", b"SQLite format 3\0" + bytes(40), "a database"))),
)  # fmt: skip

OF_COMPRESSED = (
    Row(COMPRESSED, "gz", run=v.loaded(gzip.compress(GOOD), words=("the", "of", "and"))),
    Row(COMPRESSED, "gz of 1 GB in one line", run=v.refused(
        lambda _: gzipped(b"1" * MEGABYTE, 1024), UNTOLD, most=32)),
    Row(COMPRESSED, "gz of 1 GB in one line", "behind rows", run=v.refused(
        lambda _: gzip.compress(GOOD) + gzipped(b"1" * MEGABYTE, 1024), "v.txt, line 4: a row of 3 numbers has at most 2,097,152 bytes", most=64)),
    Row(COMPRESSED, "gz of 1 GB in one line", "in rows", run=v.refused(
        lambda _: gzipped(b"the 1 2 3\n" * 100_000, 100), "v.txt unpacks to more than ", most=400)),
    Row(COMPRESSED, "gz of zeros", run=v.refused(lambda _: gzipped(bytes(MEGABYTE), 100), UNTOLD, most=32)),
    Row(COMPRESSED, "gz of zeros", "behind rows", run=v.refused(
        lambda _: gzip.compress(GOOD) + gzipped(bytes(MEGABYTE), 100), "v.txt, line 4: a row of 3 numbers has at most 2,097,152 bytes", most=64)),
    Row(COMPRESSED, "gz of zeros", "behind a header", run=v.refused(
        lambda _: gzip.compress(b"1000000 3\n") + gzipped(bytes(MEGABYTE), 100), "v.txt is ", most=32)),
    Row(COMPRESSED, "gz of zeros", "as numbers", run=v.refused(
        lambda _: gzip.compress(b"2000000000 3\n") + gzipped((b"a " + bytes(12) + b"\n") * 50_000, 25), "v.txt unpacks to more than ", most=160)),
    *held(COMPRESSED, "caps of bytes and ratio", test_formats.test_no_file_unpacks_to_more_than_there_is_room_for),
    Row(COMPRESSED, "caps of bytes and ratio", "what is no bomb", run=v.loaded(
        gzip.compress(rows_of(40_000)), 40_000)),
    Row(COMPRESSED, "zip ratio 1000", run=v.refused(lambda _: archive("v.txt", contents=bytes(10 * MEGABYTE)), ZIP, most=20)),
    Row(COMPRESSED, "nested zips", run=v.refused(archive("v.zip", contents=archive("v.zip", contents=archive("v.txt"))), ZIP)),
    Row(COMPRESSED, "nested zips", "in gz", run=v.refused(gzip.compress(archive("v.txt")), ZIP)),
    Row(COMPRESSED, "nested zips", "gz in gz", run=v.refused(gzip.compress(gzip.compress(GOOD)), "v.txt is compressed (gzip): ")),
    *(Row(COMPRESSED, "cut", f"at {part} of 10", run=v.refused(
        (data := gzip.compress(rows_of(2_000)))[: len(data) * part // 10], "v.txt is cut short: its packed bytes (gzip) end in the middle.")) for part in (1, 5, 9)),
    Row(COMPRESSED, "cut", "in the sum", run=v.refused(gzip.compress(GOOD)[:-5], "v.txt is cut short: its packed bytes (gzip) end in the middle.")),
    Row(COMPRESSED, "cut", "in the beginning", run=v.refused(gzip.compress(GOOD)[:3], "v.txt is cut short: its packed bytes (gzip) end in the middle.")),
    Row(COMPRESSED, "bad CRC", run=v.refused(gzip.compress(GOOD)[:-8] + b"\1\2\3\4" + gzip.compress(GOOD)[-4:], "v.txt is damaged: its packed bytes (gzip) do not unpack.")),
    Row(COMPRESSED, "bad CRC", "a false length", run=v.refused(gzip.compress(GOOD)[:-4] + b"\1\2\3\4", "v.txt is damaged: its packed bytes (gzip) do not unpack.")),
    Row(COMPRESSED, "bad CRC", "behind what was read", run=v.refused(
        gzip.compress(binary()) + gzip.compress(b"x" * 3_000)[:-5] + b"12345", "v.txt is damaged: its packed bytes (gzip) do not unpack.")),
    Row(COMPRESSED, "plain text named .gz", run=v.loaded(GOOD, name="v.txt.gz", words=("the",))),
    Row(COMPRESSED, "several gz members in a row", run=v.loaded(gzip.compress(GOOD[:10]) + gzip.compress(b"") + gzip.compress(GOOD[10:]), words=("the", "of", "and"))),
    Row(COMPRESSED, "several gz members in a row", "with zeros behind", run=v.loaded(gzip.compress(GOOD) + bytes(512), words=("the",))),
    Row(COMPRESSED, "several gz members in a row", "200,000 empty ones", run=v.refused(
        gzip.compress(b"") * 200_000, "v.txt is empty: ", most=32)),
    Row(COMPRESSED, "several gz members in a row", "and something else", run=v.refused(gzip.compress(GOOD) + b"more", "v.txt is damaged: its packed bytes (gzip) do not unpack.")),
)  # fmt: skip
