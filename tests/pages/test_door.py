"""Many connections on which nothing is asked for keep nobody out."""

import contextlib
import http.client
import resource
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from uvicorn.protocols.http.h11_impl import H11Protocol

from pages.ui import door
from tests.app_server import AppServer
from tests.browser import PATIENCE

LIMIT = 600
PORTION = 50
BEGUN = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Never-Ends: "


@pytest.fixture(scope="module")
def small_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """Return a server that may have few descriptors."""
    with AppServer(tmp_path_factory.mktemp("home")) as server:
        resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (LIMIT, LIMIT))
        yield server


def healthy(server: AppServer) -> bool:
    connection = http.client.HTTPConnection(server.host, timeout=PATIENCE)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().read() == b"ok"
    finally:
        connection.close()


def crowd(server: AppServer, count: int, said: bytes) -> Iterator[socket.socket]:
    """Open connections, some at a time, and say no whole request on any of them."""
    name, port = server.host.split(":")
    for number in range(count):
        one = socket.create_connection((name, int(port)), timeout=PATIENCE)
        with contextlib.suppress(OSError):
            one.sendall(said)
        yield one
        if number % PORTION == PORTION - 1:
            time.sleep(0.1)


@pytest.mark.parametrize("said", [b"", BEGUN])
def test_a_crowd_that_asks_for_nothing_keeps_nobody_out(small_house: AppServer, said: bytes):
    log = small_house.log.stat().st_size
    with contextlib.ExitStack() as stack:
        for one in crowd(small_house, 2 * LIMIT, said):
            stack.enter_context(one)
        assert healthy(small_house)
        descriptors = len(list(Path(f"/proc/{small_house.pid}/fd").iterdir()))
        assert descriptors < LIMIT - 100
    assert healthy(small_house)
    assert small_house.log.stat().st_size - log < 10_000


def test_all_descriptors_that_there_may_be_are_used(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(H11Protocol, "connection_made", H11Protocol.connection_made)
    now, there = {}, [(1_024, 20_000), (1_024, resource.RLIM_INFINITY), (4_096, 4_096)]
    for limits in there:
        monkeypatch.setattr(resource, "getrlimit", lambda _, limits=limits: limits)
        monkeypatch.setattr(resource, "setrlimit", lambda _, asked, limits=limits: now.update({limits: asked}))
        door.keep_door()
    assert now == {there[0]: (20_000, 20_000), there[1]: (door.WANTED, resource.RLIM_INFINITY)}


class Talk:
    """One connection, as far as a door looks at it."""

    class Cycle:
        response_complete = True

    def __init__(self, connections: set["Talk"]) -> None:
        self.connections, self.loop, self.transport = connections, self, self
        self.cycle: Talk.Cycle | None = None
        self.protocol: object = self
        self.ended = False
        self.later: list[tuple] = []
        connections.add(self)

    def call_later(self, _seconds: float, act, *given: object) -> None:
        self.later.append((act, given))

    def get_protocol(self) -> object:
        return self.protocol

    def is_closing(self) -> bool:
        return self.ended

    def abort(self) -> None:
        self.ended = True

    def pass_time(self) -> None:
        act, given = self.later.pop()
        act(*given)


def met() -> Talk:
    talk = Talk(set())
    door.Door().meet(talk)  # type: ignore[arg-type]
    return talk


def test_who_says_nothing_is_seen_off():
    talk = met()
    talk.pass_time()
    assert talk.ended
    assert not talk.connections


def test_who_asks_now_and_then_stays_and_goes_when_they_do_not_any_more():
    talk = met()
    for _ in range(3):
        talk.cycle = Talk.Cycle()
        talk.pass_time()
        assert not talk.ended
    talk.pass_time()
    assert talk.ended


def test_who_waits_for_a_long_answer_stays():
    talk = met()
    talk.cycle = Talk.Cycle()
    talk.cycle.response_complete = False
    for _ in range(3):
        talk.pass_time()
    assert not talk.ended


def test_a_stream_is_left_alone():
    talk = met()
    talk.protocol = object()
    talk.pass_time()
    assert not talk.ended
    assert not talk.later


def test_the_silent_make_room_and_nobody_else(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(door, "most", lambda: 3)
    house: set[Talk] = set()
    keeper = door.Door()
    talks = []
    for _ in range(3):
        talks.append(Talk(house))
        keeper.meet(talks[-1])  # type: ignore[arg-type]
    busy, stream, silent = talks
    busy.cycle = Talk.Cycle()
    busy.cycle.response_complete = False
    stream.protocol = object()
    late = Talk(house)
    keeper.meet(late)  # type: ignore[arg-type]
    assert [talk.ended for talk in (busy, stream, silent, late)] == [False, False, True, False]
    late.cycle = busy.cycle
    too_late = Talk(house)
    keeper.meet(too_late)  # type: ignore[arg-type]
    assert [talk.ended for talk in (busy, stream, late, too_late)] == [False, False, False, True]
