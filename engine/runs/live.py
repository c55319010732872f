"""One run with a worker, seen from the hub's thread: frames come in, commands go out, and its end is told truly."""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Event

from engine.asking import Question
from engine.errors import FrameError, RunError, RunNotFound, StoreError
from engine.frames import MAX_FRAME_BYTES, decode_header
from engine.runs.asked import BUSY, Waiting
from engine.runs.link import LENGTH
from engine.runs.outbox import Outbox
from engine.runs.pool import Ending, Pool, WorkerProcess
from engine.runs.recording import Recording
from engine.runs.run import Run, State
from engine.runs.store import Recorded, Store

STOP_SECONDS = 1.5
FAREWELL_SECONDS = 10.0
REAPED_SECONDS = 0.5
SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 10.0
MESSAGES_PER_SECOND = 200
MOST_UNSENT_BYTES = 256 * 1024
"""More than a question has: while one is unsent no other is taken, and so questions keep no command from its worker."""
ANSWER_SECONDS = 10.0

log = logging.getLogger("learnscope.hub")


class Pace:
    """Lets a stream through at ``per_second`` turns in the long run: a worker that floods is itself slowed down."""

    SOME = 20

    def __init__(self, per_second: int) -> None:
        self._seconds = self.SOME / per_second
        self._began = time.monotonic()
        self._count = 0

    async def turn(self) -> None:
        """Wait if the last turns came too fast."""
        self._count += 1
        if self._count % self.SOME == 0:
            await asyncio.sleep(self._began + self._seconds - time.monotonic())
            self._began = time.monotonic()


class LiveRun:
    """A run and its worker. All coroutines belong to the hub's loop; ``recording`` and ``gone`` to any thread."""

    def __init__(self, run: Run, worker: WorkerProcess, pool: Pool, store: Store, past: Recorded | None = None) -> None:
        self.recording = Recording(run)
        if past is not None:
            self.recording.go_on(past)
        self.gone = Event()
        self.leaving = False
        self.replaced = False
        self._closing = asyncio.Event()
        self._held = False
        self._worker = worker
        self._pool = pool
        self._store = store
        self._discard = False
        self._reason = ""
        self._garbage = ""
        self._pace = Pace(MESSAGES_PER_SECOND)
        self._asked = Waiting()
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter
        self._outbox: Outbox

    @property
    def run(self) -> Run:
        """Return what is known of the run now."""
        return self.recording.run

    @property
    def holds_place(self) -> bool:
        """Tell whether the run counts where there may only be so many."""
        return self.run.live and not self.leaving

    @property
    def pid(self) -> int:
        """Return the number of the worker's process."""
        return self._worker.pid

    async def connect(self) -> None:
        """Make the worker's socket ready to be read and written; comes before everything else."""
        self._outbox = Outbox(self._worker.connection)
        self._reader, self._writer = await asyncio.open_connection(sock=self._worker.connection)

    async def follow(self, changed: Callable[[], None], forget: Callable[[], None]) -> None:
        """Take in all that the worker says until it is gone; then settle how the run ended, and ``forget`` it.

        ``changed`` is called whenever its state has changed.
        """
        try:
            while self.run.live:
                before = self.run.state
                await self._read()
                if self.run.state != before:
                    changed()
            async with asyncio.timeout(FAREWELL_SECONDS):
                while True:
                    await self._read()
        except (asyncio.IncompleteReadError, ConnectionError, TimeoutError):
            pass  # the end of the stream is how a worker leaves; after its farewell it is not waited for for ever
        except FrameError as error:
            self._garbage = str(error)
        self._outbox.close()
        self._writer.close()
        self._asked.leave()
        ending = await self._ending()
        if self.run.live:
            self.recording.end(*self._explanation(ending))
        changed()
        await self._settle()
        forget()
        self.gone.set()

    def send(self, name: str, value: str | None) -> None:
        """Pass a command on; raises RunError if the worker has left too many unread."""
        if self._outbox.closed or self._outbox.unsent > MOST_UNSENT_BYTES:
            raise RunError("The worker of this run does not listen just now: stop the run if this goes on.")
        self._say(name, value)

    async def ask(self, question: Question) -> bytes:
        """Return what the net answers, as it was looked at last; raises RunError where it does not in time."""
        if self._asked.full or self._outbox.unsent:
            raise RunError(BUSY)
        self.send("ask", question.to_json())
        try:
            return await asyncio.wait_for(self._asked.add(), ANSWER_SECONDS)
        except TimeoutError:
            raise RunError(BUSY) from None

    def hold(self, place: int, waiting: int) -> None:
        """Have the run wait for its turn to train at ``place`` of ``waiting``; with place 0 it waits no longer."""
        self.recording.stand(place, waiting)
        held = place > 0
        # A worker that reads nothing is told the last of it when it does: the usher comes by again and again.
        if held != self._held and not self._outbox.unsent:
            self._say("hold" if held else "go", None)
            self._held = held

    async def stop(self) -> None:
        """Ask the worker to end, and kill it if it is not gone in time: a step may never end."""
        self.leaving = True
        self._say("stop", self._reason)
        await asyncio.sleep(STOP_SECONDS)
        if self.run.live:
            self.kill()

    async def retire(self, reason: str) -> None:
        """End a run that nobody watches, and say the ``reason``; delete it if it was never begun."""
        self._reason = reason
        self._discard = self.run.state == "ready" and self.run.step == 0
        await self.stop()

    def hang_up(self) -> None:
        """Let the worker find the server gone: it records what it has, says so, and ends."""
        self._closing.set()
        self._outbox.end()

    def kill(self) -> None:
        """End the worker at once, whatever it is doing."""
        self._pool.kill(self._worker)

    def _say(self, name: str, value: str | None) -> None:
        if not self._closing.is_set():
            self._outbox.say(name, value)

    async def _read(self) -> None:
        (size,) = LENGTH.unpack(await self._reader.readexactly(LENGTH.size))
        if size > MAX_FRAME_BYTES:
            raise FrameError(f"A frame has at most {MAX_FRAME_BYTES} bytes, received one of {size}.")
        message = await self._reader.readexactly(size)
        if decode_header(message)["kind"] == "answer":
            self._answered(message)
        else:
            self.recording.receive(message)
        await self._pace.turn()

    def _answered(self, message: bytes) -> None:
        try:
            self._asked.take(message)
        except ValueError as error:
            raise FrameError(f"A message of kind 'answer' does not hold what it should: {error}.") from None

    async def _ending(self) -> Ending:
        """Return how the worker's process ended, as far as that is known soon."""
        if self._garbage:
            self.kill()
        ended = asyncio.wrap_future(self._worker.ended)
        await asyncio.wait([ended], timeout=REAPED_SECONDS)
        if ended.done():
            return ended.result()
        self.kill()  # its socket is closed: nothing can come of it any more
        return Ending()

    async def _settle(self) -> None:
        """Write how the run ended, as often as it takes."""
        pause = SHORTEST_PAUSE
        while True:
            try:
                return await asyncio.to_thread(self._record_end, self.run)
            except RunNotFound:
                return
            except StoreError as error:
                if self._closing.is_set():
                    return log.error("the end of run %s is lost, for the server ends: %s", self.run.id, error)
            # It is remembered here, and watched, until it can be written.
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _explanation(self, ending: Ending) -> tuple[State, str]:
        """Return state and message for a run whose worker left without a word."""
        step, kept = self.run.step, "everything recorded until then is kept"
        if self._garbage:
            return (
                "crashed",
                f"The worker process sent something that is no frame after step {step}, and was ended; {kept}.",
            )
        if self.leaving:
            why = f"{self._reason}, and " if self._reason else ""
            return "stopped", f"Stopped by force after step {step:,}: {why}the step after it did not end; {kept}."
        return "crashed", f"The worker process {ending} at step {step}; {kept}."

    def _record_end(self, run: Run) -> None:
        """Write the end of the run, and what its worker has shown and could not write any more."""
        if self._discard:
            self._store.delete_run(run.id)
        else:  # one at step 0 its worker may have deleted, for it had not begun
            self._store.complete(run, self.recording.recorded, create=bool(run.step))
