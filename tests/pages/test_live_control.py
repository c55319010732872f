"""Who controls a run, as its stream tells it and holds everybody to it."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection

from engine.frames import Message
from pages.ui.rights import Right
from tests.app_server import AppServer
from tests.pages.streams import PERSON, cookie, live, play, run_of, until, watched
from tests.pages.visitor import visit

pytestmark = pytest.mark.usefixtures("servers_key")


def told(**wanted: Any) -> Callable[[Message], bool]:
    """Return what knows the message on control that says all that is ``wanted``."""
    return lambda message: message.kind == "control" and wanted.items() <= message.header.items()


@asynccontextmanager
async def beside(server: AppServer, run: str, person: str = "person-guest", tab: str = "g") -> AsyncIterator[Any]:
    """Watch a run of someone else in another browser."""
    token = Right(run, person, control=person == PERSON, tab=tab).token()
    async with live(server, run, token, additional_headers=cookie(person)) as socket:
        yield socket


async def ask(socket: ClientConnection, control: str, to: str = "") -> None:
    await socket.send(json.dumps({"control": control, "to": to}))


async def refusal(socket: ClientConnection) -> str:
    return (await until(socket, lambda message: message.kind == "refused")).header["message"]


def test_a_mere_watcher_cannot_control(app_server: AppServer):
    async def scene() -> None:
        async with visit(app_server, **cookie()) as page:
            token = Right(page.run, PERSON, control=False).token()
            async with live(app_server, page.run, token) as socket:
                for command in ({"command": "resume"}, {"command": "set", "value": "layers.0.bias[0]=1"}):
                    await socket.send(json.dumps(command))
                    refused = await until(socket, lambda message: message.kind == "refused")
                    assert "copy" in refused.header["message"]

    play(scene())


def test_control_is_asked_for_given_and_taken_back_and_each_command_is_held_to_it(app_server: AppServer):
    async def scene() -> None:
        async with watched(app_server) as owner, beside(app_server, run_of(owner)) as guest:
            await until(owner, told(mine=True, owner=True))
            await until(guest, told(mine=False, owner=False, holder="its owner"))
            await ask(guest, "ask")
            asks = (await until(owner, lambda m: m.kind == "control" and bool(m.header["asks"]))).header["asks"]
            assert [one["name"] for one in asks] == ["a second browser"]
            assert "person" not in json.dumps(asks)
            await ask(owner, "give", asks[0]["id"])
            await until(guest, told(mine=True))
            await until(owner, told(mine=False, holder="a second browser"))
            await owner.send(json.dumps({"command": "step"}))
            assert "given control of this run away" in await refusal(owner)
            await guest.send(json.dumps({"command": "step"}))
            await until(owner, lambda message: message.kind == "frame" and message.header["step"] == 1)
            await ask(owner, "take")
            await until(guest, told(mine=False))
            await guest.send(json.dumps({"command": "step"}))
            assert "make your own copy" in await refusal(guest)

    play(scene())


def test_a_watcher_who_forges_an_answer_gets_nothing(app_server: AppServer):
    async def scene() -> None:
        async with watched(app_server) as owner, beside(app_server, run_of(owner)) as guest:
            await ask(guest, "ask")
            asks = (await until(owner, lambda m: m.kind == "control" and bool(m.header["asks"]))).header["asks"]
            for forged, to in (("give", asks[0]["id"]), ("take", ""), ("mute", ""), ("return", "")):
                await ask(guest, forged, to)
                assert "Another browser controls this run" in await refusal(guest)
            await guest.send(json.dumps({"command": "stop"}))
            assert "Another browser controls this run" in await refusal(guest)
            await ask(guest, "ask")
            assert "already" in await refusal(guest)

    play(scene())


def test_of_two_tabs_one_controls_and_the_other_takes_it(app_server: AppServer):
    async def scene() -> None:
        async with watched(app_server) as one, beside(app_server, run_of(one), PERSON, "second") as two:
            await until(two, told(mine=False, owner=True, elsewhere=True))
            await two.send(json.dumps({"command": "step"}))
            assert "in another tab" in await refusal(two)
            await ask(two, "take")
            await until(two, told(mine=True))
            await until(one, told(mine=False, elsewhere=True))
            await ask(one, "take")
            await until(one, told(mine=True))

    play(scene())


def test_who_is_in_the_class_of_the_run_is_called_by_their_name_there(app_server: AppServer):
    async def scene() -> None:
        async with visit(app_server, query="class=helm-test", **cookie("person-guest")):
            pass
        async with visit(app_server, query="class=helm-test", **cookie()) as page, live(app_server, page.run) as owner:
            async with beside(app_server, page.run) as guest:
                await ask(guest, "ask")
                asks = (await until(owner, lambda m: m.kind == "control" and bool(m.header["asks"]))).header["asks"]
                assert asks[0]["name"] != "a second browser"
                assert len(asks[0]["name"].split()) == 2  # Blue otter
            await until(owner, told(asks=[]))  # who left asks for nothing
            await owner.send(json.dumps({"command": "stop"}))
            await until(owner, lambda message: message.header.get("state") == "stopped")

    play(scene())
