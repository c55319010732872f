"""A watcher of a run: how far it has come, and where what it shows comes from."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from engine.runs import messages
from engine.runs.run import Run
from engine.runs.store import Store

Notify = Callable[[], None]


@dataclass(slots=True)
class Cursor:
    """How far a watcher has come. It holds no messages, so a watcher that never reads costs nothing.

    Who wants no ``frames`` is told the scalars of all steps, and nothing else of them.
    """

    frames: bool = True

    passes: int = -1
    step: int = -1
    recorded: int = -1
    changes: int = 0
    again: int = 0
    states: int = -1
    turns: int = 0
    refusals: int = 0


class Source(Protocol):
    """Where a watcher gets what it shows: a run that goes on, or one that is over."""

    @property
    def run(self) -> Run:
        """Return what is known of the run now."""
        ...

    def watch(self, notify: Notify) -> None:
        """Call ``notify`` from now on whenever there is news."""
        ...

    def unwatch(self, notify: Notify) -> None:
        """Do not call ``notify`` any more."""
        ...

    def news(self, cursor: Cursor) -> list[bytes]:
        """Return what the watcher at ``cursor`` has not had, oldest first, and move the cursor."""
        ...

    def frame(self, step: int) -> bytes | None:
        """Return the frame recorded at ``step`` or nearest before it."""
        ...


class Stored:
    """A run that is over, as the store has it."""

    def __init__(self, store: Store, run: Run) -> None:
        self._store = store
        self.run = run

    def watch(self, notify: Notify) -> None:
        """Nothing will happen, as long as the run does not go on."""

    def unwatch(self, notify: Notify) -> None:
        """Nothing was going to be told."""

    def news(self, cursor: Cursor) -> list[bytes]:
        """Return all there is the first time, then nothing: nothing will happen any more."""
        if cursor.passes >= 0:
            return []
        cursor.passes = 0
        run = self.run
        state = messages.state(run.state, run.step, run.message)
        opening = self._store.opening(run.id)
        if opening is None:
            return [state]
        recorded = messages.recorded(self._store.frame_steps(run.id))
        series = messages.series(self._store.rows(run.id))
        changes = [messages.changed(*change) for change in self._store.events(run.id)]
        newest = self._store.frame(run.id) if cursor.frames else None
        return [opening, recorded, *changes, series, *([newest] if newest else []), state]

    def frame(self, step: int) -> bytes | None:
        """Return the frame recorded at ``step`` or nearest before it."""
        return self._store.frame(self.run.id, step)


class Watch:
    """One watcher of one run; ``take`` is called by one thread at a time."""

    def __init__(
        self, source: Source, notify: Notify, close: Callable[[], None] = lambda: None, *, frames: bool = True
    ) -> None:
        self._lock = threading.Lock()
        self._notify = notify
        self._close = close
        self._source = source
        self._cursor = Cursor(frames)
        source.watch(notify)

    @property
    def run(self) -> Run:
        """Return what is known of the run now."""
        return self._source.run

    def take(self) -> list[bytes]:
        """Return everything that is new to this watcher, oldest first.

        The first time: opening, recorded, changes, series, the newest frame, state. Later: the scalars missed, the
        newest frame (those between are skipped), the recorded steps when they were thinned, what was changed, the state
        when it changed.
        """
        with self._lock:
            return self._source.news(self._cursor)

    def frame(self, step: int) -> bytes | None:
        """Return the frame recorded at ``step`` or nearest before it; None if there is none."""
        return self._source.frame(step)

    def move(self, source: Source) -> None:
        """Watch the same run where it goes on; all of it is told anew."""
        with self._lock:
            self._source.unwatch(self._notify)
            self._source = source
            self._cursor = Cursor(self._cursor.frames)
            source.watch(self._notify)
        self._notify()

    def close(self) -> None:
        """Watch no longer."""
        self._close()
        self._source.unwatch(self._notify)
