"""The shelf: what becomes of runs that somebody keeps: a name, a class that sees them, the way out and the way back."""

import time
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from engine.errors import RunError, RunNotFound, RunRefused
from engine.runs.archive import Archive
from engine.runs.curve import Curve, make_curve
from engine.runs.limits import Limits
from engine.runs.live import LiveRun
from engine.runs.loop import LoopThread
from engine.runs.run import Run
from engine.runs.store import Store

MAX_NAME_CHARS = 80
LIVE_CURVE_SECONDS = 1.0
"""For so long the curve of a run that goes on serves everybody who asks for it."""
MOST_CURVES = 2_000


class Shelf:
    """All runs of a store, those in ``live`` among them; may be used from any thread."""

    def __init__(self, store: Store, limits: Limits, live: Mapping[str, LiveRun], loop: LoopThread) -> None:
        self.archive = Archive(store)
        self.limits = limits
        self._store = store
        self._live = live
        self._loop = loop
        self._recorded_curve = lru_cache(MOST_CURVES)(self._read_curve)
        self._live_curves: dict[str, tuple[float, Curve | None]] = {}

    def rename(self, run_id: str, owner: str, name: str) -> Run:
        """Give a run a name, or take it away by an empty one; raises RunNotFound, RunRefused, RunError."""
        run = self._theirs(run_id, owner, "rename")
        name = " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())
        if len(name) > MAX_NAME_CHARS:
            raise RunError(f"A name has at most {MAX_NAME_CHARS} characters, received {len(name)}.")
        if name and not run.name and self.archive.named(owner) >= self.limits.max_named:
            raise RunRefused(
                f"You have {self.limits.max_named} runs with a name, as many as this server keeps: delete one of them, "
                "or take its name away."
            )
        return self._change(run, name=name)

    def delete(self, run_id: str, owner: str) -> Run:
        """Put a run away: it is gone from all lists at once, and one that goes on is stopped.

        It can be taken back for a while. Raises RunNotFound, RunRefused.
        """
        run = self._theirs(run_id, owner, "delete")
        put_away = self._change(run, deleted=run.deleted or time.time())
        live = self._live.get(run_id)
        if live is not None and live.run.live:
            live.leaving = True
            self._loop.submit(live.stop())
        return put_away

    def undelete(self, run_id: str, owner: str) -> Run:
        """Take a run back that was put away; raises RunNotFound if that was too long ago, RunRefused."""
        run = self._theirs(run_id, owner, "take back")
        if run.deleted is not None and run.deleted < self._oldest_kept:
            raise RunNotFound("This run can't be taken back any more: it was deleted too long ago.")
        return self._change(run, deleted=None)

    def put_away(self, owner: str) -> list[Run]:
        """Return the runs that an owner can still take back, the last first."""
        return self.archive.put_away(owner, self._oldest_kept)

    def bring(self, run_id: str, owner: str, class_code: str) -> None:
        """Have a run of ``owner`` seen by a class; raises RunNotFound, RunRefused."""
        self._change(self._theirs(run_id, owner, "show"), class_code=class_code)

    def of_class(self, code: str, limit: int = 500) -> list[Run]:
        """Return the runs of a class, as they are now, the newest first."""
        found = self.archive.of_class(code, time.time() - self.limits.lesson, limit)
        return [live.run if (live := self._live.get(run.id)) else run for run in found]

    def waits(self, run: Run) -> bool:
        """Tell whether a run that is to train stands still just now, for it is another's turn."""
        live = self._live.get(run.id)
        return live is not None and live.recording.waits

    def curve(self, run: Run) -> Curve | None:
        """Return the course of a run in short, as of at most a second ago; None if nothing of it was recorded."""
        live = self._live.get(run.id)
        if live is None:
            self._live_curves.pop(run.id, None)
            return self._recorded_curve(run.id, run.step, run.updated)
        made, curve = self._live_curves.get(run.id, (float("-inf"), None))
        if time.monotonic() - made > LIVE_CURVE_SECONDS:
            curve = make_curve(*live.recording.heads)
            self._live_curves[run.id] = time.monotonic(), curve
        return curve

    @property
    def _oldest_kept(self) -> float:
        return time.time() - self.limits.undo

    def _theirs(self, run_id: str, owner: str, what: str) -> Run:
        run = self.archive.find(run_id)
        if run.owner != owner:
            raise RunRefused(f"This run belongs to someone else: only they may {what} it.")
        return run

    def _change(self, run: Run, **values: str | float | None) -> Run:
        self.archive.write(run.id, **values)
        live = self._live.get(run.id)
        if live is None:
            return replace(run, **values)  # type: ignore[arg-type]
        live.recording.amend(**values)
        return live.run

    def _read_curve(self, run_id: str, _step: int, _updated: float) -> Curve | None:
        """Read a curve from the store; step and time are asked for so that another run's past is another's."""
        recorded = self._store.heads(run_id)
        opening = self._store.opening(run_id)
        return make_curve(opening, [step for step, _ in recorded], [head for _, head in recorded])
