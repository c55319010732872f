"""The live panel without the rest of the app: a page as Streamlit would frame it, and a run that is made up.

The frames come out of a formula, so that a test can say what must be on the screen at which step. Everything else is as
in the app: the assets, the Content-Security-Policy, the wire format, the states and the commands.
"""

import asyncio
import base64
import contextlib
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import plotly
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from engine.frames import Message, encode
from tests.pages.live_panel.samples import (
    SCALARS,
    captions_at,
    hostile_panels,
    opening,
    sample_frame,
    sample_panels,
    scalars_at,
)
from tests.pages.live_panel.sequence_samples import TEXT, sequence_at, sequence_words

ASSETS = Path(__file__).parents[3] / "assets" / "live"
PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
PAGE = Path(__file__).with_name("page.js")
HTML = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Panel</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"></head>
<body><main id="place"></main>
<script type="module" src="/page.js"></script></body></html>"""
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:;"
    " font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'"
)
STEPS_A_FRAME = 10
STEPS_A_SECOND = 250  # by the clock of the run, whenever its frames are sent
UNKNOWN_RUN = 4404
GUEST = {
    "mine": False,
    "owner": False,
    "holder": "its owner",
    "elsewhere": False,
    "away": False,
    "asked": False,
    "asks": [],
    "muted": False,
    "said": "",
}
HOSTILE = '<img src=x onerror="window.hacked = true"><script>window.hacked = true</script> dead'


@dataclass
class MadeUpRun:
    """A run without a net: state, step, and the steps that were recorded. Lives on the server's loop."""

    id: str
    state: str = "ready"
    step: int = 0
    message: str = ""
    learning_rate: float | None = 0.03
    recorded: list[int] = field(default_factory=lambda: [0])
    turn: tuple[int, int] = (0, 0)
    watchers: "set[asyncio.Queue[bytes]]" = field(default_factory=set)
    commands: list[tuple[str, str | None]] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    heard: list[int] = field(default_factory=list)
    questions: list[dict[str, Any]] = field(default_factory=list)
    text: str = TEXT
    words: dict[str, str] = field(default_factory=dict)
    reads: bool = False
    silent: bool = False
    thinks: float = 0.0
    by_hand: list[tuple[int, str, str]] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    control: dict[str, Any] | None = None

    def status(self) -> bytes:
        """Return the state as a message."""
        header = {"state": self.state, "step": self.step, "message": self.message, "learning_rate": self.learning_rate}
        return encode(Message("state", header))

    def standing(self) -> bytes:
        """Return where the run stands in the line as a message."""
        return encode(Message("turn", {"place": self.turn[0], "waiting": self.turn[1]}))

    def frame(self, step: int) -> bytes:
        """Return the frame of a step; a hostile run has hostile words."""
        told = HOSTILE if self.id == "hostile" else f"Gradients are fine at step {step}."
        words = {"gradients": told, "captions": captions_at(step), **sequence_words(self.text), **self.words}
        header = {"step": step, "at": 1000 + step / STEPS_A_SECOND, "words": words}
        return encode(Message("frame", header, self.numbers(step)))

    def numbers(self, step: int) -> dict[str, np.ndarray]:
        """Return the arrays of a frame, with what was put in by hand until then."""
        found = sample_frame(step) | sequence_at(step, self.text)
        for at, name, value in self.by_hand:
            if at <= step:
                tensor, _, index = name.removesuffix("]").partition("[")
                found[f"weights.{tensor}"][tuple(map(int, index.split(", ")))] = float(value)
        return found

    def put_in(self, name: str, value: str, *, shown: bool = True) -> None:
        """Put a number into the net as a worker would, or refuse to; whoever is slow is not ``shown`` the frame."""
        if abs(float(value)) > 1000:
            return self.tell(self.status(), encode(Message("refused", {"message": f"{name}: {HOSTILE} {value}"})))
        self.by_hand.append((self.step, name, value))
        self.tell(encode(Message("changed", {"step": self.step, "name": name, "value": value})))
        self.tell(encode(Message("again", {}, {"steps": np.array([self.step], np.int32)})))
        self.tell(*([self.frame(self.step)] if shown else []))

    def explain(self, question: dict[str, Any]) -> bytes:
        """Return the number that was asked about, out of the frame of the step, or that there is none."""
        self.asked.append(question)
        step, array, index = question["step"], question["array"], tuple(question["index"])
        told: dict[str, Any] = {"error": f"There is no {array} here."}
        numbers = self.numbers(step)
        scalars = dict(zip((f"scalars.{name}" for name in SCALARS), numbers["scalars"].tolist(), strict=True))
        if array in numbers or array in scalars:
            value = scalars[array] if array in scalars else float(numbers[array][index])
            code = [f"{array}{list(index)}"]
            told = {
                "step": step,
                "what": f"the number {array}",
                "value": repr(value),
                "lines": [HOSTILE],
                "tensor": f"{array.removeprefix('weights.')}{list(index)}",
                "code": code,
                "settable": array.startswith("weights."),
            }
        return encode(Message("explained", {"array": array, "index": list(index), **told}))

    def answer(self, step: int, question: dict[str, Any]) -> list[bytes]:
        """Return the picture that the net is asked about, and how bright it is; nothing from one that is silent."""
        self.questions.append({"step": step, "at": time.monotonic(), **question})
        if self.silent:
            return []
        at = self.step if step < 0 else step
        if self.reads:
            return [self.answer_text(at, question["id"], base64.b64decode(question["values"]).decode())]
        pixels = np.frombuffer(base64.b64decode(question["values"]), np.uint8)
        if pixels.size not in (28 * 28, 3 * 28 * 28):
            return [encode(Message("answer", {"id": question["id"], "error": "This is no picture of mine."}))]
        words = {"told": f"yours has {pixels.sum()}, {self.id} at {at}", "captions": "of your own"}
        header = {"id": question["id"], "step": at, "words": words}
        return [encode(Message("answer", header, {"image.pixels": pixels.reshape(1, 28, 28, -1)}))]

    def answer_text(self, at: int, number: int, text: str) -> bytes:
        """Return what the net makes of a text; it knows no digits."""
        if not set(text).isdisjoint("0123456789"):
            return encode(Message("answer", {"id": number, "error": "There are no digits in names."}))
        words = sequence_words(text) | {"told": f"{len(text)} letters of {text}, {self.id} at {at}"}
        return encode(Message("answer", {"id": number, "step": at, "words": words}, sequence_at(at, text)))

    def tell_control(self, **view: Any) -> None:
        """Tell all who watch who controls the run; what is not said is as for a guest who watches."""
        self.control = GUEST | view
        self.tell(encode(Message("control", self.control)))

    def welcome(self) -> list[bytes]:
        """Return what a new watcher gets first."""
        steps = np.array(self.recorded, dtype=np.int32)
        scalars = np.array([scalars_at(step) for step in self.recorded])
        header = {"run": self.id, "scalars": list(SCALARS), "words": {"score": "accuracy"}}
        return [
            *([encode(Message("control", self.control))] if self.control else []),
            encode(Message("opening", header, opening())),
            encode(Message("recorded", {}, {"steps": steps})),
            *(encode(Message("changed", {"step": s, "name": n, "value": v})) for s, n, v in self.by_hand),
            encode(Message("series", {}, {"steps": steps, "scalars": scalars})),
            self.frame(self.recorded[-1]),
            self.status(),
            *([self.standing()] if self.turn[0] else []),
        ]

    def tell(self, *messages: bytes) -> None:
        """Give messages to all who watch."""
        for watcher in self.watchers:
            for message in messages:
                watcher.put_nowait(message)

    def advance(self, steps: int) -> None:
        """Go on by so many steps and record where that led."""
        self.step += steps
        self.recorded.append(self.step)
        self.tell(self.frame(self.step))

    def flood(self, frames: int) -> None:
        """Make so many frames at once."""
        for _ in range(frames):
            self.advance(10)

    def command(self, name: str, value: str | None) -> None:
        """Carry out a command as a worker would."""
        self.commands.append((name, value))
        if name in {"resume", "pause", "stop"}:
            self.state = {"resume": "running", "pause": "paused", "stop": "stopped"}[name]
        elif name in {"step", "epoch"}:
            self.state = "paused"
            self.advance({"step": 1, "epoch": 13}[name])
        elif name == "set" and "[" in (value or ""):
            self.put_in(*(value or "").split("="))
        elif name == "reset":
            self.by_hand.clear()
            self.state, self.step, self.recorded = "ready", 0, [0]
            self.tell(encode(Message("reset")), self.frame(0))
        self.tell(self.status())


class Harness:
    """The server in a thread of its own, and the handles by which a test makes things happen."""

    def __init__(self, frames_per_second: float = 30.0) -> None:
        self._frames_per_second = frames_per_second
        self.renew()
        self._sockets: set[WebSocket] = set()
        routes = [
            Route("/", lambda _: HTMLResponse(HTML, headers={"content-security-policy": POLICY})),
            Route("/page.js", lambda _: FileResponse(PAGE, media_type="text/javascript")),
            Route("/panels.json", self._panels),
            Route("/live/assets/test/{file}", _asset),
            WebSocketRoute("/live/runs/{run}", self._watch),
        ]
        app = Starlette(routes=routes, lifespan=self._lifespan)
        self._server = uvicorn.Server(
            uvicorn.Config(app, log_level="error", ws="websockets-sansio", timeout_graceful_shutdown=2)
        )
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._server.run, args=([self._listening],), daemon=True)

    def start(self) -> None:
        """Serve from now on."""
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)

    def stop(self) -> None:
        """Stop serving."""
        self._server.should_exit = True
        self._thread.join(5)

    def renew(self) -> None:
        """Begin all runs anew; nobody may be watching."""
        self.runs = {name: MadeUpRun(name) for name in ("one", "two", "hostile")}
        self.refusing = False

    def call(self, act: str, *arguments: object, run: str = "one", **named: object) -> None:
        """Call a method of a run on the server's loop, and wait for it."""
        made_up = self.runs[run]
        self._on_loop(lambda: getattr(made_up, act)(*arguments, **named))

    def end(self, state: str, message: str, run: str = "one") -> None:
        """Bring a run into a state that no command leads to: crashed, failed."""
        made_up = self.runs[run]

        def change() -> None:
            made_up.state, made_up.message = state, message
            made_up.tell(made_up.status())

        self._on_loop(change)

    def stand(self, place: int, waiting: int, run: str = "one") -> None:
        """Have a run wait for its turn at a place of the line; 0: it trains."""
        made_up = self.runs[run]

        def change() -> None:
            made_up.turn = place, waiting
            made_up.tell(made_up.standing())

        self._on_loop(change)

    def tell_rate(self, rate: float | None, run: str = "one") -> None:
        """Give a run another learning rate, as another browser of the same person would."""
        made_up = self.runs[run]

        def change() -> None:
            made_up.learning_rate = rate
            made_up.tell(made_up.status())

        self._on_loop(change)

    def drop(self, refusing: bool) -> None:
        """Cut all connections; while ``refusing``, take no new ones."""
        self.refusing = refusing

        async def cut() -> None:
            for open_socket in list(self._sockets):
                await open_socket.close(1012)

        assert self._loop is not None
        asyncio.run_coroutine_threadsafe(cut(), self._loop).result(5)

    def _on_loop(self, act: Callable[[], None]) -> None:
        async def later() -> None:
            act()

        assert self._loop is not None
        asyncio.run_coroutine_threadsafe(later(), self._loop).result(5)

    @contextlib.asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        self._loop = asyncio.get_running_loop()
        training = asyncio.create_task(self._train())
        yield
        training.cancel()

    async def _train(self) -> None:
        """Advance all runs for ever that are running."""
        while True:
            await asyncio.sleep(1 / self._frames_per_second)
            for run in self.runs.values():
                if run.state == "running" and not run.turn[0]:
                    run.advance(STEPS_A_FRAME)

    async def _panels(self, request: Request) -> Response:
        panels = hostile_panels() if request.query_params.get("run") == "hostile" else sample_panels()
        return JSONResponse([panel.to_json() for panel in panels])

    async def _watch(self, websocket: WebSocket) -> None:
        run = self.runs.get(websocket.path_params["run"])
        if self.refusing:
            await websocket.close(1013)
            return
        await websocket.accept("learnscope")
        if run is None:
            await websocket.close(UNKNOWN_RUN)
            return
        news: asyncio.Queue[bytes] = asyncio.Queue()
        for message in run.welcome():
            news.put_nowait(message)
        run.watchers.add(news)
        self._sockets.add(websocket)
        sending = asyncio.create_task(_send(websocket, news))
        try:
            while True:
                request = await websocket.receive_json()
                if "explain" in request:
                    news.put_nowait(run.explain(request["explain"]))
                elif "ask" in request:
                    run.heard.append(request["step"])
                    await asyncio.sleep(run.thinks)
                    for message in run.answer(request["step"], request["ask"]):
                        news.put_nowait(message)
                elif "control" in request:
                    run.requests.append(request)
                elif "frame" in request:
                    step = max(recorded for recorded in run.recorded if recorded <= request["frame"])
                    news.put_nowait(run.frame(step))
                else:
                    run.command(request["command"], request.get("value"))
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            sending.cancel()
            run.watchers.discard(news)
            self._sockets.discard(websocket)


async def _send(websocket: WebSocket, news: "asyncio.Queue[bytes]") -> None:
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        while True:
            await websocket.send_bytes(await news.get())


def _asset(request: Request) -> Response:
    name = request.path_params["file"]
    return FileResponse(PLOTLY if name == PLOTLY.name else ASSETS / name)


@contextlib.contextmanager
def serving(frames_per_second: float = 30.0) -> Iterator[Harness]:
    """Serve for as long as the block lasts."""
    harness = Harness(frames_per_second)
    harness.start()
    try:
        yield harness
    finally:
        harness.stop()
