"""Many clients in one process, each of which takes all that the server sends about one run.

    python -m tests.bench.watchers < ORDER

ORDER is one line of JSON: ``host``, ``seconds``, ``runs`` ((run, token) of each client), ``steered`` (so many of the
first clients start their run, and stop it at the end). Prints "watching" as soon as every client has had a frame of a
trained net, and after ``seconds`` one line of JSON: ``fps`` of each client, ``staleness_ms``, of all frames the 95th
percentile by the clocks of worker and client, which on one machine are one; ``speeds``, the steps per second of each
steered run.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import websockets
from websockets.asyncio.client import ClientConnection

from engine.frames import decode_header
from tests.bench.measure import p95

PATIENCE = 120.0


@dataclass
class Client:
    """One watcher; ``arrived`` are (time, step, staleness in seconds) of its frames."""

    socket: ClientConnection
    trained: asyncio.Event = field(default_factory=asyncio.Event)
    arrived: list[tuple[float, int, float]] = field(default_factory=list)

    async def read(self) -> None:
        """Take messages until the connection ends."""
        async for message in self.socket:
            header = decode_header(message) if isinstance(message, bytes) else {}
            if header.get("kind") == "frame" and header["step"] > 0:
                now = time.monotonic()
                self.arrived.append((now, header["step"], now - header["at"]))
                self.trained.set()

    async def command(self, name: str) -> None:
        """Ask the run for something."""
        await self.socket.send(json.dumps({"command": name}))


@asynccontextmanager
async def connected(host: str, run: str, token: str) -> AsyncIterator[Client]:
    """Watch a run as a browser does."""
    address, origin = f"ws://{host}/live/runs/{run}", f"http://{host}"
    protocols = ["learnscope", token]
    async with websockets.connect(address, subprotocols=protocols, origin=origin, max_size=None) as socket:  # type: ignore[list-item, arg-type]
        client = Client(socket)
        reading = asyncio.create_task(client.read())
        yield client
        reading.cancel()


async def watch(order: dict[str, Any]) -> None:
    """Watch as ordered, and print what was seen."""
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(connected(order["host"], *one)) for one in order["runs"]]
        steering = clients[: order["steered"]]
        for client in steering:
            await client.command("resume")
        async with asyncio.timeout(PATIENCE):
            for client in clients:
                await client.trained.wait()
        print("watching", flush=True)
        start = time.monotonic()
        for client in clients:
            del client.arrived[:-1]  # the last frame before: from it on steps are counted
        await asyncio.sleep(order["seconds"])
        seconds = time.monotonic() - start
        print(json.dumps(told(clients, len(steering), seconds)), flush=True)
        for client in steering:
            await client.command("stop")
        await asyncio.to_thread(sys.stdin.readline)  # until the one who ordered has read it


def told(clients: list[Client], steered: int, seconds: float) -> dict[str, Any]:
    """Return what the clients have seen in this time."""
    kept = [list(client.arrived) for client in clients]
    return {
        "fps": [(len(frames) - 1) / seconds for frames in kept],
        "staleness_ms": 1e3 * p95([stale for frames in kept for _, _, stale in frames[1:]]),
        "speeds": [speed(frames) for frames in kept[:steered]],
    }


def speed(frames: list[tuple[float, int, float]]) -> float:
    """Return the steps per second from the first frame to the last; 0 where only one came."""
    (began, first, _), (ended, last, _) = frames[0], frames[-1]
    return (last - first) / (ended - began) if ended > began else 0.0


if __name__ == "__main__":
    asyncio.run(watch(json.loads(sys.stdin.readline())))
