"""The hub: all runs of this server. It starts them, passes commands on, and tells any number of watchers what they do.

One thread of its own reads all workers; it looks at the headers of frames and forwards the bytes. Everything public may
be called from any thread.
"""

import asyncio
import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from engine.errors import LearnscopeError, RunError, RunRefused, StoreError
from engine.explanation import Cell
from engine.runs import messages
from engine.runs.changes import settings_in
from engine.runs.classes import Classes
from engine.runs.controls import Controls
from engine.runs.explainer import Explainer
from engine.runs.frames import decode_header
from engine.runs.limits import Limits
from engine.runs.live import LiveRun
from engine.runs.loop import LoopThread
from engine.runs.pool import Pool
from engine.runs.recording import Recording
from engine.runs.recordings import Recordings
from engine.runs.run import COMMANDS, RESUMABLE, Run
from engine.runs.runfile import RunFile
from engine.runs.shelf import Shelf
from engine.runs.store import Batch, Store
from engine.runs.sweeps import Sweeps
from engine.runs.tidying import Tidying
from engine.runs.turns import Turns
from engine.runs.usher import Usher
from engine.runs.watch import Cursor, Notify, Stored, Watch
from engine.spec import Spec
from engine.training.experiment import Change

CLOSE_SECONDS = 5.0
TEND_SECONDS = 0.5
TIDY_SECONDS = 60.0
LEAVE_SECONDS = 1.5
ARRIVAL_SECONDS = 3.0
NEEDED = "nobody was watching, and its place was needed"
RESUMING = ("resume", "step", "epoch")

log = logging.getLogger("learnscope.hub")

__all__ = ["Hub", "Watch"]


class Hub:
    """All runs of this server, within its ``limits``; ``shelf`` is what becomes of those that are over, ``recordings``
    reads what was recorded of any run, ``controls`` knows which of the browsers that watch a run may steer it,
    ``sweeps`` trains many nets to compare what comes of them.

    With ``tidies_uploads`` tables that nobody needs are deleted too: for the one server that keeps them.
    """

    def __init__(self, store: Store, pool: Pool, limits: Limits | None = None, *, tidies_uploads: bool = False) -> None:
        self._store = store
        self._pool = pool
        self._explainer = Explainer(pool)
        self._limits = limits or Limits()
        self.sweeps = Sweeps(pool, self._limits.max_sweeps)
        self._lock = threading.Lock()
        self._live: dict[str, LiveRun] = {}
        self._opening: list[str] = []  # owners of runs that are just being opened
        self._closed = False
        self._resuming = threading.Lock()
        self._watches: dict[str, set[Watch]] = {}
        self._loop = LoopThread("learnscope-hub")
        self._usher = Usher(Turns(self._limits.turns))
        self._tending = False
        self.recordings = Recordings(store, self._recording)
        store.mark_interrupted()
        self.shelf = Shelf(store, self._limits, self._live, self._loop)
        self.classes = Classes(store, self._live)
        self.controls = Controls(self._later)
        tidying = Tidying(self.shelf.archive, self.classes, self._limits, self._busy, self._resuming)
        self._loop.submit(_tidy(tidying.runs, *([tidying.tables] if tidies_uploads else [])))

    def warm(self) -> None:
        """Get ready to open runs quickly, in the background; what is wrong is said again by the first ``open``."""
        threading.Thread(target=self._warm, name="learnscope-warm", daemon=True).start()

    def open(
        self, lab: str, spec: Spec, owner: str, instead_of: str = "", class_code: str = "", beside: str = ""
    ) -> Run:
        """Start a worker for a new run and return it; it shows step 0 and waits. Raises RunRefused, RunError.

        ``instead_of`` is the run that ``owner`` leaves for it, if any; ``class_code`` that of the class that sees it,
        ``beside`` the run that it is to be compared with.
        """
        now = time.time()
        run_id = secrets.token_urlsafe(12)
        run = Run(run_id, lab, spec.to_json(), owner, "ready", 0, "", now, now, class_code=class_code, beside=beside)
        self.leave(instead_of, owner)
        with self._room_for(owner):
            return self._follow(self._start(run))

    def leave(self, run_id: str, owner: str) -> None:
        """Let a run go that its owner leaves for another: one that has begun is ended a moment later, another when its
        place is needed, or nobody has watched it for a while. A run of somebody else is left alone.
        """
        live = self._live.get(run_id)
        if live is None or live.run.owner != owner or not live.run.live or live.leaving:
            return
        if live.run.state == "ready":
            live.replaced = True
        else:
            live.leaving = True
            self._loop.submit(_leave(live))

    def resume(self, run_id: str) -> Run:
        """Have a run that was stopped, crashed or interrupted go on from where it was; it is paused there.

        One that goes on already is left alone. Raises RunNotFound, RunRefused, and RunError if it cannot go on.
        """
        with self._resuming:
            live = self._live.get(run_id)
            if live is not None and not live.gone.is_set() and not live.run.live:
                live.gone.wait(ARRIVAL_SECONDS)  # its last words are still being written
                live = self._live.get(run_id)
            if live is not None:
                return live.run
            run = self._store.get_run(run_id)
            if run.state not in RESUMABLE or not run.step:
                raise RunError(f"This run takes no commands any more: it is {run.state}.")
            with self._room_for(run.owner):
                return self._go_on(run)

    def branch(self, run_id: str, step: int, owner: str, class_code: str = "") -> Run:
        """Return a new run of ``owner`` that stands where another stood at ``step``, with all that came before.

        It is paused there. Raises RunNotFound, RunRefused, and RunError if nothing was recorded at that step.
        """
        parent = self._arrived(run_id, step)
        opening, frame = self._store.opening(run_id), self._store.frame(run_id, step)
        if opening is None or frame is None or decode_header(frame)["step"] != step:
            raise RunError(f"Nothing was recorded at step {step:,} of this run: choose a step that can be looked at.")
        now = time.time()
        new_id = secrets.token_urlsafe(12)
        child = Run(
            new_id, parent.lab, parent.spec, owner, "paused", step, "", now, now, run_id, step, class_code=class_code
        )
        with self._room_for(owner):
            self._store.branch(child, messages.of_run(opening, child.id))
            try:
                return self._go_on(child)
            except RunError:
                self._store.delete_run(child.id)
                raise

    def restore(self, file: RunFile, owner: str) -> Run:
        """Return a new run of ``owner`` that stands where the run of ``file`` stood; it is paused there.

        Raises RunRefused, and RunError where the file's state does not fit its settings.
        """
        now = time.time()
        run = Run(secrets.token_urlsafe(12), file.lab, file.spec, owner, "paused", file.step, "", now, now)
        events = [(number, *change) for number, change in enumerate(file.changes, start=1)]
        with self._room_for(owner):
            self._store.create_run(run)
            try:
                self._store.append(run, Batch(checkpoints={file.at: file.state}, events=events))
                self._go_on(run)
                return self._standing(run.id)
            except LearnscopeError:
                self._store.delete_run(run.id)
                raise

    def get(self, run_id: str) -> Run:
        """Return what is known of a run now; raises RunNotFound, also if it was put away."""
        live = self._live.get(run_id)
        return live.run if live and live.run.deleted is None else self._store.get_run(run_id)

    def runs_of(self, owner: str, *, limit: int = 100) -> list[Run]:
        """Return the newest runs of one owner, newest first."""
        return [
            live.run if (live := self._live.get(run.id)) else run for run in self._store.list_runs(owner, limit=limit)
        ]

    def command(self, run_id: str, name: str, value: str | None = None) -> None:
        """Ask a run for one of COMMANDS; ``set`` takes ``name=value``. One that was stopped goes on if it is to train.

        Raises RunNotFound, and RunError if the run is over or does not listen. What the worker makes of it, it tells by
        its state.
        """
        if name not in COMMANDS:
            raise RunError(f"There is no command {name!r}: expected one of {', '.join(COMMANDS)}.")
        live = self._live.get(run_id)
        if (live is None or not live.run.live) and name in RESUMING:
            self.resume(run_id)
            live = self._live.get(run_id)
        if live is None or not live.run.live:
            raise RunError(f"This run takes no commands any more: it is {self.get(run_id).state}.")
        if name == "stop":
            self._loop.submit(live.stop())
        else:
            self._loop.submit(_send(live, name, value)).result()

    def changes(self, run_id: str) -> list[Change]:
        """Return what was changed while a run went on, oldest first."""
        return self.recordings.changes(run_id)

    def settings(self, run_id: str) -> dict[str, str]:
        """Return the settings that were changed while a run went on, by name, as they are now."""
        changed = settings_in(self.changes(run_id))
        live = self._live.get(run_id)
        # What the worker has said last is what holds.
        for header in map(decode_header, live.recording.news(Cursor()) if live else ()):
            if header.get("learning_rate") is not None:
                changed["learning_rate"] = str(header["learning_rate"])
        return changed

    def explain(self, run: Run, frame: bytes, cell: Cell) -> dict[str, Any]:
        """Return how a number of a frame of ``run`` came about; see ``engine.runs.explainer``. Raises RunError."""
        return self._explainer.explain(run, frame, cell)

    def live_ids(self) -> list[str]:
        """Return the runs that have a worker now."""
        return list(self._live)

    def pid_of(self, run_id: str) -> int:
        """Return the number of a run's worker process; raises RunError if it has none any more."""
        live = self._live.get(run_id)
        if live is None:
            raise RunError(f"This run has no process any more: it is {self.get(run_id).state}.")
        return live.pid

    def watch(self, run_id: str, notify: Notify, *, frames: bool = True) -> Watch:
        """Watch a run, going on or over; ``notify`` is called whenever there is something new to take.

        It is called from any thread, and must be quick. Without ``frames`` there are only scalars to take. Raises
        RunNotFound.
        """
        over = None if run_id in self._live else Stored(self._store, self._store.get_run(run_id))
        with self._lock:
            live = self._live.get(run_id)
            source = live.recording if live else over or Stored(self._store, self._store.get_run(run_id))
            watch = Watch(source, notify, lambda: self._unwatch(run_id, watch), frames=frames)
            self._watches.setdefault(run_id, set()).add(watch)
        return watch

    def close(self) -> None:
        """Leave all runs: workers record what they have and end, and who does not is killed. Closes the pool too."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            remaining = list(self._live.values())
        for live in remaining:
            self._loop.call(live.hang_up)
        deadline = time.monotonic() + CLOSE_SECONDS
        for live in remaining:
            if not live.gone.wait(max(0.0, deadline - time.monotonic())):
                self._loop.call(live.kill)
        for live in remaining:
            live.gone.wait(1.0)
        self._explainer.close()
        self.sweeps.close()
        self._pool.close()
        self._loop.close()

    def _later(self, seconds: float, act: Callable[[], None]) -> None:
        if not self._closed:
            self._loop.submit(_after(seconds, act))

    def _warm(self) -> None:
        try:
            self._pool.warm()
        except RunError as error:
            if not self._closed:
                log.error("%s", error)

    def _arrived(self, run_id: str, step: int) -> Run:
        """Return a run as soon as the store has all until ``step``; raises RunNotFound."""
        live = self._live.get(run_id)
        deadline = time.monotonic() + ARRIVAL_SECONDS
        while (run := self._store.get_run(run_id)).step < step and time.monotonic() < deadline:
            if live is None or live.run.step < step:
                break  # it was never there
            time.sleep(ARRIVAL_SECONDS / 30)
        return run

    def _standing(self, run_id: str) -> Run:
        """Return a run as soon as its worker stands where it should, or after a while; raises RunError if it cannot."""
        live = self._live[run_id]
        deadline = time.monotonic() + ARRIVAL_SECONDS
        while live.recording.frame(live.run.step) is None and live.run.live and time.monotonic() < deadline:
            time.sleep(ARRIVAL_SECONDS / 100)
        if not live.run.live:
            live.gone.wait(CLOSE_SECONDS)  # its end is being written
            raise RunError(live.run.message)
        return live.run

    def _go_on(self, run: Run) -> Run:
        """Start a worker for a run that the store has; it goes back to ``run.step`` and waits there."""
        self._store.hold_changes_to(run.id, run.step)
        run = replace(run, state="paused", message=f"Going back to step {run.step:,}…")
        worker = self._pool.start(run, self._store.url, recorded=True, resumed=True, memory=self._limits.memory)
        return self._follow(LiveRun(run, worker, self._pool, self._store, self._store.recorded(run.id)))

    def _follow(self, live: LiveRun) -> Run:
        run = live.run
        self._loop.submit(live.connect()).result()
        with self._lock:
            self._live[run.id] = live
            watches = list(self._watches.get(run.id, ()))
        self._loop.submit(live.follow(lambda: self._usher.attend(live), lambda: self._forget(run.id)))
        for watch in watches:  # they saw how it ended
            watch.move(live.recording)
        return run

    def _start(self, run: Run) -> LiveRun:
        recorded = True
        try:
            self._store.create_run(run)
        except StoreError as error:
            # The run can do without: its worker tries again, and says so in the meantime.
            recorded = False
            log.warning("run %s is not recorded yet: %s", run.id, error)
        try:
            worker = self._pool.start(run, self._store.url, recorded=recorded, memory=self._limits.memory)
        except RunError:
            if recorded:
                self._store.delete_run(run.id)
            raise
        return LiveRun(run, worker, self._pool, self._store)

    @contextmanager
    def _room_for(self, owner: str) -> Iterator[None]:
        """Hold a place for a run of ``owner`` while it is being opened; raises RunRefused if there is none."""
        with self._lock:
            if self._closed:
                raise RunRefused("The server is ending: no run can be started any more.")
            for live in self._limits.make_room(list(self._live.values()), self._opening, owner):
                live.leaving = True
                self._loop.submit(live.retire(NEEDED))
            self._opening.append(owner)
            if not self._tending:
                self._tending = True
                self._loop.submit(self._tend())
                self._loop.submit(self._usher.work())
        try:
            yield
        finally:
            with self._lock:
                self._opening.remove(owner)

    async def _tend(self) -> None:
        """End runs that have waited unwatched for too long."""
        while True:
            await asyncio.sleep(TEND_SECONDS)
            for live in list(self._live.values()):
                reason = self._limits.overdue(live)
                if reason:
                    live.leaving = True
                    self._loop.submit(live.retire(reason))

    def _busy(self) -> set[str]:
        """Return the runs that go on, or that somebody looks at."""
        with self._lock:
            return {*self._live, *self._watches}

    def _recording(self, run_id: str) -> Recording | None:
        live = self._live.get(run_id)
        return live.recording if live else None

    def _unwatch(self, run_id: str, watch: Watch) -> None:
        with self._lock:
            watches = self._watches.get(run_id, set())
            watches.discard(watch)
            if not watches:
                self._watches.pop(run_id, None)

    def _forget(self, run_id: str) -> None:
        self._live.pop(run_id, None)


async def _tidy(*works: Callable[[], None]) -> None:
    """Do ``works``, which take a while, at once and then from time to time."""
    while True:
        for work in works:
            await asyncio.to_thread(work)
        await asyncio.sleep(TIDY_SECONDS)


async def _after(seconds: float, act: Callable[[], None]) -> None:
    await asyncio.sleep(seconds)
    act()


async def _leave(live: LiveRun) -> None:
    """End a run after a moment: the page that is about to show another would first tell that this one has stopped."""
    await asyncio.sleep(LEAVE_SECONDS)
    await live.stop()


async def _send(live: LiveRun, name: str, value: str | None) -> None:
    live.send(name, value)
