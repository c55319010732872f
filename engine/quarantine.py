"""Files from people are read here and nowhere else: in a process of their own, with limits on memory, time and writing.

What is wrong with a file is one sentence, also where it brought its reader to an end. A reader is named as
``module:name`` and is a function of the file's bytes, its name and some arguments; see ``engine.quarantined``. A server
keeps a process ready for it; whoever reads one file only has one for just that.
"""

import json
import logging
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import DataError
from engine.quarantined import LENGTH, MEMORY_BYTES, SECONDS, WALL_SECONDS, Parsed

AT_ONCE = 4
"""Each takes a core, and may take half a gigabyte: a class that uploads at once waits its turn."""
MOST_ANSWER_BYTES = 256 * 2**20
ROOT = Path(__file__).resolve().parents[1]
COMMAND = ("-m", "engine.quarantined")
NUMBERS = "biuf"
BEYOND = {
    "memory": f"takes more than {MEMORY_BYTES // 2**20} MB of memory to be read",
    "time": f"takes more than {SECONDS} seconds of computing to be read",
}

log = logging.getLogger("learnscope.quarantine")

_turns = threading.Semaphore(AT_ONCE)
_lock = threading.Lock()
_kept: "Quarantine | None" = None


def read(reader: str, data: bytes, name: str, *arguments: str) -> Parsed:
    """Return what ``reader`` makes of a file whose ``name`` is fit for messages; raises DataError."""
    with _turns:
        try:
            header, rest = _ask(reader, data, (name, *arguments))
        except OSError as error:
            log.error("a file could not be read: %s", error)
            raise DataError(f"{name} could not be read just now: try again.") from None
    if "refused" in header:
        raise DataError(header["refused"])
    if "beyond" in header:
        raise DataError(f"{name} {BEYOND[header['beyond']]}, which is more than a file may: make it smaller.")
    if "fault" in header:
        log.error("a file could not be read by %s: %s", reader, header["fault"])
        raise DataError(f"{name} could not be read: the server's log says why.")
    if not header:
        raise DataError(f"{name} brought its reader to an end: it is damaged, or too large to be read.")
    return header["value"], _arrays(header["arrays"], rest)


def keep_ready() -> None:
    """Have a process ready from now on, for files that are to come."""
    global _kept
    with _lock:
        _kept = _kept or Quarantine()


def close() -> None:
    """Keep none ready any more."""
    global _kept
    with _lock:
        if _kept is not None:
            _kept.close()
            _kept = None


@contextmanager
def ready() -> Iterator[None]:
    """Have a process ready meanwhile, for many files one after the other; one that is kept anyway is used."""
    ours = _kept is None
    keep_ready()
    try:
        yield
    finally:
        if ours:
            close()


class Quarantine:
    """The process as it is seen from outside; may be asked by several threads at once. Raises OSError."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter with our own module
                [sys.executable, *COMMAND, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env=_environment(),
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C in the terminal is for the server; this process ends with it
            )

    @property
    def lost(self) -> bool:
        """Tell whether the process has ended."""
        return self._process.poll() is not None

    def ask(self, reader: str, data: bytes, arguments: tuple[str, ...]) -> tuple[dict[str, Any], bytes]:
        """Return the header of the answer and the bytes after it; an empty header where there was none."""
        order = json.dumps({"reader": reader, "arguments": arguments}).encode()
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                socket.send_fds(self._socket, [order], [theirs.fileno()])
            ours.settimeout(WALL_SECONDS)
            with suppress(ConnectionError):  # a reader that has ended already
                ours.sendall(data)
                ours.shutdown(socket.SHUT_WR)
            return _answer(ours)

    def close(self) -> None:
        """End the process."""
        self._socket.close()
        try:
            self._process.wait(2.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _ask(reader: str, data: bytes, arguments: tuple[str, ...]) -> tuple[dict[str, Any], bytes]:
    """Ask the process that is kept, or another in its place if it has ended, or one that is started for this alone."""
    global _kept
    with _lock:
        if _kept is not None and _kept.lost:
            log.warning("the process that reads files had died; it is started anew")
            _kept.close()
            _kept = Quarantine()
        kept = _kept
    if kept is not None:
        return kept.ask(reader, data, arguments)
    alone = Quarantine()
    try:
        return alone.ask(reader, data, arguments)
    finally:
        alone.close()


def _answer(asked: socket.socket) -> tuple[dict[str, Any], bytes]:
    parts, size = [], 0
    with suppress(ConnectionError):
        while part := asked.recv(2**20):
            parts.append(part)
            size += len(part)
            if size > MOST_ANSWER_BYTES:
                return {"beyond": "memory"}, b""
    answer = b"".join(parts)
    if len(answer) < LENGTH.size:
        return {}, b""
    start = LENGTH.size + LENGTH.unpack_from(answer)[0]
    try:
        return json.loads(answer[LENGTH.size : start]), answer[start:]
    except ValueError:
        return {}, b""  # it was cut short


def _arrays(table: list[tuple[str, str, list[int]]], rest: bytes) -> dict[str, np.ndarray]:
    """Return the arrays of an answer, read-only: numbers alone, so that nothing in it is ever more than that."""
    arrays: dict[str, np.ndarray] = {}
    offset = 0
    for name, kind, shape in table:
        dtype = np.dtype(kind)
        count = int(np.prod(shape, dtype=np.int64))
        if dtype.kind not in NUMBERS or offset + count * dtype.itemsize > len(rest):
            raise DataError(f"The array {name} of a file that was read is none.")
        arrays[name] = np.frombuffer(rest, dtype, count, offset).reshape(shape)
        offset += count * dtype.itemsize
    return arrays


def _environment() -> dict[str, str]:
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    return {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONPATH": path}
