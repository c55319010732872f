"""How a run begins: anew, where it was left, where another stood, or where a file says that one stood."""

import logging
import secrets
import threading
import time
from dataclasses import replace

from engine.errors import LearnscopeError, RunError, StoreError
from engine.frames import decode_header
from engine.runs import messages
from engine.runs.company import CLOSE_SECONDS, Company
from engine.runs.live import LiveRun
from engine.runs.pool import Pool
from engine.runs.run import RESUMABLE, Run
from engine.runs.runfile import RunFile
from engine.runs.store import Batch, Store
from engine.spec import Spec

ARRIVAL_SECONDS = 3.0

log = logging.getLogger("learnscope.hub")


class Beginnings:
    """Starts workers, and has the company take them in. Safe in several threads; ``Hub`` says what each raises."""

    def __init__(self, store: Store, pool: Pool, company: Company, memory: int | None) -> None:
        self.resuming = threading.Lock()
        self._store = store
        self._pool = pool
        self._company = company
        self._memory = memory

    def open(self, lab: str, spec: Spec, owner: str, class_code: str, beside: str) -> Run:
        """Return a new run; it shows step 0 and waits."""
        now = time.time()
        run_id = secrets.token_urlsafe(12)
        run = Run(run_id, lab, spec.to_json(), owner, "ready", 0, "", now, now, class_code=class_code, beside=beside)
        with self._company.room_for(owner):
            return self._company.follow(self._start(run))

    def resume(self, run_id: str) -> Run:
        """Return a run that is over as one that goes on where it was, or one that goes on already as it is."""
        with self.resuming:
            live = self._company.live.get(run_id)
            if live is not None and not live.gone.is_set() and not live.run.live:
                live.gone.wait(ARRIVAL_SECONDS)  # its last words are still being written
                live = self._company.live.get(run_id)
            if live is not None:
                return live.run
            run = self._store.get_run(run_id)
            if run.state not in RESUMABLE or not run.step:
                raise RunError(f"This run takes no commands any more: it is {run.state}.")
            with self._company.room_for(run.owner):
                return self._go_on(run)

    def branch(self, run_id: str, step: int, owner: str, class_code: str) -> Run:
        """Return a new run that stands where another stood at ``step``."""
        parent = self._arrived(run_id, step)
        opening, frame = self._store.opening(run_id), self._store.frame(run_id, step)
        if opening is None or frame is None or decode_header(frame)["step"] != step:
            raise RunError(f"Nothing was recorded at step {step:,} of this run: choose a step that can be looked at.")
        now = time.time()
        new_id = secrets.token_urlsafe(12)
        child = Run(
            new_id, parent.lab, parent.spec, owner, "paused", step, "", now, now, run_id, step, class_code=class_code
        )
        with self._company.room_for(owner):
            self._store.branch(child, messages.of_run(opening, child.id))
            try:
                return self._go_on(child)
            except RunError:
                self._store.delete_run(child.id)
                raise

    def restore(self, file: RunFile, owner: str) -> Run:
        """Return a new run that stands where the run of a file stood."""
        now = time.time()
        run = Run(secrets.token_urlsafe(12), file.lab, file.spec, owner, "paused", file.step, "", now, now)
        events = [(number, *change) for number, change in enumerate(file.changes, start=1)]
        with self._company.room_for(owner):
            self._store.create_run(run)
            try:
                self._store.append(run, Batch(checkpoints={file.at: file.state}, events=events))
                self._go_on(run)
                return self._standing(run.id)
            except LearnscopeError:
                self._store.delete_run(run.id)
                raise

    def _start(self, run: Run) -> LiveRun:
        recorded = True
        try:
            self._store.create_run(run)
        except StoreError as error:
            # The run can do without: its worker tries again, and says so in the meantime.
            recorded = False
            log.warning("run %s is not recorded yet: %s", run.id, error)
        try:
            worker = self._pool.start(run, self._store.url, recorded=recorded, memory=self._memory)
        except RunError:
            if recorded:
                self._store.delete_run(run.id)
            raise
        return LiveRun(run, worker, self._pool, self._store)

    def _go_on(self, run: Run) -> Run:
        """Start a worker for a run that the store has; it goes back to ``run.step`` and waits there."""
        self._store.hold_changes_to(run.id, run.step)
        run = replace(run, state="paused", message=f"Going back to step {run.step:,}…")
        worker = self._pool.start(run, self._store.url, recorded=True, resumed=True, memory=self._memory)
        return self._company.follow(LiveRun(run, worker, self._pool, self._store, self._store.recorded(run.id)))

    def _arrived(self, run_id: str, step: int) -> Run:
        """Return a run as soon as the store has all until ``step``; raises RunNotFound."""
        live = self._company.live.get(run_id)
        deadline = time.monotonic() + ARRIVAL_SECONDS
        while (run := self._store.get_run(run_id)).step < step and time.monotonic() < deadline:
            if live is None or live.run.step < step:
                break  # it was never there
            time.sleep(ARRIVAL_SECONDS / 30)
        return run

    def _standing(self, run_id: str) -> Run:
        """Return a run as soon as its worker stands where it should, or after a while; raises RunError if it cannot."""
        live = self._company.live[run_id]
        deadline = time.monotonic() + ARRIVAL_SECONDS
        while live.recording.frame(live.run.step) is None and live.run.live and time.monotonic() < deadline:
            time.sleep(ARRIVAL_SECONDS / 100)
        if not live.run.live:
            live.gone.wait(CLOSE_SECONDS)  # its end is being written
            raise RunError(live.run.message)
        return live.run
