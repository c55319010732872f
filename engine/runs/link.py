"""The worker's end of the socket to the server: frames out, commands in, never blocking the training."""

import json
import select
import socket
import struct
import time
from collections import deque
from dataclasses import dataclass
from multiprocessing.connection import Connection

LENGTH = struct.Struct("<I")
SEND_BUFFER_BYTES = 2**20
MOST_WAITING_BYTES = 4 * 2**20


@dataclass(frozen=True, slots=True)
class Command:
    """What a person asked of a run; see ``engine.runs.run.COMMANDS``."""

    name: str
    value: str | None = None


class Link:
    """Sends what the kernel takes and keeps the rest for later.

    A server that does not read makes the link ``full``: the worker then looks less often and trains on. ``closed``
    tells that there will be no more commands, for the server has gone or hung up, or this process was asked to end:
    then it is ``terminated`` too.
    """

    def __init__(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        self._socket = connection
        self._readable = select.poll()
        self._readable.register(connection, select.POLLIN)
        self._waiting: deque[memoryview] = deque()
        self._waiting_bytes = 0
        self._received = b""
        self._broken = False
        self.closed = False
        self.terminated = False

    @property
    def full(self) -> bool:
        """Tell whether so much waits to be sent that nothing should be added."""
        return self._waiting_bytes > MOST_WAITING_BYTES

    def send(self, data: bytes) -> None:
        """Send one message, or keep it until it can be sent."""
        if self._broken:
            return
        self._waiting += (memoryview(LENGTH.pack(len(data))), memoryview(data))
        self._waiting_bytes += LENGTH.size + len(data)
        self._push()

    def commands(self, *, wait: bool = False) -> list[Command]:
        """Return the commands that have come; with ``wait``, not before there is one or the link is closed."""
        if wait:
            self._wait()
        self._push()
        if self._readable.poll(0):
            self._pull()
        *lines, self._received = self._received.split(b"\n")
        return [Command(**json.loads(line)) for line in lines]

    @property
    def gone(self) -> bool:
        """Tell whether there will be no more commands, without taking those that have come."""
        if not self.closed and self._readable.poll(0):
            self._pull()
        return self.closed

    def drain(self, timeout: float) -> None:
        """Send all that waits, for at most ``timeout`` seconds."""
        deadline = time.monotonic() + timeout
        while self._waiting and time.monotonic() < deadline:
            select.select([], [self._socket], [], max(0.0, deadline - time.monotonic()))
            self._push()

    def push_until(self, source: Connection) -> None:
        """Send what waits, as fast as the server takes it, until something can be read from ``source``."""
        while self._waiting:
            readable, _, _ = select.select([source], [self._socket], [])
            if readable:
                return
            self._push()

    def hand_over(self) -> None:
        """Leave what waits to the copy of this link in a process just forked: sent by both, it would come twice."""
        self._waiting.clear()
        self._waiting_bytes = 0

    def terminate(self) -> None:
        """Note that this process was asked to end, and behave as if the server had hung up; for a signal handler."""
        self.terminated = True
        self.close_reading()

    def close_reading(self) -> None:
        """Behave from now on as if the server had hung up; for a signal handler, and wakes a waiting ``commands``."""
        self._socket.shutdown(socket.SHUT_RD)

    def _wait(self) -> None:
        while not self.closed and b"\n" not in self._received:
            self._push()
            readable, _, _ = select.select([self._socket], [self._socket] if self._waiting else [], [])
            if readable:
                return

    def _push(self) -> None:
        try:
            while self._waiting:
                first = self._waiting.popleft()
                try:
                    sent = self._socket.send(first)
                except BlockingIOError:
                    sent = 0
                self._waiting_bytes -= sent
                if sent < len(first):
                    self._waiting.appendleft(first[sent:])
                    return
        except OSError:
            self._break()

    def _pull(self) -> None:
        try:
            while not self.closed:
                data = self._socket.recv(4096)
                self._received += data
                self.closed = not data
        except BlockingIOError:
            return
        except OSError:
            self._break()

    def _break(self) -> None:
        self._broken = self.closed = True
        self._waiting.clear()
        self._waiting_bytes = 0
