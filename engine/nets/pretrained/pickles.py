"""Weights in a pickle, ``pytorch_model.bin`` above all: to open one is to do whatever it says; nobody does it here."""

from engine.errors import DataError

MOST_HEADER_BYTES = 16 * 2**20
"""A safetensors file begins with how long its header is, in 8 bytes: that of a whole number like 640 begins as a pickle
does, but no pickle reads as one that is so small.
"""
PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle")
_MARKS = (b"PK\x03\x04", *(b"\x80" + bytes([protocol]) for protocol in range(2, 6)))
INSTEAD = (
    "take the model.safetensors that most models on a hub have beside it, or write one where you trust this file, by "
    "save_pretrained of the library transformers"
)


def refuse_pickle(name: str, head: bytes = b"") -> None:
    """Raise DataError where a file is a pickle by its name, or by the 8 or more bytes of its ``head``."""
    if head.startswith(_MARKS) and int.from_bytes(head[:8], "little") > MOST_HEADER_BYTES:
        what = "is a pickle, whatever its name,"
    elif name.lower().endswith(PICKLES):
        what = "is a pickle"
    else:
        return
    raise DataError(f"{name} {what} which may run programs as it is opened, so it is not: {INSTEAD}.")
