"""The company: all runs of this server that go on, who watches them, and how much room there is for more."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from engine.errors import RunRefused
from engine.runs.limits import Limits
from engine.runs.live import LiveRun
from engine.runs.loop import LoopThread
from engine.runs.recording import Recording
from engine.runs.run import Run
from engine.runs.turns import Turns
from engine.runs.usher import Usher
from engine.runs.watch import Notify, Stored, Watch

CLOSE_SECONDS = 5.0
TEND_SECONDS = 0.5
NEEDED = "nobody was watching, and its place was needed"


class Company:
    """The runs that have a worker now, ``live`` by their ids, within ``limits``. Safe in several threads."""

    def __init__(self, limits: Limits, loop: LoopThread) -> None:
        self.live: dict[str, LiveRun] = {}
        self.closed = False
        self._limits = limits
        self._loop = loop
        self._lock = threading.Lock()
        self._opening: list[str] = []  # owners of runs that are just being opened
        self._watches: dict[str, set[Watch]] = {}
        self._usher = Usher(Turns(limits.turns))
        self._tending = False

    @contextmanager
    def room_for(self, owner: str) -> Iterator[None]:
        """Hold a place for a run of ``owner`` while it is being opened; raises RunRefused if there is none."""
        with self._lock:
            if self.closed:
                raise RunRefused("The server is ending: no run can be started any more.")
            for live in self._limits.make_room(list(self.live.values()), self._opening, owner):
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

    def follow(self, live: LiveRun) -> Run:
        """Take a run in whose worker has just been started; who watched it while it was over watches it now."""
        run = live.run
        self._loop.submit(live.connect()).result()
        with self._lock:
            self.live[run.id] = live
            watches = list(self._watches.get(run.id, ()))
        self._loop.submit(live.follow(lambda: self._usher.attend(live), lambda: self._forget(run.id)))
        for watch in watches:  # they saw how it ended
            watch.move(live.recording)
        return run

    def watch(self, run_id: str, notify: Notify, stored: Callable[[], Stored], *, frames: bool) -> Watch:
        """Watch a run that goes on, or what is ``stored`` of one that is over; see ``Hub.watch``."""
        over = None if run_id in self.live else stored()
        with self._lock:
            live = self.live.get(run_id)
            source = live.recording if live else over or stored()
            watch = Watch(source, notify, lambda: self._unwatch(run_id, watch), frames=frames)
            self._watches.setdefault(run_id, set()).add(watch)
        return watch

    def recording(self, run_id: str) -> Recording | None:
        """Return what is remembered of a run that goes on."""
        live = self.live.get(run_id)
        return live.recording if live else None

    def busy(self) -> set[str]:
        """Return the runs that go on, or that somebody looks at."""
        with self._lock:
            return {*self.live, *self._watches}

    def close(self) -> bool:
        """Leave all runs: workers record what they have and end, and who does not is killed.

        Nobody else comes in. Returns whether there was anything to be closed.
        """
        with self._lock:
            if self.closed:
                return False
            self.closed = True
            remaining = list(self.live.values())
        for live in remaining:
            self._loop.call(live.hang_up)
        deadline = time.monotonic() + CLOSE_SECONDS
        for live in remaining:
            if not live.gone.wait(max(0.0, deadline - time.monotonic())):
                self._loop.call(live.kill)
        for live in remaining:
            live.gone.wait(1.0)
        return True

    async def _tend(self) -> None:
        """End runs that have waited unwatched for too long."""
        while True:
            await asyncio.sleep(TEND_SECONDS)
            for live in list(self.live.values()):
                reason = self._limits.overdue(live)
                if reason:
                    live.leaving = True
                    self._loop.submit(live.retire(reason))

    def _unwatch(self, run_id: str, watch: Watch) -> None:
        with self._lock:
            watches = self._watches.get(run_id, set())
            watches.discard(watch)
            if not watches:
                self._watches.pop(run_id, None)

    def _forget(self, run_id: str) -> None:
        self.live.pop(run_id, None)
