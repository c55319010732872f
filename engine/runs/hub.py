"""The hub: all runs of this server. It starts them, passes commands on, and tells any number of watchers what they do.

One thread of its own reads all workers; it looks at the headers of frames and forwards the bytes. Everything public may
be called from any thread.
"""

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from engine.asking import Question
from engine.errors import RunError
from engine.explanation import Cell
from engine.frames import decode_header
from engine.jobs import Jobs
from engine.runs.asked import Aside
from engine.runs.beginnings import Beginnings
from engine.runs.changes import settings_in
from engine.runs.classes import Classes
from engine.runs.commands import Commands
from engine.runs.company import Company
from engine.runs.controls import Controls
from engine.runs.explainer import Explainer
from engine.runs.limits import Limits
from engine.runs.live import LiveRun
from engine.runs.loop import LoopThread
from engine.runs.pool import Pool
from engine.runs.recordings import Recordings
from engine.runs.run import COMMANDS, Run
from engine.runs.runfile import RunFile
from engine.runs.shelf import Shelf
from engine.runs.store import Store
from engine.runs.sweeps import SweepStarter
from engine.runs.takeaway import LAST, Takeaway
from engine.runs.tidying import Tidying
from engine.runs.walker import Walker
from engine.runs.watch import Cursor, Notify, Stored, Watch
from engine.spec import Spec
from engine.training.experiment import Change

TIDY_SECONDS = 60.0
LEAVE_SECONDS = 1.5
RESUMING = ("resume", "step", "epoch")

log = logging.getLogger("learnscope.hub")

__all__ = ["Hub", "Watch"]


class Hub:
    """All runs of this server, within its ``limits``; ``shelf`` is what becomes of those that are over, ``recordings``
    reads what was recorded of any run, ``takeaway`` makes files of it, ``controls`` knows which of the browsers that
    watch a run may steer it, ``sweeps`` trains many nets to compare what comes of them.

    With ``tidies_uploads`` tables that nobody needs are deleted too: for the one server that keeps them.
    """

    def __init__(self, store: Store, pool: Pool, limits: Limits | None = None, *, tidies_uploads: bool = False) -> None:
        limits = limits or Limits()
        self._store = store
        self._pool = pool
        self._explainer = Explainer(pool, limits.memory)
        self.sweeps = Jobs(SweepStarter(pool), limits.max_sweeps)
        self._loop = LoopThread("learnscope-hub")
        self._company = Company(limits, self._loop)
        self._live = self._company.live
        self._beginnings = Beginnings(store, pool, self._company, limits.memory)
        self.recordings = Recordings(store, self._company.recording)
        walker = Walker(pool, limits.memory)
        self._aside = Aside(pool, self.recordings, walker, limits.memory)
        self.takeaway = Takeaway(self.recordings, walker, Commands(pool))
        store.mark_interrupted()
        self.shelf = Shelf(store, limits, self._live, self._loop)
        self.classes = Classes(store, self._live)
        self.controls = Controls(self._later)
        self._tidying = Tidying(self.shelf.archive, self.classes, limits, self._company.busy, self._beginnings.resuming)
        self._loop.submit(_tidy(self._tidying.runs, *([self._tidying.tables] if tidies_uploads else [])))

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
        self.leave(instead_of, owner)
        return self._beginnings.open(lab, spec, owner, class_code, beside)

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
        return self._beginnings.resume(run_id)

    def branch(self, run_id: str, step: int, owner: str, class_code: str = "") -> Run:
        """Return a new run of ``owner`` that stands where another stood at ``step``, with all that came before.

        It is paused there. Raises RunNotFound, RunRefused, and RunError if nothing was recorded at that step.
        """
        return self._beginnings.branch(run_id, step, owner, class_code)

    def restore(self, file: RunFile, owner: str) -> Run:
        """Return a new run of ``owner`` that stands where the run of ``file`` stood; it is paused there.

        Raises RunRefused, and RunError where the file's state does not fit its settings.
        """
        return self._beginnings.restore(file, owner)

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

    def ask(self, run: Run, question: Question, step: int | None = None) -> Future[bytes]:
        """Return where the answer of a run's net comes, a message of kind ``answer``; see ``engine.asking``.

        The net is asked as it is now; or as it was at ``step``, or at the recorded step nearest before it. Who answers
        is the worker that owns the net, as long as there is one. The future raises RunError.
        """
        live = self._live.get(run.id)
        if live is not None and live.run.live and (step is None or step >= live.run.step):
            return self._loop.submit(live.ask(question))
        return self._aside.ask(run, LAST if step is None else step, question)

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
        return self._company.watch(
            run_id, notify, lambda: Stored(self._store, self._store.get_run(run_id)), frames=frames
        )

    def close(self) -> None:
        """Leave all runs: workers record what they have and end, and who does not is killed. Closes the pool too."""
        if self._company.close():
            self._explainer.close()
            self._aside.close()
            self.sweeps.close()
            self._pool.close()
            self._tidying.end()
            self._loop.close()

    def _later(self, seconds: float, act: Callable[[], None]) -> None:
        if not self._company.closed:
            self._loop.submit(_after(seconds, act))

    def _warm(self) -> None:
        try:
            self._pool.warm()
        except RunError as error:
            if not self._company.closed:
                log.error("%s", error)


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
