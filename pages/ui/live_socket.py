"""One browser watching one run over a WebSocket: frames out as fast as it takes them, commands in as fast as is sane.

Four tasks share the socket. The sender waits until the hub has something new, takes all of it and sends it; a browser
that reads slowly holds up its own sender alone, and finds only the newest frame when it comes back. The receiver reads
commands; the third answers questions about numbers, and the fourth those to the net, which other processes take a while
to answer.
"""

import asyncio
import json
import logging
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeGuard

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketDisconnected

from engine.asking import Question
from engine.errors import LearnscopeError
from engine.explanation import Cell
from engine.frames import Message, decode, encode
from engine.runs import messages
from engine.runs.controls import Seat
from engine.runs.helm import ACTIONS, Browser
from engine.runs.hub import Hub, Watch
from engine.runs.run import COMMANDS
from pages.ui.rates import TokenBucket
from pages.ui.rights import Right

COMMANDS_PER_SECOND = 20
COMMANDS_BURST = 40
MESSAGES_PER_SECOND = 120
MESSAGES_BURST = 240
MAX_MESSAGE_CHARS = 65_536  # a question to a net may hold a picture
TOO_LARGE = 1009
QUESTIONS_PER_SECOND = 8
QUESTIONS_BURST = 8
ASKED_PER_SECOND = 30
ASKED_BURST = 30
MAX_NAME_CHARS = 200
MAX_INDICES = 8
LAST_STEP = 2**53  # no run comes that far, and a database takes no larger number than twice as many digits hold
GONE = (WebSocketDisconnect, WebSocketDisconnected)  # the other end has closed the socket, or this one has
_LOGGER = logging.getLogger(__name__)
# One process explains all numbers, so one thread waits for it: in those that commands and looks into the store are made
# in, a class that asks would leave none for them.
_EXPLAINING = ThreadPoolExecutor(1, "learnscope-explaining")


class LiveSocket:
    """The conversation about one run with one browser, from the handshake to the end."""

    def __init__(self, socket: WebSocket, hub: Hub, right: Right, *, frames: bool = True) -> None:
        self._socket = socket
        self._hub = hub
        self._right = right
        self._frames = frames
        self._news = asyncio.Event()
        self._wanted: int | None = None
        self._question: tuple[int, Cell, bool] | None = None
        self._asked = asyncio.Event()
        self._questions = TokenBucket(QUESTIONS_PER_SECOND, QUESTIONS_BURST)
        self._to_net: tuple[int, Question] | None = None
        self._brought = asyncio.Event()
        self._asking = TokenBucket(ASKED_PER_SECOND, ASKED_BURST)
        self._answer: Message | None = None
        self._refusals: deque[str] = deque(maxlen=8)
        self._commands = TokenBucket(COMMANDS_PER_SECOND, COMMANDS_BURST)
        self._messages = TokenBucket(MESSAGES_PER_SECOND, MESSAGES_BURST)

    async def talk(self) -> None:
        """Send and receive until the browser leaves; raises RunNotFound before anything is sent."""
        loop = asyncio.get_running_loop()

        def notify() -> None:
            with suppress(RuntimeError):  # the loop may be gone when the server ends
                loop.call_soon_threadsafe(self._news.set)

        watch = await asyncio.to_thread(self._hub.watch, self._right.run, notify, frames=self._frames)
        seat = await asyncio.to_thread(self._take_seat, watch, notify)
        work = (self._send(watch, seat), self._receive(seat), self._explain(watch), self._ask_net(watch))
        tasks = tuple(map(asyncio.create_task, work))
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            seat.close()
            await asyncio.to_thread(watch.close)
        for task in done:
            task.result()

    def _take_seat(self, watch: Watch, notify: Callable[[], None]) -> Seat:
        """Be counted among those who look at the run; by the name that one has in the run's class, if any."""
        name, code = "", watch.run.class_code
        if code:
            with suppress(LearnscopeError):
                name = self._hub.classes.students(code).get(self._right.person, "")
        right = self._right
        return self._hub.controls.join(right.run, Browser(right.person, right.tab, right.control, name), notify)

    async def _send(self, watch: Watch, seat: Seat) -> None:
        # The first take may read the store; later ones only look at what the hub has in memory.
        with suppress(*GONE):
            await self._send_all([*_control(seat), *await asyncio.to_thread(watch.take)])
            while True:
                await self._news.wait()
                self._news.clear()
                await self._send_all([*self._take_refusals(), *_control(seat), *watch.take()])
                await self._send_wanted(watch)

    async def _send_all(self, messages: Iterable[bytes]) -> None:
        for message in messages:
            await self._socket.send_bytes(message)

    async def _send_wanted(self, watch: Watch) -> None:
        """Answer the newest request for a recorded frame; older ones are out of date, as one scrubs."""
        if self._wanted is None:
            return
        step, self._wanted = self._wanted, None
        frame = await asyncio.to_thread(watch.frame, step)
        if frame is not None:
            await self._socket.send_bytes(frame)

    async def _explain(self, watch: Watch) -> None:
        """Answer the newest question about a number; older ones are out of date. Frames do not wait for it."""
        loop = asyncio.get_running_loop()
        with suppress(*GONE):
            while True:
                await self._asked.wait()
                self._asked.clear()
                if self._question is None:
                    continue
                (step, cell, answered), self._question = self._question, None
                await asyncio.sleep(self._questions.delay())
                told = await loop.run_in_executor(_EXPLAINING, self._explained, watch, step, cell, answered)
                await self._socket.send_bytes(messages.explained(cell, told))

    def _explained(self, watch: Watch, step: int, cell: Cell, answered: bool) -> dict[str, Any]:
        try:
            answer = self._answer if answered else None
            frame = watch.frame(step if answer is None else int(answer.header.get("step", step)))
            if frame is None:
                return {"error": "Nothing is recorded of this step yet."}
            return self._hub.explain(watch.run, frame if answer is None else _with(frame, answer), cell)
        except LearnscopeError as error:
            return {"error": str(error)}
        except Exception:
            _LOGGER.exception("A number of run %s could not be explained.", self._right.run)
            return {"error": "This number could not be explained."}

    async def _ask_net(self, watch: Watch) -> None:
        """Have the newest question to the net answered; older ones are out of date, as one draws."""
        with suppress(*GONE):
            while True:
                await self._brought.wait()
                self._brought.clear()
                if self._to_net is None:
                    continue
                (step, question), self._to_net = self._to_net, None
                await asyncio.sleep(self._asking.delay())
                await self._socket.send_bytes(await self._answered(watch, step, question))

    async def _answered(self, watch: Watch, step: int, question: Question) -> bytes:
        try:
            data = await asyncio.wrap_future(self._hub.ask(watch.run, question, None if step < 0 else step))
        except LearnscopeError as error:
            return messages.unanswered(question.id, str(error))
        self._answer = decode(data)
        return data

    def _take_refusals(self) -> list[bytes]:
        refusals = [messages.refused(message) for message in self._refusals]
        self._refusals.clear()
        return refusals

    async def _receive(self, seat: Seat) -> None:
        with suppress(*GONE):
            while True:
                message = await self._socket.receive()
                if message["type"] == "websocket.disconnect":
                    return
                await asyncio.sleep(self._messages.delay())
                text = message.get("text")
                if text is None or len(text) > MAX_MESSAGE_CHARS:
                    await self._socket.close(TOO_LARGE)
                    return
                await self._handle(text, seat)

    async def _handle(self, text: str, seat: Seat) -> None:
        try:
            request = json.loads(text)
        except (ValueError, RecursionError):
            return self._refuse("The live panel sent something that is not JSON.")
        if not isinstance(request, dict):
            return self._refuse("The live panel sent something that is no request.")
        step = request.get("frame")
        if "explain" in request:
            self._ask(request["explain"])
        elif "ask" in request:
            self._ask_about(request["ask"], step=request.get("step"))
        elif _is_step(step):
            self._wanted = max(-1, min(step, LAST_STEP))
            self._news.set()
        elif "control" in request:
            self._control(seat, request["control"], request.get("to", ""))
        else:
            await self._command(seat, request.get("command"), request.get("value"))

    def _ask(self, question: Any) -> None:
        match question:
            case {"step": int(step), "array": str(array), "index": [*index], **rest} if (
                len(array) <= MAX_NAME_CHARS and len(index) <= MAX_INDICES and all(map(_is_index, index))
            ):
                answered = rest.get("answered") is True
                self._question = max(-1, min(step, LAST_STEP)), Cell(array, tuple(index)), answered
                self._asked.set()
            case _:
                self._refuse("The live panel asked about something that is no number of a frame.")

    def _ask_about(self, question: Any, step: Any) -> None:
        if not _is_step(step):
            return self._refuse("The live panel asked the net of something that is no step.")
        try:
            self._to_net = max(-1, min(step, LAST_STEP)), Question.of(question)
        except LearnscopeError as error:
            return self._refuse(str(error))
        self._brought.set()

    def _control(self, seat: Seat, action: Any, to: Any) -> None:
        """Ask for control, give it, and so on; whether that may be is decided where control is kept."""
        if not (isinstance(action, str) and action in ACTIONS and isinstance(to, str) and len(to) <= MAX_NAME_CHARS):
            return self._refuse(f"There is no such request about control: expected one of {', '.join(ACTIONS)}.")
        if not self._commands.take():
            return self._refuse("Too many commands at once: wait a second.")
        try:
            seat.act(action, to)
        except LearnscopeError as error:
            self._refuse(str(error))

    async def _command(self, seat: Seat, name: Any, value: Any) -> None:
        if name not in COMMANDS:
            return self._refuse(f"There is no such command: expected one of {', '.join(COMMANDS)}.")
        if not self._commands.take():
            return self._refuse("Too many commands at once: wait a second.")
        try:
            seat.check()
            await asyncio.to_thread(self._hub.command, self._right.run, name, None if value is None else str(value))
        except LearnscopeError as error:
            self._refuse(str(error))
        except Exception:
            _LOGGER.exception("A command to run %s failed.", self._right.run)
            self._refuse("The command could not be carried out.")

    def _refuse(self, message: str) -> None:
        self._refusals.append(message)
        self._news.set()


def _control(seat: Seat) -> list[bytes]:
    """Return who controls the run, where this browser has not been told so yet."""
    news = seat.news()
    return [] if news is None else [messages.control(news)]


def _with(frame: bytes, answer: Message) -> bytes:
    """Return a frame with what the net has answered in the place of what it was recorded with."""
    shown = decode(frame)
    return encode(Message(shown.kind, shown.header, {**shown.arrays, **answer.arrays}))


def _is_step(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_index(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LAST_STEP
