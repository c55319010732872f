"""How many connections the server holds, and for how long one that asks for nothing.

Each takes one of the descriptors that a process may have. Somebody who opens a thousand and never ends a request would
leave none: nobody else could come in, no run could be started, no file be read, and the log would grow by megabytes a
second. uvicorn waits for a request for as long as it takes, so who waits for whom is settled here.
"""

import asyncio
import resource
from collections.abc import Callable
from functools import wraps
from typing import Any
from weakref import WeakKeyDictionary

from uvicorn.protocols.http.h11_impl import H11Protocol

SILENT_SECONDS = 15.0
"""A connection on which no whole request has come for so long is closed."""
WANTED = 65_536
KEPT_FREE = 2_048 + 512
"""Descriptors for runs, files and the database, and for those who come in before anybody counts: 2,048 at a time."""


class Door:
    """Meets everybody who connects. When the house is full those go who have been silent for longest."""

    def __init__(self) -> None:
        self._met: WeakKeyDictionary[H11Protocol, None] = WeakKeyDictionary()  # who came first is first

    def meet(self, one: H11Protocol) -> None:
        """Let somebody in, if there is room or can be made; and see whether they ask for anything."""
        if len(one.connections) > most():
            self._make_room(one)
        if len(one.connections) > most():
            return one.transport.abort()
        self._met[one] = None
        self._look_later(one)
        return None

    def _make_room(self, newest: H11Protocol) -> None:
        """See off an eighth of those who are silent, so that this is not to be done for each who comes."""
        self._met = WeakKeyDictionary({one: None for one in self._met if _is_http(one)})
        silent = [one for one in self._met if one is not newest and _is_silent(one)]
        for one in silent[: max(1, len(silent) // 8)]:
            self._see_off(one)

    def _look_later(self, one: H11Protocol) -> None:
        one.loop.call_later(SILENT_SECONDS, self._look, one, one.cycle)

    def _look(self, one: H11Protocol, before: Any) -> None:
        """Close a connection that is silent and has had no request since; ``before`` is the one it had then."""
        if not _is_http(one):
            return
        if _is_silent(one) and one.cycle is before:
            self._see_off(one)
        else:
            self._look_later(one)

    def _see_off(self, one: H11Protocol) -> None:
        self._met.pop(one, None)
        one.connections.discard(one)  # its end is only told in the loop's next turn
        one.transport.abort()


def most() -> int:
    """Return how many connections there may be."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return max(limit - KEPT_FREE, limit // 2)


def keep_door() -> None:
    """Have all connections met from now on, and as many descriptors as this process may have; once is enough."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED if hard == resource.RLIM_INFINITY else min(hard, WANTED)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    if not hasattr(H11Protocol.connection_made, "__wrapped__"):
        H11Protocol.connection_made = _met_by(Door(), H11Protocol.connection_made)


def _met_by(door: Door, connect: Callable[[H11Protocol, asyncio.Transport], None]) -> Any:
    @wraps(connect)
    def connection_made(self: H11Protocol, transport: asyncio.Transport) -> None:
        connect(self, transport)
        door.meet(self)

    return connection_made


def _is_http(one: H11Protocol) -> bool:
    """Tell whether a connection is there, and has not become a WebSocket."""
    return not one.transport.is_closing() and one.transport.get_protocol() is one


def _is_silent(one: H11Protocol) -> bool:
    """Tell whether there is no request on a connection that has come and is not answered."""
    return one.cycle is None or one.cycle.response_complete
