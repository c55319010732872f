"""The process in which files from people are read: each in a fork of its own, within limits that no reader can pass.

A file may be made so that its reader eats memory, takes for ever, writes or crashes: then that fork ends, and nothing
else. The process imports readers and numpy alone, so it is there in a fifth of a second, and a fork of it in some
milliseconds.

Messages on its socket, JSON, one a packet: {"reader": "module:name", "arguments": [...]}, together with a socket. On
that comes the file, to its end, and goes one answer: its header's length (uint32), the header (JSON), bytes of arrays.
Headers: {"value": {...}, "arrays": [[name, dtype, shape], ...]}; {"refused": sentence}; {"beyond": "memory" or "time"};
{"fault": traceback}. No answer at all: the reader came to a violent end.
"""

import json
import os
import resource
import signal
import socket
import struct
import sys
import traceback
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import LearnscopeError

NICENESS = 5
SECONDS = 20
"""Of computing; the largest tables take two to five on a slow machine."""
WALL_SECONDS = 60
MEMORY_BYTES = 512 * 2**20
PACKET_BYTES = 64 * 1024
LENGTH = struct.Struct("<I")

Parsed = tuple[Mapping[str, Any], Mapping[str, np.ndarray]]
"""What a reader makes of a file: plain data (fit for JSON), and arrays of numbers by name."""
Reader = Callable[..., Parsed]
"""Takes the file's bytes, its name for messages, and arguments (text); raises LearnscopeError."""


class OutOfTime(BaseException):
    """The seconds of a reader are over; no reader is to catch it by the way."""


def main(descriptor: int) -> None:
    """Serve the socket ``descriptor`` until whoever asks is gone."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a fork, so the kernel buries it
    server = socket.socket(fileno=descriptor)
    while True:
        order, descriptors, _, _ = socket.recv_fds(server, PACKET_BYTES, 1)
        if not order:
            return
        with socket.socket(fileno=descriptors[0]) as asker:
            wanted = json.loads(order)
            reader = _reader(wanted["reader"])  # before the fork, so that the next one finds it imported
            if os.fork() == 0:
                server.close()
                _be_read(asker, reader, wanted["arguments"])


def _reader(name: str) -> Reader:
    module, _, function = name.partition(":")
    return getattr(import_module(module), function)


def _be_read(asker: socket.socket, reader: Reader, arguments: list[str]) -> None:
    """Be the child of a fork: read one file, answer, and never return."""
    try:
        os.nice(NICENESS)
        limit()
        header, arrays = _answer(reader, _received(asker), arguments)
        head = json.dumps(header).encode()
        asker.sendall(LENGTH.pack(len(head)) + head)
        for array in arrays:
            asker.sendall(array.tobytes())
    finally:
        os._exit(0)


def limit() -> None:
    """Give this process its limits; no way leads back."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + MEMORY_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGXCPU, _out_of_time)
    signal.alarm(WALL_SECONDS)
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))


def _out_of_time(*_: object) -> None:
    raise OutOfTime


def _received(asker: socket.socket) -> bytes:
    parts = []
    while part := asker.recv(2**20):
        parts.append(part)
    return b"".join(parts)


def _answer(reader: Reader, data: bytes, arguments: list[str]) -> tuple[dict[str, Any], list[np.ndarray]]:
    try:
        value, arrays = reader(data, *arguments)
    except LearnscopeError as error:
        return {"refused": str(error)}, []
    except MemoryError:
        return {"beyond": "memory"}, []
    except OutOfTime:
        return {"beyond": "time"}, []
    except Exception:
        return {"fault": traceback.format_exc()}, []
    table = [[name, array.dtype.str, array.shape] for name, array in arrays.items()]
    return {"value": value, "arrays": table}, list(arrays.values())


if __name__ == "__main__":
    main(int(sys.argv[1]))
