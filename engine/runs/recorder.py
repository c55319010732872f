"""What a worker writes to the store: gathered, thinned, written about once a second, never in the way of training."""

import logging
import time

from engine.errors import LearnscopeError, RunNotFound, StoreReplaced
from engine.runs.history import checkpoint_history, frame_history, row_history
from engine.runs.run import Run
from engine.runs.store import Batch, Kept, Store

BATCH_SECONDS = 1.0
PATIENCE = 0.1
LAST_PATIENCE = 3.0
TROUBLE_SECONDS = 3.0
"""For so long a store may be busy before anybody is told: other workers write to it too."""

NOTICE_SECONDS = 20.0
"""For so long a trouble that is over is told, if something was lost by it."""

log = logging.getLogger("learnscope.recorder")


class Recorder:
    """Keeps what is not yet written in a batch; a store that cannot be written makes the batch wait, thinned as ever.

    ``trouble`` is the sentence about what stands in the way, or empty. ``told`` tells whether the ``opening`` is
    in the store: a run that goes on has all until here in it.
    """

    def __init__(self, run: Run, url: str, opening: bytes, *, created: bool, told: bool = False) -> None:
        self._run = run
        self._url = url
        self._created = created
        self._opening = opening
        self._store: Store | None = None
        self._frames = frame_history()
        self._rows = row_history()
        self._checkpoints = checkpoint_history()
        self._state = b""  # the checkpoint that was recorded last
        self._batch = Batch(opening=None if told else opening)
        self._events = 0
        self._written = self._well = time.monotonic()
        self._noticed = float("-inf")
        self.trouble = ""

    def go_on(self, kept: Kept) -> None:
        """Take note of what an earlier worker has recorded of this run."""
        for step, size in kept.frames:
            self._batch.gone_frames += self._frames.add(step, size)
        for step in kept.rows:
            self._batch.gone_rows += self._rows.add(step)
        for step, size in kept.checkpoints:
            self._batch.gone_checkpoints += self._checkpoints.add(step, size)
        self._events = kept.events

    @property
    def last(self) -> int:
        """Return the newest step of which there is a frame; -1 before the first."""
        return -1 if self._frames.last is None else self._frames.last

    def frame(self, step: int, row: bytes, payload: bytes) -> None:
        """Record one observed step; the last one anew if it comes again."""
        if step == self._frames.last:
            _forget(self._batch.frames, self._batch.gone_frames, [step])
            _forget(self._batch.rows, self._batch.gone_rows, [step])
            self._frames.resize(step, len(payload))
        self._batch.frames[step] = payload
        self._batch.rows[step] = row
        if step == self._frames.last:
            return
        _forget(self._batch.frames, self._batch.gone_frames, self._frames.add(step, len(payload)))
        _forget(self._batch.rows, self._batch.gone_rows, self._rows.add(step))

    def event(self, step: int, name: str, value: str) -> None:
        """Record that a person changed a setting."""
        self._events += 1
        self._batch.events.append((self._events, step, name, value))

    def checkpoint(self, step: int, state: bytes) -> None:
        """Record all that is needed to go on from ``step``; at the last one anew if something was changed there."""
        last = self._checkpoints.last
        if state == self._state or (last is not None and step < last):
            return
        self._state = state
        if step == last:
            _forget(self._batch.checkpoints, self._batch.gone_checkpoints, [step])
            self._checkpoints.resize(step, len(state))
        self._batch.checkpoints[step] = state
        if step == last:
            return
        _forget(self._batch.checkpoints, self._batch.gone_checkpoints, self._checkpoints.add(step, len(state)))

    def reset(self) -> None:
        """Void all that was recorded but the opening."""
        for history in (self._frames, self._rows, self._checkpoints):
            history.clear()
        self._state = b""
        self._batch = Batch(opening=self._batch.opening, void=True)

    @property
    def waiting(self) -> bool:
        """Tell whether there is something that is to be written, or unsaid."""
        return bool(self.trouble) or self._batch != Batch()

    def write_if_due(self, run: Run) -> None:
        """Write the batch if the last one is a second old."""
        if time.monotonic() - self._written >= BATCH_SECONDS:
            self.write(run)

    def write(self, run: Run, *, last: bool = False) -> None:
        """Write the batch and the state of ``run`` now; ``last`` waits longer for a locked database."""
        self._run = run
        self._written = time.monotonic()
        try:
            store = self._open(LAST_PATIENCE if last else PATIENCE)
            store.append(self._run, self._batch, create=not self._created)
        except (RunNotFound, StoreReplaced) as error:  # nobody deletes a run that goes on: it was the whole database
            self._created, self._batch.opening = False, self._opening
            if isinstance(error, StoreReplaced):
                self.trouble, self._noticed = str(error), self._written
        except LearnscopeError as error:
            if last or self._written - self._well >= TROUBLE_SECONDS:
                self.trouble = str(error)
            if last:
                log.warning("the end of run %s is left to the server to record: %s", run.id, error)
        else:
            self._created, self._batch, self._well = True, Batch(), self._written
            if self._written - self._noticed >= NOTICE_SECONDS:
                self.trouble = ""

    def delete(self) -> None:
        """Delete the run: it was never begun."""
        try:
            self._open(LAST_PATIENCE).delete_run(self._run.id)
        except LearnscopeError as error:
            self.trouble = str(error)

    def _open(self, patience: float) -> Store:
        if self._store is None or patience != PATIENCE:
            self._store = Store.prepared(self._url, patience=patience)
        return self._store


def _forget(kept: dict[int, bytes], gone: list[int], steps: list[int]) -> None:
    """Take thinned steps out of what is to be written, or note that they have to be deleted if they were written."""
    for step in steps:
        if kept.pop(step, None) is None:
            gone.append(step)
