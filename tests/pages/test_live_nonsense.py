"""What a browser may send over the stream of a run, and what becomes of everything else."""

import asyncio
import json

import pytest
from websockets.exceptions import ConnectionClosed

from pages.ui.live_socket import MAX_MESSAGE_CHARS, TOO_LARGE
from tests.app_server import AppServer
from tests.pages.streams import live, play, until, watched

pytestmark = pytest.mark.usefixtures("servers_key")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "7",
        '"x"',
        "null",
        "{}",
        '{"command": "explode"}',
        '{"command": ["resume"]}',
        '{"command": {"a": 1}}',
        '{"frame": "0"}',
        '{"frame": true}',
        '{"explain": 7}',
        '{"explain": {"step": "0", "array": "boundary.value", "index": [0, 0]}}',
        '{"explain": {"step": 0, "array": "boundary.value", "index": [0.5, 0]}}',
        '{"explain": {"step": 0, "array": "boundary.value", "index": [true]}}',
        '{"explain": {"step": 0, "array": ["boundary.value"], "index": []}}',
        '{"explain": {"step": 0, "array": "boundary.value", "index": [-1]}}',
        '{"explain": {"step": 0, "array": "boundary.value", "index": [0,0,0,0,0,0,0,0,0]}}',
        "[" * 1000,
        '{"control": null}',
        '{"control": ["ask"]}',
        '{"control": "steal"}',
        '{"control": "give"}',
        '{"control": "give", "to": 7}',
        '{"control": "give", "to": {"id": "x"}}',
        '{"control": "give", "to": "someone-who-does-not-ask"}',
        '{"control": "ask"}',
        '{"control": "return"}',
        '{"command": "set", "value": "nothing=1"}',
        '{"command": "set", "value": "learning_rate=nan"}',
        '{"command": "set"}',
        '{"command": "set", "value": "layers.0.weight[99, 0]=1"}',
        '{"command": "set", "value": "layers.0.weight[0, 0]=Infinity"}',
        '{"__proto__": {"command": "resume"}}',
    ],
)
def test_nonsense_is_refused_in_a_sentence_and_the_stream_goes_on(app_server: AppServer, text: str):
    async def scene() -> None:
        async with watched(app_server) as socket:
            await until(socket, lambda message: message.header.get("state") == "ready")
            await socket.send(text)
            answer = await until(socket, lambda m: m.kind == "refused" or bool(m.header.get("message")))
            assert "Traceback" not in answer.header["message"]
            await socket.send(json.dumps({"command": "step"}))
            await until(socket, lambda message: message.kind == "frame" and message.header["step"] == 1)

    play(scene())


@pytest.mark.parametrize("data", ["x" * (MAX_MESSAGE_CHARS + 1), b"{}"])
def test_a_large_or_binary_message_ends_the_conversation(app_server: AppServer, data: str | bytes):
    async def scene() -> None:
        async with watched(app_server) as socket:
            await socket.send(data)
            with pytest.raises(ConnectionClosed) as closed:
                await until(socket, lambda message: False)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == TOO_LARGE

    play(scene())


def test_too_many_commands_at_once_are_refused(app_server: AppServer):
    async def scene() -> None:
        async with watched(app_server) as socket:
            for _ in range(80):
                await socket.send(json.dumps({"command": "pause"}))
            refused = await until(socket, lambda message: message.kind == "refused")
            assert "Too many" in refused.header["message"]

    play(scene())


def test_a_far_away_frame_does_no_harm(app_server: AppServer):
    async def scene() -> None:
        async with watched(app_server) as socket:
            await until(socket, lambda message: message.header.get("state") == "ready")
            for step in (-1, 10**30, 10**9):
                await socket.send(json.dumps({"frame": step}))
            await socket.send(json.dumps({"command": "step"}))
            await until(socket, lambda message: message.kind == "frame" and message.header["step"] == 1)

    play(scene())


def test_a_far_away_frame_of_a_run_that_is_over_does_no_harm(app_server: AppServer):
    async def scene() -> None:
        async with watched(app_server) as socket:
            await until(socket, lambda message: message.header.get("state") == "ready")
            await socket.send(json.dumps({"command": "step"}))
            await until(socket, lambda message: message.header.get("state") == "paused")
            run = socket.request.path.rpartition("/")[2]  # type: ignore[union-attr]
            await socket.send(json.dumps({"command": "stop"}))
            await until(socket, lambda message: message.header.get("state") == "stopped")
        await asyncio.sleep(0.5)  # until the hub has let go of it
        async with live(app_server, run) as socket:
            await until(socket, lambda message: message.header.get("state") == "stopped")
            await socket.send(json.dumps({"frame": -(2**70)}))
            await socket.send(json.dumps({"frame": 2**63}))
            await until(socket, lambda message: message.kind == "frame" and message.header["step"] == 1)

    play(scene())
    assert "OverflowError" not in app_server.log.read_text()
