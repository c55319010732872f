"""The run store: what outlives a worker and the server. Specs, frames, scalars, checkpoints and events of all runs.

SQLAlchemy Core on SQLite in WAL mode, or any database by URL; only SQLite is tested. One server per database: at its
start it takes every run that is called live for one that an earlier server left behind.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Self

from safetensors.numpy import load
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)

from engine.errors import RunNotFound
from engine.readings import Arrays
from engine.runs.run import LIVE_STATES, STATES, Run, State
from engine.runs.schema import OF_A_RUN, Database, checkpoints, default_url, events, frames, runs, scalars

RUN_COLUMNS = tuple(runs.c[f.name] for f in fields(Run))
SCALARS_OF_ALL_LABS = 4
"""Every row begins with loss, val_loss, score, val_score (see ``Experiment.scalars``)."""


@dataclass(slots=True)
class Batch:
    """What a worker writes in one transaction. ``void`` deletes first what was recorded before."""

    frames: dict[int, bytes] = field(default_factory=dict)
    rows: dict[int, bytes] = field(default_factory=dict)
    gone_frames: list[int] = field(default_factory=list)
    gone_rows: list[int] = field(default_factory=list)
    checkpoints: dict[int, bytes] = field(default_factory=dict)
    gone_checkpoints: list[int] = field(default_factory=list)
    events: list[tuple[int, int, str, str]] = field(default_factory=list)  # number, step, name, value
    opening: bytes | None = None
    void: bool = False


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded of a run, by steps in order: messages as they were sent, rows of scalars, and what was changed.

    ``again`` are the steps whose frame took the place of an earlier one.
    """

    opening: bytes | None
    frames: dict[int, bytes]
    rows: dict[int, bytes]
    changes: tuple[tuple[int, str, str], ...] = ()
    again: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Kept:
    """The steps that were recorded of a run, in order; frames and checkpoints as (step, bytes); how many events."""

    frames: list[tuple[int, int]]
    rows: list[int]
    checkpoints: list[tuple[int, int]]
    events: int


class Store:
    """All runs in one database; safe to use from several threads. Every method raises StoreError with a sentence.

    A run that was put away (``Run.deleted``) is not found by ``get_run`` and not listed, as if it were gone.
    """

    def __init__(self, url: str | None = None, *, patience: float = 2.0) -> None:
        self.url = url or default_url()
        self._database = Database(self.url, patience)
        self._database.prepare()

    @classmethod
    def prepared(cls, url: str, *, patience: float) -> Self:
        """Return the store of a database that another process has prepared, without looking.

        It keeps nothing of the file in memory: who only ever writes would not notice from that that it is damaged.
        """
        store = cls.__new__(cls)
        store.url = url
        store._database = Database(url, patience, keeps=False)
        return store

    @property
    def database(self) -> Database:
        """Return the database, for those who keep other things in it."""
        return self._database

    def create_run(self, run: Run) -> None:
        """Write a new run."""
        with self._database.writing() as connection:
            connection.execute(insert(runs).values(_values(run)))

    def get_run(self, run_id: str) -> Run:
        """Return a run as it was written last; raises RunNotFound."""
        with self._database.reading() as connection:
            query = select(*RUN_COLUMNS).where(runs.c.id == run_id, runs.c.deleted.is_(None))
            found = connection.execute(query).one_or_none()
        if found is None:
            raise RunNotFound(f"There is no run {run_id!r}: it was deleted, or it was never made here.")
        return run_of(found)

    def list_runs(self, owner: str | None = None, *, limit: int = 100) -> list[Run]:
        """Return the newest runs, of one owner or of all, newest first."""
        there = select(*RUN_COLUMNS).where(runs.c.deleted.is_(None))
        query = there.order_by(runs.c.created.desc(), runs.c.id).limit(limit)
        with self._database.reading() as connection:
            found = connection.execute(query if owner is None else query.where(runs.c.owner == owner)).all()
        return [run_of(row) for row in found]

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

    def heads(self, run_id: str) -> list[tuple[int, bytes]]:
        """Return the recorded scalars that every lab has as (step, bytes of (4,) float64) in order."""
        head = func.substr(scalars.c.row, 1, 8 * SCALARS_OF_ALL_LABS)
        query = select(scalars.c.step, head).where(scalars.c.run_id == run_id).order_by(scalars.c.step)
        with self._database.reading() as connection:
            return [(step, row) for step, row in connection.execute(query)]

    def events(self, run_id: str) -> list[tuple[int, str, str]]:
        """Return what was changed while the run went on as (step, name, value), oldest first."""
        with self._database.reading() as connection:
            return _events(connection, run_id)

    def checkpoint(self, run_id: str, step: int) -> tuple[int, Arrays] | None:
        """Return the checkpoint at ``step`` or nearest before it as (step, arrays by name); None if there is none."""
        query = select(checkpoints.c.step, checkpoints.c.state).order_by(checkpoints.c.step.desc()).limit(1)
        with self._database.reading() as connection:
            found = connection.execute(
                query.where(checkpoints.c.run_id == run_id, checkpoints.c.step <= step)
            ).one_or_none()
        return None if found is None else (found.step, load(found.state))

    def recorded(self, run_id: str) -> Recorded:
        """Return all that was recorded of a run."""
        with self._database.reading() as connection:
            return Recorded(
                connection.scalar(select(runs.c.opening).where(runs.c.id == run_id)),
                _by_step(connection.execute(_of_run(frames, frames.c.payload, run_id))),
                _by_step(connection.execute(_of_run(scalars, scalars.c.row, run_id))),
                tuple(_events(connection, run_id)),
            )

    def kept(self, run_id: str) -> Kept:
        """Return which steps of a run are recorded, and how large they are."""
        with self._database.reading() as connection:
            return Kept(
                list(_by_step(connection.execute(_of_run(frames, _size(frames.c.payload), run_id))).items()),
                list(connection.scalars(_of_run(scalars, None, run_id))),
                list(_by_step(connection.execute(_of_run(checkpoints, _size(checkpoints.c.state), run_id))).items()),
                connection.scalar(select(func.max(events.c.number)).where(events.c.run_id == run_id)) or 0,
            )

    def complete(self, run: Run, recorded: Recorded, *, create: bool = True) -> None:
        """Write the state of a run, and of what was ``recorded`` all that its worker could not write any more.

        Without ``create`` raises RunNotFound where there is no such run.
        """
        with self._database.writing() as connection:
            if create and connection.scalar(select(runs.c.id).where(runs.c.id == run.id)) is None:
                connection.execute(insert(runs).values(_values(run)))
            batch = Batch(opening=recorded.opening, void=_is_of_before_a_reset(connection, run.id, recorded))
            have = {table: set(connection.scalars(_of_run(table, None, run.id))) for table in (frames, scalars)}
            there = _events(connection, run.id)
            if batch.void or tuple(there) != tuple(recorded.changes[: len(there)]):
                have = {frames: set(), scalars: set()} if batch.void else have
                there = []
                connection.execute(delete(events).where(events.c.run_id == run.id))
            anew = {table: have[table] & recorded.again for table in have}
            batch.frames = {s: p for s, p in recorded.frames.items() if s in anew[frames] or s not in have[frames]}
            batch.rows = {s: row for s, row in recorded.rows.items() if s in anew[scalars] or s not in have[scalars]}
            batch.gone_frames, batch.gone_rows = sorted(anew[frames]), sorted(anew[scalars])
            batch.events = _missing(connection, run.id, recorded.changes, len(there))
            _set_state(connection, run.id, run.state, run.step, run.message)
            _append(connection, run.id, batch)

    def hold_changes_to(self, run_id: str, last: int) -> None:
        """Have the settings that were changed after step ``last`` be changed there: the last that is known of a run
        that crashed, and from which it goes on.
        """
        later = (events.c.run_id == run_id) & (events.c.step > last)
        with self._database.reading() as connection:
            if connection.scalar(select(func.count()).where(later)) == 0:
                return
        with self._database.writing() as connection:
            connection.execute(update(events).where(later).values(step=last))

    def branch(self, child: Run, opening: bytes) -> None:
        """Write a new run that has all that was recorded of ``child.parent`` until ``child.parent_step``."""
        with self._database.writing() as connection:
            connection.execute(insert(runs).values(_values(child) | {"opening": opening}))
            for table in OF_A_RUN:
                rest = [column for column in table.c if column.name != "run_id"]
                copied = select(literal(child.id), *rest).where(
                    table.c.run_id == child.parent, table.c.step <= child.parent_step
                )
                connection.execute(insert(table).from_select(["run_id", *(c.name for c in rest)], copied))

    def delete_run(self, run_id: str) -> None:
        """Delete a run and all that was recorded of it; it is no error if there is none."""
        with self._database.writing() as connection:
            delete_runs(connection, [run_id])

    def mark_interrupted(self) -> None:
        """Call every live run interrupted, and delete those that had not begun; for the start of a server."""
        with self._database.writing() as connection:
            never_begun = select(runs.c.id).where(runs.c.state == "ready", runs.c.step == 0)
            delete_runs(connection, list(connection.scalars(never_begun)))
            live = update(runs).where(runs.c.state.in_(LIVE_STATES))
            connection.execute(live.values(state="interrupted", message=f"Interrupted: {STATES['interrupted']}."))

    def close(self) -> None:
        """Close all connections."""
        self._database.close()


def _values(run: Run) -> dict[str, Any]:
    return {f.name: getattr(run, f.name) for f in fields(Run)}


def run_of(row: Row[Any]) -> Run:
    """Return the run of a row of ``RUN_COLUMNS``."""
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
    gone = ((frames, batch.gone_frames), (scalars, batch.gone_rows), (checkpoints, batch.gone_checkpoints))
    for table, steps in gone:
        for some in _portions(steps):
            connection.execute(delete(table).where(table.c.run_id == run_id, table.c.step.in_(some)))
    _insert(connection, frames, [{"run_id": run_id, "step": s, "payload": p} for s, p in batch.frames.items()])
    _insert(connection, scalars, [{"run_id": run_id, "step": s, "row": r} for s, r in batch.rows.items()])
    _insert(connection, checkpoints, [{"run_id": run_id, "step": s, "state": b} for s, b in batch.checkpoints.items()])
    _insert(
        connection,
        events,
        [{"run_id": run_id, "number": n, "step": s, "name": k, "value": v} for n, s, k, v in batch.events],
    )


def _is_of_before_a_reset(connection: Connection, run_id: str, recorded: Recorded) -> bool:
    """Tell whether what is in the store was voided by a reset that its worker could not write any more.

    No two frames are the same, for each has its time in it: another one at the first step is another pass's.
    """
    first = min(recorded.frames, default=None)
    if first is None:
        return False
    there = connection.scalar(select(frames.c.payload).where(frames.c.run_id == run_id, frames.c.step == first))
    return there is not None and there != recorded.frames[first]


def _events(connection: Connection, run_id: str) -> list[tuple[int, str, str]]:
    query = select(events.c.step, events.c.name, events.c.value).where(events.c.run_id == run_id)
    return [(step, name, value) for step, name, value in connection.execute(query.order_by(events.c.number))]


def _missing(
    connection: Connection, run_id: str, changes: Sequence[tuple[int, str, str]], count: int
) -> list[tuple[int, int, str, str]]:
    """Return those of all ``changes`` of a run that come after the first ``count``, which are written, with numbers."""
    last = connection.scalar(select(func.max(events.c.number)).where(events.c.run_id == run_id)) or 0
    return [(number, *change) for number, change in enumerate(changes[count:], last + 1)]


def _of_run(table: Table, value: ColumnElement[Any] | None, run_id: str) -> Select[Any]:
    """Return the query for the steps of a run in order, each with ``value`` where there is one."""
    columns = (table.c.step,) if value is None else (table.c.step, value)
    return select(*columns).where(table.c.run_id == run_id).order_by(table.c.step)


def _size(column: Column[bytes]) -> ColumnElement[int]:
    return func.length(column)


def _by_step(rows: Iterable[Any]) -> dict[int, Any]:
    return {row[0]: row[1] for row in rows}


def _insert(connection: Connection, table: Any, values: list[dict[str, Any]]) -> None:
    if values:
        connection.execute(insert(table), values)


def _portions(steps: list[int], size: int = 500) -> Iterable[list[int]]:
    return (steps[i : i + size] for i in range(0, len(steps), size))


def delete_runs(connection: Connection, run_ids: Iterable[str]) -> None:
    """Delete runs and all that was recorded of them; it is no error if there are none."""
    for run_id in run_ids:
        for table in OF_A_RUN:
            connection.execute(delete(table).where(table.c.run_id == run_id))
        connection.execute(delete(runs).where(runs.c.id == run_id))
