"""Those who wait at streams of runs, and what goes wrong, hold up nobody else: streams without a server."""

import asyncio
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.websockets import WebSocket

from engine.errors import StoreError
from engine.frames import decode
from engine.runs.controls import Controls
from engine.runs.run import Run
from pages.ui import live_routes
from pages.ui.live_socket import MAX_MESSAGE_CHARS, LiveSocket
from pages.ui.rights import Right
from tests.pages.streams import PERSON, play


class Endless:
    """A hub with one run that has always something new."""

    def __init__(self) -> None:
        self.controls = Controls(lambda seconds, act: None)
        self.run = Run("some", "playground", "{}", PERSON, "running", 0, "", 0, 0)

    def watch(self, _run: str, notify: Callable[[], None], *, frames: bool) -> "Endless":
        notify()
        self._notify = notify
        return self

    def take(self) -> list[bytes]:
        self._notify()
        return [b"frame"]

    def close(self) -> None:
        pass


def test_what_is_left_to_send_when_the_socket_is_closed_is_no_error():
    sent: list[str] = []

    async def receive() -> dict[str, Any]:
        if not sent:
            return {"type": "websocket.connect"}
        await asyncio.sleep(0.01)
        return {"type": "websocket.receive", "text": "x" * (MAX_MESSAGE_CHARS + 1)}

    async def send(message: Any) -> None:
        sent.append(message["type"])
        await asyncio.sleep(0.01 if message["type"] == "websocket.close" else 0)

    async def scene() -> None:
        socket = WebSocket({"type": "websocket"}, receive, send)
        await socket.accept()
        await LiveSocket(socket, Endless(), Right("some", PERSON, control=True)).talk()  # type: ignore[arg-type]

    play(scene())
    assert sent.count("websocket.send") > 2
    assert sent[-1] == "websocket.close"


class Pondering(Endless):
    """A hub whose process that explains numbers does not answer, until it is ``let_go``."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.let_go = threading.Semaphore(0), threading.Event()

    def take(self) -> list[bytes]:
        return []

    def frame(self, _step: int) -> bytes:
        return b"frame"

    def explain(self, *_: object) -> dict[str, Any]:
        self.asked.release()
        self.let_go.wait(30)
        return {}


def test_those_who_wait_for_explanations_hold_up_nobody_else():
    """There are more of them than threads for all that may take a while: commands, and looks into the store."""
    hub = Pondering()

    async def ask() -> None:
        told = asyncio.Event()
        messages = [
            {"type": "websocket.connect"},
            {
                "type": "websocket.receive",
                "text": json.dumps({"explain": {"step": 0, "array": "boundary.value", "index": [0, 0]}}),
            },
        ]

        async def receive() -> dict[str, Any]:
            if not messages:
                await told.wait()
            return messages.pop(0) if messages else {"type": "websocket.disconnect", "code": 1000}

        async def send(message: Any) -> None:
            if message["type"] == "websocket.send" and b"explained" in message["bytes"]:
                told.set()

        socket = WebSocket({"type": "websocket"}, receive, send)
        await socket.accept()
        await LiveSocket(socket, hub, Right("some", PERSON, control=True)).talk()  # type: ignore[arg-type]

    async def scene() -> None:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(4))
        asking = [asyncio.create_task(ask()) for _ in range(12)]
        try:
            while not hub.asked.acquire(blocking=False):
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.2)
            await asyncio.wait_for(asyncio.to_thread(lambda: None), 10)
        finally:
            hub.let_go.set()
        await asyncio.gather(*asking)

    play(scene())


def test_a_store_that_cannot_be_read_is_told_before_the_stream_breaks_off(monkeypatch: pytest.MonkeyPatch):
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    def hub() -> None:
        raise StoreError("The database of runs is damaged.")

    monkeypatch.setattr(live_routes, "hub", hub)
    monkeypatch.setattr(live_routes, "_right", lambda _: Right("some", PERSON, control=True))
    play(live_routes.watch_run(WebSocket({"type": "websocket", "query_string": b"", "headers": []}, receive, send)))
    assert [message["type"] for message in sent] == ["websocket.accept", "websocket.send", "websocket.close"]
    told = decode(sent[1]["bytes"])
    assert (told.kind, told.header["message"]) == ("refused", "The database of runs is damaged.")
    assert sent[2]["code"] == live_routes.SERVER_ERROR
