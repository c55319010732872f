"""A browser at the stream of a run, without a browser: who it is, what it sends, what it waits for."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import websockets
from websockets.asyncio.client import ClientConnection

from engine.frames import Message, decode
from pages.ui.keys import signer
from pages.ui.person import COOKIE
from pages.ui.rights import Right
from tests.app_server import AppServer
from tests.pages.visitor import visit

PERSON = "person-test"
PATIENCE = 90.0  # of a busy machine: only a failure takes so long


def cookie(person: str = PERSON) -> dict[str, str]:
    return {"Cookie": f"{COOKIE}={signer('person').dumps(person)}"}


def live(server: AppServer, run: str, token: str | None = None, **changes: Any) -> Any:
    token = token or Right(run, PERSON, control=True).token()
    options = {
        "subprotocols": ["learnscope", token],
        "origin": f"http://{server.host}",
        "additional_headers": cookie(),
        "max_size": 2**25,
        "close_timeout": 1,
    }
    return websockets.connect(f"ws://{server.host}/live/runs/{run}", **(options | changes))


async def until(socket: ClientConnection, wanted: Callable[[Message], bool]) -> Message:
    """Return the first message that is wanted."""
    async with asyncio.timeout(PATIENCE):
        while True:
            message = decode(await socket.recv(decode=False))
            if wanted(message):
                return message


@asynccontextmanager
async def watched(server: AppServer, **changes: Any) -> AsyncIterator[ClientConnection]:
    """Open a page, and its run's stream beside it; the run is ended in the end, for a person may have so many only."""
    async with visit(server, **cookie()) as page:
        async with live(server, page.run, **changes) as socket:
            yield socket
        async with live(server, page.run) as socket:
            await socket.send(json.dumps({"command": "stop"}))
            await until(socket, lambda message: message.header.get("state") == "stopped")


def play(scene: Coroutine[Any, Any, None]) -> None:
    asyncio.run(scene)


def run_of(socket: ClientConnection) -> str:
    return socket.request.path.rpartition("/")[2]  # type: ignore[union-attr]
