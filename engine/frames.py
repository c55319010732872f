"""The one binary message of Learnscope: a small JSON header and raw typed arrays.

    offset 0   "LSF1"
           4   uint32   length h of the header, padded with spaces so that 8 + h is a multiple of 8
           8   h bytes  header, JSON: {"kind": ..., ..., "arrays": [[name, dtype, shape, offset], ...]}
       8 + h   arrays, little endian, C order, each at its offset from here, each offset a multiple of 8

A browser reads it without copying: ``new Float32Array(buffer, 8 + h + offset, length)``. Numbers that may be NaN or
infinite (a loss, say) travel in arrays, never in the header, for JSON has no word for them.

Kinds, worker -> hub -> watchers:

    opening   what does not change in a run: {"run", "scalars": [names]} and the arrays of the lab's opening readings
    frame     one step: {"step", "at", "words": {...}}; arrays ``scalars`` (float64, in the opening's order) and the
              readings; ``at`` is when it was looked at, in seconds of a clock of the run's own that only goes forward:
              two frames of one run tell its speed by it, for they come in bursts
    state     the run's state: {"state", "step", "message", "trouble", "learning_rate"}; see ``engine.runs.run.STATES``
    reset     the run is back at its initial weights; whatever was recorded is void
    changed   {"step", "name", "value"}: a live setting was changed there, or a number of the net by its name; the frame
              of that step is then sent once more, in the place of the one before
    refused   {"message"}: a command was not carried out, and why; for who watches now, and not kept

    answer    what the net of {"step"} answers to the question whose {"id"} is given: {"words"} and arrays in the names
              of those of frames; or {"error": sentence}. For who has asked alone

and from the hub alone:

    series    arrays ``steps`` (n,) int32 and ``scalars`` (n, columns) float64, of steps that the watcher has not had
    recorded  array ``steps`` (n,) int32: the steps of all frames that can be asked for
    turn      {"place", "waiting"}: the run waits for its turn to train, at this place among so many; place 0: no longer
    again     array ``steps`` (n,) int32: their frames are others than before, for the net was changed there by hand
    explained {"array", "index"} of the number that this watcher asked about, and either {"error": sentence} or {"step",
              "what", "value", "lines", "tensor", "code"}: an ``engine.explanation.Explanation`` of it at that step
"""

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.errors import FrameError
from engine.readings import Arrays

MAGIC = b"LSF1"
MAX_FRAME_BYTES = 64 * 2**20
DTYPES = {"u1": np.dtype("u1"), "i4": np.dtype("<i4"), "f4": np.dtype("<f4"), "f8": np.dtype("<f8")}
NAMES = {dtype: name for name, dtype in DTYPES.items()}
_PREFIX = struct.Struct("<4sI")


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its kind, the rest of its header, its arrays by name."""

    kind: str
    header: Mapping[str, Any] = field(default_factory=dict)
    arrays: Arrays = field(default_factory=dict)


def encode(message: Message) -> bytes:
    """Return a message as bytes.

    Raises FrameError for an array that is not of dtype uint8, int32, float32 or float64.
    """
    table: list[tuple[str, str, tuple[int, ...], int]] = []
    parts: list[bytes] = []
    offset = 0
    for name, array in message.arrays.items():
        dtype = NAMES.get(array.dtype)
        if dtype is None:
            raise FrameError(f"Array {name} has dtype {array.dtype}: expected one of uint8, int32, float32, float64.")
        raw = np.ascontiguousarray(array).tobytes()
        table.append((name, dtype, array.shape, offset))
        padding = -len(raw) % 8
        parts += [raw, bytes(padding)]
        offset += len(raw) + padding
    header = json.dumps({"kind": message.kind, **message.header, "arrays": table}, allow_nan=False).encode()
    header += b" " * (-len(header) % 8)
    return b"".join([_PREFIX.pack(MAGIC, len(header)), header, *parts])


def decode_header(data: bytes) -> dict[str, Any]:
    """Return the header of a message without looking at its arrays; raises FrameError on garbage."""
    if len(data) < _PREFIX.size:
        raise FrameError(f"A frame has at least {_PREFIX.size} bytes, received {len(data)}.")
    magic, length = _PREFIX.unpack_from(data)
    if magic != MAGIC or _PREFIX.size + length > len(data):
        raise FrameError("These bytes are no frame: the mark or the length at the start is wrong.")
    try:
        header = json.loads(data[_PREFIX.size : _PREFIX.size + length])
    except (ValueError, RecursionError):
        raise FrameError("The header of this frame is not JSON.") from None
    if not isinstance(header, dict) or not isinstance(header.get("kind"), str):
        raise FrameError("The header of this frame is no object with a kind.")
    return header


def decode(data: bytes) -> Message:
    """Return the message in ``data``; its arrays are read-only views. Raises FrameError on garbage."""
    header = decode_header(data)
    start = _PREFIX.size + _PREFIX.unpack_from(data)[1]
    arrays: Arrays = {}
    try:
        for name, dtype, shape, offset in header.pop("arrays"):
            count = int(np.prod(shape, dtype=np.int64))
            if count < 0:
                raise ValueError("a negative shape")
            arrays[name] = np.frombuffer(data, DTYPES[dtype], count, start + offset).reshape(shape)
    except (KeyError, TypeError, ValueError, OverflowError):
        raise FrameError("The table of arrays of this frame does not fit its bytes.") from None
    return Message(header.pop("kind"), header, arrays)
