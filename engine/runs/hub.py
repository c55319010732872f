"""The hub: all runs of this server. It starts them, passes commands on, and tells any number of watchers what they do.

One thread of its own reads all workers; it looks at the headers of frames and forwards the bytes. Everything public may
be called from any thread.
"""

import asyncio
import logging
import secrets
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from engine.errors import RunError, RunRefused, StoreError
from engine.runs.frames import decode_header
from engine.runs.live import LiveRun
from engine.runs.loop import LoopThread
from engine.runs.pool import Pool
from engine.runs.recording import Notify
from engine.runs.run import COMMANDS, Run, State
from engine.runs.store import Store
from engine.runs.watch import Cursor, Stored, Watch
from engine.spec import Spec

CLOSE_SECONDS = 5.0
TEND_SECONDS = 0.5
FRESH_SECONDS = 5.0
UNWATCHED_SECONDS = 60.0
NEEDED = "nobody was watching, and its place was needed"
LEFT = "nobody was watching"
GOES_FIRST: tuple[State, ...] = ("ready", "paused", "running")

log = logging.getLogger("learnscope.hub")

__all__ = ["Hub", "Watch"]


class Hub:
    """All runs of this server.

    At most ``max_runs`` have a worker at once, and at most ``max_runs_per_owner`` of one owner. A run that waits at
    step 0 and that nobody has watched for ``idle_ready`` seconds is ended and deleted; a paused one is ended after
    ``idle_paused``. One that trains may go on unwatched, until a new run finds no room: then the one that nobody has
    watched for longest, and for ``idle_needed`` seconds at least, makes room for it; before it those that are paused,
    and before them those that never began.
    """

    def __init__(
        self,
        store: Store,
        pool: Pool,
        *,
        max_runs: int = 32,
        max_runs_per_owner: int = 12,
        idle_ready: float = 60.0,
        idle_paused: float = 1_800.0,
        idle_needed: float = UNWATCHED_SECONDS,
    ) -> None:
        self._store = store
        self._pool = pool
        self._max_runs = max_runs
        self._max_runs_per_owner = max_runs_per_owner
        self._idle: dict[State, float] = {"ready": idle_ready, "paused": idle_paused}
        fresh = min(FRESH_SECONDS, idle_needed)
        self._needed: dict[State, float] = {"ready": fresh, "paused": idle_needed, "running": idle_needed}
        self._lock = threading.Lock()
        self._live: dict[str, LiveRun] = {}
        self._opening: list[str] = []  # owners of runs that are just being opened
        self._closed = False
        self._loop = LoopThread("learnscope-hub")
        self._tending = False
        store.mark_interrupted()

    def warm(self) -> None:
        """Get ready to open runs quickly, in the background; what is wrong is said again by the first ``open``."""
        threading.Thread(target=self._warm, name="learnscope-warm", daemon=True).start()

    def open(self, lab: str, spec: Spec, owner: str) -> Run:
        """Start a worker for a new run and return it; it shows step 0 and waits. Raises RunRefused, RunError."""
        now = time.time()
        run = Run(secrets.token_urlsafe(12), lab, spec.to_json(), owner, "ready", 0, "", now, now)
        with self._room_for(owner):
            live = self._start(run)
            self._loop.submit(live.connect()).result()
            self._live[run.id] = live
        self._loop.submit(live.follow(lambda: self._forget(run.id)))
        return run

    def get(self, run_id: str) -> Run:
        """Return what is known of a run now; raises RunNotFound."""
        live = self._live.get(run_id)
        return live.run if live else self._store.get_run(run_id)

    def runs_of(self, owner: str, *, limit: int = 100) -> list[Run]:
        """Return the newest runs of one owner, newest first."""
        return [
            live.run if (live := self._live.get(run.id)) else run for run in self._store.list_runs(owner, limit=limit)
        ]

    def command(self, run_id: str, name: str, value: str | None = None) -> None:
        """Ask a run for one of COMMANDS; ``set`` takes ``name=value``.

        Raises RunNotFound, and RunError if the run is over or does not listen. What the worker makes of it, it tells by
        its state.
        """
        if name not in COMMANDS:
            raise RunError(f"There is no command {name!r}: expected one of {', '.join(COMMANDS)}.")
        live = self._live.get(run_id)
        if live is None or not live.run.live:
            raise RunError(f"This run takes no commands any more: it is {self.get(run_id).state}.")
        if name == "stop":
            self._loop.submit(live.stop())
        else:
            self._loop.submit(_send(live, name, value)).result()

    def settings(self, run_id: str) -> dict[str, str]:
        """Return the settings that were changed while a run went on, by name, as they are now."""
        changed = {name: value for _, name, value in self._store.events(run_id)}
        live = self._live.get(run_id)
        # A change is in the store only after a while; what the worker said last has it at once.
        for header in map(decode_header, live.recording.news(Cursor()) if live else ()):
            if header.get("learning_rate") is not None:
                changed["learning_rate"] = str(header["learning_rate"])
        return changed

    def live_ids(self) -> list[str]:
        """Return the runs that have a worker now."""
        return list(self._live)

    def pid_of(self, run_id: str) -> int:
        """Return the number of a run's worker process; raises RunError if it has none any more."""
        live = self._live.get(run_id)
        if live is None:
            raise RunError(f"This run has no process any more: it is {self.get(run_id).state}.")
        return live.pid

    def watch(self, run_id: str, notify: Notify) -> Watch:
        """Watch a run, going on or over; ``notify`` is called whenever there is something new to take.

        It is called from any thread, and must be quick. Raises RunNotFound.
        """
        live = self._live.get(run_id)
        if live is None:
            return Watch(Stored(self._store, self._store.get_run(run_id)))
        recording = live.recording
        recording.watch(notify)
        return Watch(recording, lambda: recording.unwatch(notify))

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
        self._pool.close()
        self._loop.close()

    def _warm(self) -> None:
        try:
            self._pool.warm()
        except RunError as error:
            if not self._closed:
                log.error("%s", error)

    def _start(self, run: Run) -> LiveRun:
        recorded = True
        try:
            self._store.create_run(run)
        except StoreError as error:
            # The run can do without: its worker tries again, and says so in the meantime.
            recorded = False
            log.warning("run %s is not recorded yet: %s", run.id, error)
        try:
            worker = self._pool.start(run, self._store.url, recorded=recorded)
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
            self._make_room(owner)
            self._opening.append(owner)
            if not self._tending:
                self._tending = True
                self._loop.submit(self._tend())
        try:
            yield
        finally:
            with self._lock:
                self._opening.remove(owner)

    def _make_room(self, owner: str) -> None:
        """Retire runs that nobody watches where the limits are reached; refuse if that does not help."""
        for mine, most in ((True, self._max_runs_per_owner), (False, self._max_runs)):
            counted = [
                live for live in self._live.values() if not live.leaving and (live.run.owner == owner or not mine)
            ]
            free = most - len(counted) - len([o for o in self._opening if o == owner or not mine])
            if free > 0:
                continue
            idle = self._idle_longest(counted)
            if len(idle) + free <= 0:
                whose = "You have" if mine else "There are"
                what = "stop one of them" if mine else "try again when one has ended"
                raise RunRefused(f"{whose} {len(counted)} runs going on, as many as this server allows: {what}.")
            for live in idle[: 1 - free]:
                live.leaving = True
                self._loop.submit(live.retire(NEEDED))

    def _idle_longest(self, runs: Iterable[LiveRun]) -> list[LiveRun]:
        """Return those of ``runs`` that may have to make room, the first to go first."""
        found: list[tuple[int, float, LiveRun]] = []
        for live in runs:
            state, unwatched = live.run.state, live.recording.unwatched_seconds
            if state in GOES_FIRST and unwatched > self._needed[state]:
                found.append((GOES_FIRST.index(state), -unwatched, live))
        return [live for *_, live in sorted(found, key=lambda one: one[:2])]

    async def _tend(self) -> None:
        """End runs that have waited unwatched for too long."""
        while True:
            await asyncio.sleep(TEND_SECONDS)
            for live in list(self._live.values()):
                patience = self._idle.get(live.run.state)
                if patience is not None and not live.leaving and live.recording.unwatched_seconds > patience:
                    live.leaving = True
                    self._loop.submit(live.retire(LEFT))

    def _forget(self, run_id: str) -> None:
        self._live.pop(run_id, None)


async def _send(live: LiveRun, name: str, value: str | None) -> None:
    live.send(name, value)
