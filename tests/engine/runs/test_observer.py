"""The second process of a run, forked from this one."""

import dataclasses
import socket
import time
from typing import Any

import pytest

from engine.runs.link import Link
from engine.runs.observer import Observer
from tests.engine.runs.test_link import read, read_exactly
from tests.engine.runs.test_store import make_run

LARGE = 3_000_000


class Reporter:
    """Says what it is told to."""

    waiting = False

    def __init__(self, link: Link) -> None:
        self.run = make_run(state="running")
        self._link = link

    def show(self, state: str, message: str = "") -> None:
        self._link.send(bytes(int(message)))

    def end(self, state: Any, message: str) -> None:
        self.run = dataclasses.replace(self.run, state=state)
        self._link.send(message.encode())


@pytest.mark.parametrize("before", [LARGE, 0])
def test_what_the_server_does_not_take_at_once_comes_once_and_without_another_order(before: int) -> None:
    ours, server = socket.socketpair()
    with ours, server:
        server.settimeout(10)
        link = Link(ours)
        if before:
            link.send(bytes(before))
        observer = Observer.fork(None, Reporter(link), link, 0)  # type: ignore[arg-type]
        if not before:
            observer.show("running", str(LARGE))
        link.commands()
        time.sleep(0.2)
        first = read_exactly(server, 4 + 1_000)
        link.commands()
        rest = read_exactly(server, LARGE - 1_000)
        assert (first + rest)[4:] == bytes(LARGE)
        observer.end("stopped", "farewell")
        assert read(server) == b"farewell"
