"""What comes out of the stream of a run."""

import asyncio
import json
import os
import random
import secrets
from contextlib import suppress

import pytest
from websockets.asyncio.client import ClientConnection

from engine.frames import decode
from pages.ui.rights import Right
from tests.app_server import AppServer
from tests.pages.streams import PERSON, cookie, live, play, until, watched
from tests.pages.visitor import visit

pytestmark = pytest.mark.usefixtures("servers_key")


def test_a_watcher_sees_the_run_from_its_first_frame(app_server: AppServer):
    async def scene() -> None:
        async with watched(app_server) as socket:
            assert socket.subprotocol == "learnscope"
            await until(socket, lambda message: message.kind == "opening")
            frame = await until(socket, lambda message: message.kind == "frame")
            assert frame.header["step"] == 0

    play(scene())


def test_who_asks_for_scalars_alone_is_sent_no_frames(app_server: AppServer):
    async def scene() -> None:
        async with (
            visit(app_server, **cookie()) as page,
            live(app_server, f"{page.run}?only=scalars", Right(page.run, PERSON, control=True).token()) as socket,
        ):
            await socket.send(json.dumps({"command": "step"}))
            kinds = []
            await until(socket, lambda message: kinds.append(message.kind) or message.header.get("state") == "paused")
            assert "frame" not in kinds
            assert "series" in kinds
            await socket.send(json.dumps({"command": "stop"}))
            await until(socket, lambda message: message.header.get("state") == "stopped")

    play(scene())


def test_a_command_is_carried_out_and_a_recorded_frame_is_sent_again(app_server: AppServer):
    async def scene() -> None:
        async with watched(app_server) as socket:
            await until(socket, lambda message: message.header.get("state") == "ready")
            await socket.send(json.dumps({"command": "step"}))
            await until(socket, lambda message: message.kind == "frame" and message.header["step"] == 1)
            await until(socket, lambda message: message.header.get("state") == "paused")
            await socket.send(json.dumps({"frame": 0}))
            await until(socket, lambda message: message.kind == "frame" and message.header["step"] == 0)

    play(scene())


def test_who_watches_may_ask_how_a_number_came_about(app_server: AppServer):
    async def scene() -> None:
        async with visit(app_server, **cookie()) as page:
            token = Right(page.run, PERSON, control=False).token()
            async with live(app_server, page.run, token) as socket:
                frame = await until(socket, lambda message: message.kind == "frame")
                for index, known in (([12, 30], True), ([12, 300], False)):
                    question = {"step": 0, "array": "boundary.value", "index": index}
                    await socket.send(json.dumps({"explain": question}))
                    told = (await until(socket, lambda message: message.kind == "explained")).header
                    assert (told["array"], told["index"]) == ("boundary.value", index)
                    if known:
                        value = float(frame.arrays["boundary.value"][12, 30])
                        assert float(told["value"]) == pytest.approx(value, rel=1e-6)
                    else:
                        assert told["error"].startswith("There is no cell [12, 300]")

    play(scene())


def test_a_watcher_that_never_reads_holds_up_nobody(app_server: AppServer):
    async def scene() -> None:
        async with visit(app_server, **cookie()) as page, live(app_server, page.run, max_queue=1) as lazy:
            await lazy.send(json.dumps({"command": "resume"}))
            async with live(app_server, page.run) as eager:
                await until(eager, lambda message: message.kind == "frame" and message.header["step"] > 200)
                await eager.send(json.dumps({"command": "stop"}))
                await until(eager, lambda message: message.header.get("state") == "stopped")

    play(scene())


def test_a_browser_that_is_cut_off_ten_times_at_random_moments_misses_nothing(app_server: AppServer):
    seed = int(os.environ.get("FAULT_SEED") or secrets.randbelow(1_000_000))
    print(f"FAULT_SEED={seed}")
    rng = random.Random(seed)

    async def scene() -> None:
        async with visit(app_server, **cookie()) as page:
            shown: dict[int, bytes] = {}
            async with live(app_server, page.run) as socket:
                await until(socket, lambda message: message.header.get("state") == "ready")
                await socket.send(json.dumps({"command": "resume"}))
            for _ in range(10):
                async with live(app_server, page.run) as socket:
                    await take(socket, rng.uniform(0.02, 0.3), shown)
                    socket.transport.abort()  # as where a cable is pulled: without a farewell
            async with live(app_server, page.run) as socket:
                told = await until(socket, lambda message: message.kind == "recorded")
                assert shown.keys() <= set(told.arrays["steps"].tolist())
                for step in rng.sample(sorted(shown), 5):
                    await socket.send(json.dumps({"frame": step}))
                    again = await until(socket, lambda m, step=step: m.kind == "frame" and m.header["step"] == step)
                    assert again.header["at"] == decode(shown[step]).header["at"]
                await socket.send(json.dumps({"command": "stop"}))
                await until(socket, lambda message: message.header.get("state") == "stopped")

    play(scene())


async def take(socket: ClientConnection, seconds: float, shown: dict[int, bytes]) -> None:
    """Take in frames for a while, by their steps."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while True:
                data = await socket.recv(decode=False)
                message = decode(data)
                if message.kind == "frame":
                    shown[message.header["step"]] = data
