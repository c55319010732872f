"""What the server remembers of one run that goes on, and what of it is news to a watcher."""

import logging
import threading
import time
from bisect import bisect_right
from dataclasses import replace
from typing import Any

import numpy as np

from engine.errors import FrameError
from engine.frames import decode, decode_header
from engine.runs import messages
from engine.runs.history import frame_history, row_history
from engine.runs.run import STATES, Run, State
from engine.runs.store import SCALARS_OF_ALL_LABS, Recorded
from engine.runs.watch import Cursor, Notify
from engine.training.experiment import Change

log = logging.getLogger("learnscope.hub")


class Recording:
    """A run that goes on: thinned frames, scalars, state; told to any number of watchers. Safe in several threads."""

    def __init__(self, run: Run) -> None:
        self._lock = threading.Lock()
        self._run = run
        self._opening: bytes | None = None
        self._frames: dict[int, bytes] = {}
        self._frame_steps = frame_history()
        self._rows: dict[int, bytes] = {}
        self._row_steps = row_history()
        self._state = b""  # the worker says the first
        self._changes: list[Change] = []
        self._again: list[int] = []
        self._passes = 0
        self._recorded = 0
        self._states = -1
        self._refusal = b""
        self._refusals = 0
        self._turn = (0, 0)  # place in the line of those that wait for their turn to train, and how many wait
        self._turns = 0
        self._watchers: set[Notify] = set()
        self._unwatched = time.monotonic()

    @property
    def run(self) -> Run:
        """Return what is known of the run now."""
        return self._run

    def amend(self, **changes: Any) -> None:
        """Take over what a person has changed about the run itself: its name, its class, whether it is there."""
        with self._lock:
            self._run = replace(self._run, **changes)

    @property
    def opening(self) -> bytes | None:
        """Return the opening message, or None before the worker has sent it."""
        return self._opening

    @property
    def unwatched_seconds(self) -> float:
        """Return for how long nobody has watched; 0 while somebody does."""
        return 0.0 if self._watchers else time.monotonic() - self._unwatched

    @property
    def waits(self) -> bool:
        """Tell whether the run would train, and stands still for its turn."""
        return self._run.state == "running" and self._turn[0] > 0

    def watch(self, notify: Notify) -> None:
        """Call ``notify`` from now on whenever there is news."""
        with self._lock:
            self._watchers.add(notify)

    def unwatch(self, notify: Notify) -> None:
        """Do not call ``notify`` any more."""
        with self._lock:
            self._watchers.discard(notify)
            self._unwatched = time.monotonic()

    def go_on(self, recorded: Recorded) -> None:
        """Take in what an earlier worker of this run has recorded."""
        with self._lock:
            self._opening = recorded.opening
            for step, row in recorded.rows.items():
                self._rows[step] = row
                _drop(self._rows, self._row_steps.add(step))
            for step, frame in recorded.frames.items():
                self._frames[step] = frame
                _drop(self._frames, self._frame_steps.add(step, len(frame)))
            self._changes = list(recorded.changes)
            run = self._run
            self._state = messages.state(run.state, run.step, run.message)
            self._states += 1

    @property
    def recorded(self) -> Recorded:
        """Return all that is remembered of the run now."""
        with self._lock:
            changes, again = tuple(self._changes), frozenset(self._again)
            return Recorded(self._opening, dict(self._frames), dict(self._rows), changes, again)

    @property
    def changes(self) -> list[Change]:
        """Return what was changed while the run went on, oldest first."""
        with self._lock:
            return list(self._changes)

    @property
    def heads(self) -> tuple[bytes | None, list[int], list[bytes]]:
        """Return the opening, and of all steps that are remembered the scalars that every lab has, 4 float64 each."""
        with self._lock:
            size = SCALARS_OF_ALL_LABS * messages.ROW.itemsize
            return self._opening, list(self._rows), [row[:size] for row in self._rows.values()]

    def receive(self, data: bytes) -> None:
        """Take in a message of the worker and tell the watchers; raises FrameError for garbage."""
        header = decode_header(data)
        with self._lock:
            try:
                self._take(header, data)
            except (KeyError, TypeError, ValueError) as error:
                raise FrameError(
                    f"A message of kind {header['kind']!r} does not hold what it should: {error}."
                ) from None
        self._notify()

    def end(self, state: State, message: str) -> None:
        """Set the state in the worker's stead, for it cannot speak any more."""
        with self._lock:
            self._set_state(state, message, messages.state(state, self._run.step, message))
        self._notify()

    def stand(self, place: int, waiting: int) -> None:
        """Take note that the run waits for its turn at ``place`` of ``waiting``, or with place 0 that it does not."""
        turn = (place, waiting) if place else (0, 0)
        with self._lock:
            if turn == self._turn:
                return
            self._turn = turn
            self._turns += 1
        self._notify()

    def news(self, cursor: Cursor) -> list[bytes]:
        """Return what the watcher at ``cursor`` has not had, oldest first, and move the cursor.

        The scalars of all steps since, but of all frames only the newest.
        """
        with self._lock:
            if self._opening is None:
                return [] if self._run.live else self._new_state(cursor)
            found: list[bytes] = []
            if cursor.passes < 0:
                cursor.refusals = self._refusals  # what was refused before somebody came is none of their business
            if cursor.passes != self._passes:
                found.append(self._opening if cursor.passes < 0 else messages.reset())
                cursor.passes, cursor.step, cursor.recorded = self._passes, -1, -1
                cursor.changes, cursor.again = 0, len(self._again)
            if cursor.recorded != self._recorded:
                found.append(messages.recorded(list(self._frames)))
                cursor.recorded = self._recorded
            found += self._new_changes(cursor)
            told = self._new_state(cursor) + self._new_turn(cursor) + self._new_refusal(cursor)
            return found + self._new_steps(cursor) + told

    def frame(self, step: int) -> bytes | None:
        """Return the frame recorded at ``step`` or nearest before it."""
        with self._lock:
            steps = list(self._frames)
            position = bisect_right(steps, step)
            return self._frames[steps[position - 1]] if position else None

    def _take(self, header: dict[str, Any], data: bytes) -> None:
        match header["kind"]:
            case "frame":
                self._add(int(header["step"]), decode(data).arrays["scalars"], data)
            case "state":
                if header["state"] not in STATES:
                    raise ValueError(f"there is no state {header['state']!r}")
                self._run = replace(self._run, step=int(header["step"]))
                self._set_state(header["state"], str(header["message"]), data)
            case "changed":
                self._changes.append((int(header["step"]), str(header["name"]), str(header["value"])))
            case "opening":
                self._opening = data
            case "refused":
                self._refusal = data
                self._refusals += 1
            case "reset":
                self._frames.clear()
                self._frame_steps.clear()
                self._rows.clear()
                self._row_steps.clear()
                self._changes.clear()
                self._again.clear()
                self._passes += 1
            case kind:
                raise ValueError(f"a worker sends no {kind}")

    def _add(self, step: int, scalars: np.ndarray, data: bytes) -> None:
        if step == self._frame_steps.last:
            return self._replace(step, scalars, data)
        gone_frames, gone_rows = self._frame_steps.add(step, len(data)), self._row_steps.add(step)
        self._frames[step] = data
        self._rows[step] = scalars.astype(messages.ROW).tobytes()
        self._run = replace(self._run, step=step, updated=time.time())
        _drop(self._frames, gone_frames)
        _drop(self._rows, gone_rows)
        self._recorded += bool(gone_frames)

    def _replace(self, step: int, scalars: np.ndarray, data: bytes) -> None:
        """Take in the newest frame once more: the net was changed at its step."""
        self._frame_steps.resize(step, len(data))
        self._frames[step] = data
        self._rows[step] = scalars.astype(messages.ROW).tobytes()
        self._again.append(step)

    def _set_state(self, state: State, message: str, data: bytes) -> None:
        self._run = replace(self._run, state=state, message=message, updated=time.time())
        self._state = data
        self._states += 1
        self._recorded += 1  # now is when people begin to scrub: let every watcher know all that it can ask for

    def _new_changes(self, cursor: Cursor) -> list[bytes]:
        """Return what was changed, and which steps are not what they were; these are then told anew."""
        found = [messages.changed(*change) for change in self._changes[cursor.changes :]]
        steps = self._again[cursor.again :]
        cursor.changes, cursor.again = len(self._changes), len(self._again)
        if steps:
            found.append(messages.again(sorted(set(steps))))
            cursor.step = min(cursor.step, min(steps) - 1)
        return found

    def _new_steps(self, cursor: Cursor) -> list[bytes]:
        steps = list(self._rows)
        missed = steps[bisect_right(steps, cursor.step) :]
        if not missed:
            return []
        cursor.step = missed[-1]
        if not cursor.frames:
            return [messages.series([(step, self._rows[step]) for step in missed])]
        newest = self._frames[missed[-1]]
        return [newest] if len(missed) == 1 else [messages.series([(s, self._rows[s]) for s in missed]), newest]

    def _new_state(self, cursor: Cursor) -> list[bytes]:
        if cursor.states == self._states:
            return []
        cursor.states = self._states
        return [self._state]

    def _new_turn(self, cursor: Cursor) -> list[bytes]:
        if cursor.turns == self._turns:
            return []
        cursor.turns = self._turns
        return [messages.turn(*self._turn)]

    def _new_refusal(self, cursor: Cursor) -> list[bytes]:
        if cursor.refusals == self._refusals:
            return []
        cursor.refusals = self._refusals
        return [self._refusal]

    def _notify(self) -> None:
        for notify in tuple(self._watchers):
            try:
                notify()
            except Exception:  # one watcher's fault is nothing to the run and to the others
                log.exception("a watcher of run %s failed", self._run.id)
                self.unwatch(notify)


def _drop(kept: dict[int, bytes], steps: list[int]) -> None:
    for step in steps:
        del kept[step]
