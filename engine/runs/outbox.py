"""Commands on their way to a worker; that they cannot be sent never spoils what is still to be read from it.

A worker that leaves closes its end with its last words unread in the socket. To asyncio's streams a command written at
that moment is an error of the connection, and all that was to be read is lost with it.
"""

import asyncio
import json
import socket


class Outbox:
    """Writes to one worker, from the hub's loop: sends what the kernel takes and keeps the rest until it takes more."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection.dup()
        self._socket.setblocking(False)
        self._loop = asyncio.get_running_loop()
        self._unsent = bytearray()
        self._ends = self.closed = False

    @property
    def unsent(self) -> int:
        """Return how many bytes wait to be sent."""
        return len(self._unsent)

    def say(self, name: str, value: str | None) -> None:
        """Send a command; none comes after ``end``."""
        if not (self._ends or self.closed):
            self._unsent += json.dumps({"name": name, "value": value}).encode() + b"\n"
            self._push()

    def end(self) -> None:
        """Tell the worker, behind what waits, that there will be no more commands."""
        self._ends = True
        if not self.closed:
            self._push()

    def close(self) -> None:
        """Send nothing any more."""
        if not self.closed:
            self.closed = True
            self._unsent.clear()
            self._loop.remove_writer(self._socket)
            self._socket.close()

    def _push(self) -> None:
        try:
            while self._unsent:
                del self._unsent[: self._socket.send(self._unsent)]
            if self._ends:
                self._socket.shutdown(socket.SHUT_WR)
        except BlockingIOError:
            return self._loop.add_writer(self._socket, self._push)
        except OSError:
            self._unsent.clear()  # it is gone, or leaving: what it has said is still to be read
        self._loop.remove_writer(self._socket)
