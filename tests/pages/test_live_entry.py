"""Who is let in to the stream of a run."""

import asyncio
from typing import Any

import pytest
import websockets
from websockets.exceptions import ConnectionClosed, InvalidStatus

from pages.ui.live_routes import RUN_UNKNOWN
from pages.ui.rights import Right
from tests.app_server import AppServer
from tests.pages.streams import PERSON, cookie, live, play

pytestmark = pytest.mark.usefixtures("servers_key")


def status_of(server: AppServer, run: str = "some", **changes: Any) -> int:
    """Return the HTTP status with which a handshake is answered."""

    async def knock() -> int:
        try:
            async with live(server, run, **changes):
                return 101
        except InvalidStatus as error:
            refusal = error.response
        assert refusal.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'self'" in refusal.headers["Content-Security-Policy"]
        return refusal.status_code

    return asyncio.run(knock())


@pytest.mark.parametrize("origin", [None, "null", "http://evil.example", "http://localhost:1", "https://127.0.0.1"])
@pytest.mark.parametrize("path", ["/live/runs/some", "/_stcore/stream"])
def test_a_page_of_another_site_is_not_let_in(app_server: AppServer, origin: str | None, path: str):
    async def knock() -> int:
        try:
            async with websockets.connect(f"ws://{app_server.host}{path}", origin=origin):  # type: ignore[arg-type]
                return 101
        except InvalidStatus as error:
            return error.response.status_code

    assert asyncio.run(knock()) == 403


def test_a_foreign_host_is_not_let_in(app_server: AppServer):
    foreign = {"origin": "http://evil.example", "additional_headers": {"Host": "evil.example"}}

    async def knock() -> int:
        try:
            async with live(app_server, "some", **foreign):
                return 101
        except (InvalidStatus, websockets.exceptions.InvalidMessage) as error:
            return error.response.status_code if isinstance(error, InvalidStatus) else 400

    assert asyncio.run(knock()) in (400, 403)


def test_without_a_right_to_this_run_nobody_is_let_in(app_server: AppServer):
    own = Right("some", PERSON, control=True).token()
    assert status_of(app_server, subprotocols=["learnscope"]) == 403
    assert status_of(app_server, subprotocols=None) == 403
    assert status_of(app_server, subprotocols=[own, "learnscope"]) == 403
    assert status_of(app_server, token="forged") == 403
    assert status_of(app_server, token=Right("other", PERSON, control=True).token()) == 403
    assert status_of(app_server, token=own[:-9] + ("A" if own[-9] != "A" else "B") + own[-8:]) == 403


def test_another_persons_token_is_of_no_use(app_server: AppServer):
    assert status_of(app_server, additional_headers=cookie("person-else")) == 403
    assert status_of(app_server, additional_headers={}) == 403


def test_a_run_that_is_not_there_is_told_as_such(app_server: AppServer):
    async def scene() -> None:
        async with live(app_server, "nosuchrun") as socket:
            with pytest.raises(ConnectionClosed) as closed:
                await socket.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == RUN_UNKNOWN

    play(scene())


def test_many_cookies_of_other_servers_on_this_host_do_no_harm(app_server: AppServer):
    crowded = {"Cookie": f"{cookie()['Cookie']}; others={'x' * 20_000}"}

    async def scene() -> None:
        async with live(app_server, "nosuchrun", additional_headers=crowded) as socket:
            with pytest.raises(ConnectionClosed) as closed:
                await socket.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == RUN_UNKNOWN

    play(scene())
