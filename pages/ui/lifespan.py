"""What happens when the server starts and before it ends."""

import asyncio
import contextlib
import gc
import logging
import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import websockets.http11

import engine.labs.catalogue  # noqa: F401  imported now, or the first visitor would wait for it
from engine import quarantine
from engine.errors import StoreError
from pages.ui import house, live_assets

LONGEST_HEADER = 2**16

log = logging.getLogger("learnscope.server")


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Warm everything that a first visitor would wait for; at the end let all runs write down what they have."""
    for listener in listening_sockets():
        # asyncio sets this by itself only where the socket was made with a protocol number, which Streamlit's is not;
        # without it small frames wait 40 ms for the acknowledgement of the one before.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.close()
    # A browser sends the cookies of all that runs on a host, whatever the port: on localhost that may be much.
    websockets.http11.MAX_LINE_LENGTH = LONGEST_HEADER
    trouble = await open_house()
    opening = asyncio.create_task(open_house_later(trouble)) if trouble else None
    await asyncio.to_thread(live_assets.assets)
    quarantine.keep_ready()
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        if opening is not None:
            opening.cancel()
        await asyncio.to_thread(house.close)
        quarantine.close()


async def open_house() -> str:
    """Make the hub and warm what starts runs; return a sentence about what stands in the way, or nothing."""
    try:
        (await asyncio.to_thread(house.hub)).warm()
    except StoreError as error:
        return str(error)
    return ""


async def open_house_later(trouble: str) -> None:
    """Log what stands in the way, once, and try until nothing does; pages say the same in the meantime."""
    while trouble:
        log.error("no run can be opened yet: %s", trouble)
        said = trouble
        while trouble == said:
            await asyncio.sleep(house.RETRY_SECONDS)
            trouble = await open_house()
    log.warning("runs can be opened now")


def listening_sockets() -> Iterator[socket.socket]:
    """Yield this process's listening TCP sockets, each as a duplicate that the caller closes."""
    for name in os.listdir("/dev/fd"):
        with contextlib.suppress(OSError):
            found = socket.socket(fileno=os.dup(int(name)))
            internet = found.family in (socket.AF_INET, socket.AF_INET6) and found.type == socket.SOCK_STREAM
            if internet and found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                yield found
            else:
                found.close()
