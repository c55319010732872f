"""The worker's end of the socket, against a real one."""

import json
import os
import signal
import socket
import struct
import threading
import time
from collections.abc import Iterator
from multiprocessing import Pipe

import pytest

from engine.runs.link import MOST_WAITING_BYTES, Command, Link


@pytest.fixture
def ends() -> Iterator[tuple[Link, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.settimeout(10)
        yield Link(ours), theirs


def read(server: socket.socket) -> bytes:
    (size,) = struct.unpack("<I", read_exactly(server, 4))
    return read_exactly(server, size)


def read_exactly(server: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        data += server.recv(size - len(data))
    return data


def test_messages_arrive_whole_and_in_order(ends: tuple[Link, socket.socket]) -> None:
    link, server = ends
    sent = [bytes([i]) * size for i, size in enumerate((1, 0, 70_000, 3_000_000))]
    for data in sent:
        link.send(data)
    drainer = threading.Thread(target=link.drain, args=(10.0,))
    drainer.start()
    assert [read(server) for _ in sent] == sent
    drainer.join()


def test_a_server_that_does_not_read_makes_the_link_full_and_holds_up_nothing(ends: tuple[Link, socket.socket]) -> None:
    link, server = ends
    sent = 0
    while not link.full:
        link.send(bytes(500_000))
        sent += 1
    began = time.monotonic()
    link.drain(0.1)
    assert time.monotonic() - began < 60, "it waits for ever"
    assert sent * 500_000 > MOST_WAITING_BYTES
    drainer = threading.Thread(target=link.drain, args=(10.0,))
    drainer.start()
    for _ in range(sent):
        assert read(server) == bytes(500_000)
    drainer.join()
    assert not link.full


def test_commands_come_one_by_one_however_they_are_cut(ends: tuple[Link, socket.socket]) -> None:
    link, server = ends
    data = b'{"name": "set", "value": "a=1"}\n{"name": "stop"}\n'
    server.sendall(data[:10])
    assert link.commands() == []
    server.sendall(data[10:40])
    assert link.commands(wait=True) == [Command("set", "a=1")]
    server.sendall(data[40:])
    assert link.commands(wait=True) == [Command("stop")]


def test_a_server_that_hangs_up_is_noticed_and_can_still_be_told(ends: tuple[Link, socket.socket]) -> None:
    link, server = ends
    server.sendall(json.dumps({"name": "pause"}).encode() + b"\n")
    server.shutdown(socket.SHUT_WR)
    assert link.commands(wait=True) == [Command("pause")]
    assert link.closed
    assert link.commands(wait=True) == []
    link.send(b"farewell")
    assert read(server) == b"farewell"


def test_a_server_that_is_gone_is_no_error(ends: tuple[Link, socket.socket]) -> None:
    link, server = ends
    server.close()
    link.send(b"a")
    link.send(b"b")
    link.drain(1.0)
    assert link.commands(wait=True) == []
    assert link.closed
    assert not link.full


def test_a_signal_wakes_a_waiting_link(ends: tuple[Link, socket.socket]) -> None:
    link, _ = ends
    before = signal.signal(signal.SIGUSR1, lambda *_: link.close_reading())
    try:
        timer = threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGUSR1))
        timer.start()
        assert link.commands(wait=True) == []
        assert link.closed
        timer.join()
    finally:
        signal.signal(signal.SIGUSR1, before)


def test_what_waits_is_sent_while_there_is_nothing_else_to_do(ends: tuple[Link, socket.socket]) -> None:
    link, server = ends
    idle, orders = Pipe(duplex=False)
    link.send(bytes(3_000_000))
    pusher = threading.Thread(target=link.push_until, args=(idle,))
    pusher.start()
    assert read(server) == bytes(3_000_000)
    pusher.join()
    link.send(bytes(3_000_000))
    orders.send("something to do")
    link.push_until(idle)
    idle.close()
    orders.close()
