"""The run store: what outlives a worker and the server. Specs, thinned frames, scalars, weights, events of every run.

SQLAlchemy Core on SQLite in WAL mode, or any database by URL; only SQLite is tested. One server per database: at its
start it takes every run that is called live for one that an earlier server left behind.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any, Literal, Self

from safetensors.numpy import load
from sqlalchemy import Connection, Row, delete, insert, select, update

from engine.errors import RunNotFound
from engine.readings import Arrays
from engine.runs.run import LIVE_STATES, STATES, Run, State
from engine.runs.schema import OF_A_RUN, Database, checkpoints, default_url, events, frames, runs, scalars

Checkpoint = Literal["initial", "last", "good"]

_RUN = tuple(runs.c[f.name] for f in fields(Run))


@dataclass(slots=True)
class Batch:
    """What a worker writes in one transaction. ``void`` deletes first what was recorded before."""

    frames: dict[int, bytes] = field(default_factory=dict)
    rows: dict[int, bytes] = field(default_factory=dict)
    gone_frames: list[int] = field(default_factory=list)
    gone_rows: list[int] = field(default_factory=list)
    checkpoints: dict[Checkpoint, tuple[int, bytes]] = field(default_factory=dict)
    events: list[tuple[int, int, str, str]] = field(default_factory=list)  # number, step, name, value
    opening: bytes | None = None
    void: bool = False


class Store:
    """All runs in one database; safe to use from several threads. Every method raises StoreError with a sentence."""

    def __init__(self, url: str | None = None, *, patience: float = 2.0) -> None:
        self.url = url or default_url()
        self._database = Database(self.url, patience)
        self._database.prepare()

    @classmethod
    def prepared(cls, url: str, *, patience: float) -> Self:
        """Return the store of a database that another process has prepared, without looking."""
        store = cls.__new__(cls)
        store.url = url
        store._database = Database(url, patience)
        return store

    def create_run(self, run: Run) -> None:
        """Write a new run."""
        with self._database.writing() as connection:
            connection.execute(insert(runs).values(_values(run)))

    def get_run(self, run_id: str) -> Run:
        """Return a run as it was written last; raises RunNotFound."""
        with self._database.reading() as connection:
            found = connection.execute(select(*_RUN).where(runs.c.id == run_id)).one_or_none()
        if found is None:
            raise RunNotFound(f"There is no run {run_id!r}: it was deleted, or it was never made here.")
        return _run(found)

    def list_runs(self, owner: str | None = None, *, limit: int = 100) -> list[Run]:
        """Return the newest runs, of one owner or of all, newest first."""
        query = select(*_RUN).order_by(runs.c.created.desc(), runs.c.id).limit(limit)
        with self._database.reading() as connection:
            found = connection.execute(query if owner is None else query.where(runs.c.owner == owner)).all()
        return [_run(row) for row in found]

    def set_state(self, run_id: str, state: State, step: int, message: str = "") -> None:
        """Write the state of a run; raises RunNotFound."""
        with self._database.writing() as connection:
            _set_state(connection, run_id, state, step, message)

    def append(self, run: Run, batch: Batch, *, create: bool = False) -> None:
        """Write what a worker has recorded since its last batch, and the run's state; all of it or nothing.

        ``create`` makes the run if it is not there; else raises RunNotFound.
        """
        with self._database.writing() as connection:
            if create and connection.scalar(select(runs.c.id).where(runs.c.id == run.id)) is None:
                connection.execute(insert(runs).values(_values(run)))
            _set_state(connection, run.id, run.state, run.step, run.message)
            _append(connection, run.id, batch)

    def opening(self, run_id: str) -> bytes | None:
        """Return the opening message of a run, or None if its worker never sent one."""
        with self._database.reading() as connection:
            return connection.scalar(select(runs.c.opening).where(runs.c.id == run_id))

    def frame_steps(self, run_id: str) -> list[int]:
        """Return the steps of all recorded frames in order."""
        with self._database.reading() as connection:
            return list(
                connection.scalars(select(frames.c.step).where(frames.c.run_id == run_id).order_by(frames.c.step))
            )

    def frame(self, run_id: str, step: int | None = None) -> bytes | None:
        """Return the frame recorded at ``step`` or nearest before it, by default the newest; None if there is none."""
        query = select(frames.c.payload).where(frames.c.run_id == run_id).order_by(frames.c.step.desc()).limit(1)
        with self._database.reading() as connection:
            return connection.scalar(query if step is None else query.where(frames.c.step <= step))

    def rows(self, run_id: str) -> list[tuple[int, bytes]]:
        """Return the recorded scalars as (step, bytes of (columns,) float64) in order."""
        query = select(scalars.c.step, scalars.c.row).where(scalars.c.run_id == run_id).order_by(scalars.c.step)
        with self._database.reading() as connection:
            return [(step, row) for step, row in connection.execute(query)]

    def events(self, run_id: str) -> list[tuple[int, str, str]]:
        """Return what was changed while the run went on as (step, name, value), oldest first."""
        query = select(events.c.step, events.c.name, events.c.value)
        with self._database.reading() as connection:
            found = connection.execute(query.where(events.c.run_id == run_id).order_by(events.c.number))
            return [(step, name, value) for step, name, value in found]

    def weights(self, run_id: str, kind: Checkpoint = "last") -> tuple[int, Arrays] | None:
        """Return a checkpoint as (step, tensors by name): initial, last, or the last good one before a NaN; or None."""
        query = select(checkpoints.c.step, checkpoints.c.weights)
        with self._database.reading() as connection:
            found = connection.execute(
                query.where(checkpoints.c.run_id == run_id, checkpoints.c.kind == kind)
            ).one_or_none()
        return None if found is None else (found.step, load(found.weights))

    def delete_run(self, run_id: str) -> None:
        """Delete a run and all that was recorded of it; it is no error if there is none."""
        with self._database.writing() as connection:
            _delete(connection, [run_id])

    def mark_interrupted(self) -> None:
        """Call every live run interrupted, and delete those that had not begun; for the start of a server."""
        with self._database.writing() as connection:
            never_begun = select(runs.c.id).where(runs.c.state == "ready", runs.c.step == 0)
            _delete(connection, list(connection.scalars(never_begun)))
            live = update(runs).where(runs.c.state.in_(LIVE_STATES))
            connection.execute(live.values(state="interrupted", message=f"Interrupted: {STATES['interrupted']}."))

    def close(self) -> None:
        """Close all connections."""
        self._database.close()


def _values(run: Run) -> dict[str, Any]:
    return {f.name: getattr(run, f.name) for f in fields(Run)}


def _run(row: Row[Any]) -> Run:
    return Run(**row._mapping)


def _set_state(connection: Connection, run_id: str, state: State, step: int, message: str) -> None:
    values = {"state": state, "step": step, "message": message, "updated": time.time()}
    if connection.execute(update(runs).where(runs.c.id == run_id).values(values)).rowcount == 0:
        raise RunNotFound(f"There is no run {run_id!r} any more: it was deleted.")


def _append(connection: Connection, run_id: str, batch: Batch) -> None:
    if batch.void:
        for table in OF_A_RUN:
            connection.execute(delete(table).where(table.c.run_id == run_id))
    if batch.opening is not None:
        connection.execute(update(runs).where(runs.c.id == run_id).values(opening=batch.opening))
    for table, steps in ((frames, batch.gone_frames), (scalars, batch.gone_rows)):
        for some in _portions(steps):
            connection.execute(delete(table).where(table.c.run_id == run_id, table.c.step.in_(some)))
    kinds = list(batch.checkpoints)
    connection.execute(delete(checkpoints).where(checkpoints.c.run_id == run_id, checkpoints.c.kind.in_(kinds)))
    _insert(connection, frames, [{"run_id": run_id, "step": s, "payload": p} for s, p in batch.frames.items()])
    _insert(connection, scalars, [{"run_id": run_id, "step": s, "row": r} for s, r in batch.rows.items()])
    _insert(
        connection,
        checkpoints,
        [{"run_id": run_id, "kind": k, "step": s, "weights": w} for k, (s, w) in batch.checkpoints.items()],
    )
    _insert(
        connection,
        events,
        [{"run_id": run_id, "number": n, "step": s, "name": k, "value": v} for n, s, k, v in batch.events],
    )


def _insert(connection: Connection, table: Any, values: list[dict[str, Any]]) -> None:
    if values:
        connection.execute(insert(table), values)


def _portions(steps: list[int], size: int = 500) -> Iterable[list[int]]:
    return (steps[i : i + size] for i in range(0, len(steps), size))


def _delete(connection: Connection, run_ids: list[str]) -> None:
    for run_id in run_ids:
        for table in OF_A_RUN:
            connection.execute(delete(table).where(table.c.run_id == run_id))
        connection.execute(delete(runs).where(runs.c.id == run_id))
