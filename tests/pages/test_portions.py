"""Large answers in portions: whole, and of what nobody takes hardly anything is in memory."""

import asyncio
import http.client
import socket
import time

import pytest

from pages.ui import live_assets
from pages.ui.portions import PORTION, Portions
from tests.app_server import AppServer
from tests.browser import PATIENCE
from tests.hostile.web import memory


def sent(*messages: dict) -> list[dict]:
    """Return what leaves the server of an app's messages."""
    found: list[dict] = []

    async def app(_scope: object, _receive: object, send) -> None:
        for message in messages:
            await send(message)

    async def keep(message) -> None:
        found.append(message)

    async def nothing() -> dict:
        return {}

    asyncio.run(Portions(app)({"type": "http"}, nothing, keep))  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize("size", [0, 1, PORTION, PORTION + 1, 5 * PORTION])
@pytest.mark.parametrize("more", [True, False])
def test_a_body_comes_whole_and_ends_where_it_did(size: int, more: bool):
    body = bytes(range(256)) * (size // 256 + 1)
    parts = sent({"type": "http.response.body", "body": body[:size], "more_body": more})
    assert b"".join(part["body"] for part in parts) == body[:size]
    assert max(len(part["body"]) for part in parts) <= PORTION
    assert [part["more_body"] for part in parts] == [True] * (len(parts) - 1) + [more]


def test_a_crowd_that_reads_nothing_costs_no_memory(app_server: AppServer):
    address = f"/live/assets/{live_assets.version()}/plotly.min.js"
    question = f"GET {address} HTTP/1.1\r\nHost: {app_server.host}\r\n\r\n".encode()
    port = int(app_server.host.rpartition(":")[2])
    ask(app_server, address)
    before, crowd = memory(app_server), []
    try:
        for _ in range(80):
            one = socket.socket()
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            one.connect(("localhost", port))
            one.sendall(question)
            crowd.append(one)
        time.sleep(2)
        ask(app_server, address)
        assert memory(app_server) - before < 60 * 2**20  # it was 2 MB for each
    finally:
        for one in crowd:
            one.close()


def ask(server: AppServer, address: str) -> None:
    connection = http.client.HTTPConnection(server.host, timeout=PATIENCE)
    connection.request("GET", address)
    answer = connection.getresponse()
    assert answer.read() == live_assets.assets()["plotly.min.js"].plain
    connection.close()
