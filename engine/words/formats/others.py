"""Tells what a file is that holds no vectors as text or as word2vec and fastText write them, by its first bytes.

A safetensors file may hold them: see ``engine.words.formats.tensors``.
"""

import re

from engine.data.beginnings import kind_of

_MORE = {
    b"PK\x05\x06": "a zip archive without a file",
    b"PK\x07\x08": "a zip archive in parts",
    b"\x28\xb5\x2f\xfd": "compressed (zstd)",
    b"\x04\x22\x4d\x18": "compressed (lz4)",
    b"\x89HDF": "an HDF5 file",
    b"ARROW1\0": "an Arrow file",
    b"\xff\xfe": "text in UTF-16",
    b"\xfe\xff": "text in UTF-16",
}
SAFETENSORS = "a safetensors file"
_HEADER = re.compile(rb"[0-9]+[ \t]+[0-9]")  # of word2vec; the length of a header may begin with a byte that is a digit
_FAISS = re.compile(rb"I[A-Za-z0-9]{3}[^\0]{0,11}\0", re.DOTALL)  # a kind in four letters, then numbers
_ONNX = re.compile(rb"\x08[\x01-\x20][\x12\x1a\x22\x2a\x32\x3a\x42]")  # the version of the format, and a field more


def other_kind(head: bytes) -> str:
    """Return what a file with this beginning is, in words that go behind "is"; nothing where it may hold vectors."""
    known = next((kind for beginning, kind in _MORE.items() if head.startswith(beginning)), "")
    if known or (known := kind_of(head)):
        return known
    if _FAISS.match(head):
        return "an index of FAISS"
    if _ONNX.match(head):
        return "an ONNX model"
    if head[8:10] in (b'{"', b"{}") and b"\0" in head[:8] and not _HEADER.match(head):
        return SAFETENSORS  # the length of its header in eight bytes, and a header
    return ""
