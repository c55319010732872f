"""What the hub writes to a worker."""

import asyncio
import socket
from collections.abc import Iterator

import pytest

from engine.runs.outbox import Outbox


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, worker = socket.socketpair()
    with ours, worker:
        yield ours, worker


def test_commands_come_in_order_and_then_the_end(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, worker = ends

    async def scene() -> None:
        outbox = Outbox(ours)
        outbox.say("set", "rate=1")
        outbox.say("stop", None)
        outbox.end()
        outbox.say("never", None)
        outbox.close()

    asyncio.run(scene())
    assert worker.recv(999) == b'{"name": "set", "value": "rate=1"}\n{"name": "stop", "value": null}\n'
    assert worker.recv(999) == b""


def test_what_the_kernel_does_not_take_waits_and_all_of_it_arrives(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, worker = ends
    ours.setblocking(False)

    async def scene() -> bytes:
        outbox = Outbox(ours)
        while not outbox.unsent:
            outbox.say("set", "x" * 10_000)
        outbox.end()
        worker.setblocking(False)
        taken = b""
        while data := await asyncio.get_running_loop().sock_recv(worker, 100_000):
            taken += data
        assert not outbox.unsent
        outbox.close()
        return taken

    taken = asyncio.run(scene())
    assert taken.endswith(b"\n")
    assert {len(line) for line in taken.split(b"\n")[:-1]} == {len(b'{"name": "set", "value": "') + 10_000 + 2}


def test_what_cannot_be_sent_leaves_what_is_to_be_read(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, worker = ends

    async def scene() -> bytes:
        reader, writer = await asyncio.open_connection(sock=ours)
        outbox = Outbox(ours)
        worker.sendall(b"last words")
        worker.close()
        outbox.say("stop", None)
        outbox.end()
        heard = await reader.read()
        outbox.close()
        writer.close()
        return heard

    assert asyncio.run(scene()) == b"last words"
