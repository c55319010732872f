"""A browser asks the net about a picture of its own, through the stream of a run."""

import base64
import json

import numpy as np
import pytest
from websockets.asyncio.client import ClientConnection

from engine.frames import Message
from tests.app_server import AppServer
from tests.pages.streams import cookie, live, play, until
from tests.pages.visitor import visit

pytestmark = pytest.mark.usefixtures("servers_key")

PICTURE = np.random.default_rng(1).integers(0, 256, (28, 28, 1), np.uint8)


def question(pixels: bytes = PICTURE.tobytes(), *, number: int = 1, step: object = -1) -> str:
    values = base64.b64encode(pixels).decode()
    return json.dumps({"step": step, "ask": {"what": "look", "settings": {}, "values": values, "id": number}})


async def answer(socket: ClientConnection, number: int = 1) -> Message:
    return await until(socket, lambda message: message.kind == "answer" and message.header["id"] == number)


async def explained(socket: ClientConnection, array: str, index: list[int], **more: bool) -> Message:
    await socket.send(json.dumps({"explain": {"step": 0, "array": array, "index": index, **more}}))
    return await until(socket, lambda message: message.kind == "explained")


def test_the_net_answers_the_one_who_asks_and_its_numbers_are_explained(app_server: AppServer) -> None:
    async def scene() -> None:
        async with (
            visit(app_server, "vision", **cookie()) as page,
            live(app_server, page.run) as socket,
            live(app_server, page.run) as other,
        ):
            shown = await until(socket, lambda message: message.kind == "frame")
            await socket.send(question())
            told = await answer(socket)
            assert told.header["step"] == 0
            np.testing.assert_array_equal(told.arrays["image.pixels"][0], PICTURE)
            assert told.arrays["image.probabilities"].sum() == pytest.approx(1, abs=1e-5)

            value = float(told.arrays["image.probabilities"][4])
            assert value != float(shown.arrays["image.probabilities"][4])
            of_mine = await explained(socket, "image.probabilities", [4], answered=True)
            of_the_frame = await explained(socket, "image.probabilities", [4])
            assert float(of_mine.header["value"]) == pytest.approx(value)
            assert float(of_the_frame.header["value"]) == pytest.approx(float(shown.arrays["image.probabilities"][4]))

            layer = next(name for name in told.arrays if name.startswith("maps."))
            low, high = (told.arrays[layer.replace("maps", bound, 1)][2] for bound in ("maps_low", "maps_high"))
            drawn = low + told.arrays[layer][2, 5, 6] / 255 * (high - low)
            sum_of_mine = await explained(socket, layer, [2, 5, 6], answered=True)
            assert float(sum_of_mine.header["value"]) == pytest.approx(float(drawn), abs=float(high - low) / 255)

            await other.send(json.dumps({"frame": 0}))
            seen = []
            await until(other, lambda message: seen.append(message.kind) or message.kind == "frame")
            assert "answer" not in seen
            await socket.send(json.dumps({"command": "stop"}))
            await until(socket, lambda message: message.header.get("state") == "stopped")
            await socket.send(question(number=2, step=0))
            again = await answer(socket, 2)
            for name, array in told.arrays.items():
                np.testing.assert_array_equal(again.arrays[name], array, err_msg=name)

    play(scene())


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (question(b"few"), "expected 784 numbers, received 3"),
        (question(b"\0" * 40_000), "expected 784 numbers, received 40,000"),
        (question(step="one"), "no step"),
        (question(step=True), "no step"),
        (json.dumps({"step": -1, "ask": "me"}), "no question to a net"),
        (json.dumps({"step": -1, "ask": {"what": "look", "settings": {}, "values": "%", "id": 1}}), "base64"),
        (json.dumps({"step": -1, "ask": {"what": "look", "settings": {}, "values": "é", "id": 1}}), "base64"),
    ],
)
def test_what_is_no_picture_of_the_nets_is_refused_in_a_sentence(app_server: AppServer, asked: str, said: str) -> None:
    async def scene() -> None:
        async with visit(app_server, "vision", **cookie()) as page, live(app_server, page.run) as socket:
            await until(socket, lambda message: message.kind == "frame")
            await socket.send(asked)
            told = await until(socket, lambda message: message.kind in ("answer", "refused"))
            assert said in (told.header.get("error") or told.header.get("message"))
            await socket.send(question(number=5))
            assert "error" not in (await answer(socket, 5)).header
            await socket.send(json.dumps({"command": "stop"}))
            await until(socket, lambda message: message.header.get("state") == "stopped")

    play(scene())


def test_a_lab_whose_nets_answer_nothing_says_so(app_server: AppServer) -> None:
    async def scene() -> None:
        async with visit(app_server, **cookie()) as page, live(app_server, page.run) as socket:
            await until(socket, lambda message: message.kind == "frame")
            await socket.send(question())
            assert "answer no questions" in (await answer(socket)).header["error"]
            await socket.send(json.dumps({"command": "stop"}))
            await until(socket, lambda message: message.header.get("state") == "stopped")

    play(scene())
