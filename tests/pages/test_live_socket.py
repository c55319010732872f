"""The stream of a run: who is let in, what comes out, what a browser may send."""

import asyncio
import json
import os
import random
import secrets
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
import websockets
from starlette.websockets import WebSocket
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus

from engine.errors import StoreError
from engine.runs.controls import Controls
from engine.runs.frames import Message, decode
from engine.runs.run import Run
from pages.ui import live_routes
from pages.ui.keys import signer
from pages.ui.live_routes import RUN_UNKNOWN
from pages.ui.live_socket import MAX_MESSAGE_CHARS, TOO_LARGE, LiveSocket
from pages.ui.person import COOKIE
from pages.ui.rights import Right
from tests.app_server import AppServer
from tests.pages.visitor import visit

PERSON = "person-test"


@pytest.fixture(autouse=True)
def home(app_server: AppServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sign with the server's own key."""
    monkeypatch.setenv("LEARNSCOPE_HOME", str(app_server.home))


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


async def until(socket: ClientConnection, wanted: Callable[[Message], bool]) -> Message:
    """Return the first message that is wanted."""
    async with asyncio.timeout(20):
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


def play(scene: Coroutine[Any, Any, None]) -> None:
    asyncio.run(scene)


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


def test_a_watcher_sees_the_run_from_its_first_frame(app_server: AppServer):
    async def scene() -> None:
        async with watched(app_server) as socket:
            assert socket.subprotocol == "learnscope"
            await until(socket, lambda message: message.kind == "opening")
            frame = await until(socket, lambda message: message.kind == "frame")
            assert frame.header["step"] == 0

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


def run_of(socket: ClientConnection) -> str:
    return socket.request.path.rpartition("/")[2]  # type: ignore[union-attr]


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


def test_many_cookies_of_other_servers_on_this_host_do_no_harm(app_server: AppServer):
    crowded = {"Cookie": f"{cookie()['Cookie']}; others={'x' * 20_000}"}

    async def scene() -> None:
        async with live(app_server, "nosuchrun", additional_headers=crowded) as socket:
            with pytest.raises(ConnectionClosed) as closed:
                await socket.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == RUN_UNKNOWN

    play(scene())


def test_too_many_commands_at_once_are_refused(app_server: AppServer):
    async def scene() -> None:
        async with watched(app_server) as socket:
            for _ in range(80):
                await socket.send(json.dumps({"command": "pause"}))
            refused = await until(socket, lambda message: message.kind == "refused")
            assert "Too many" in refused.header["message"]

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
