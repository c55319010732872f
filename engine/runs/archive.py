"""What the store knows of runs beyond their recordings: their names, whether they were put away, and what may go.

A run that is put away is as good as gone, and can be taken back until it is purged.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, func, select, update

from engine.errors import RunNotFound
from engine.runs.run import LIVE_STATES, Run
from engine.runs.schema import runs
from engine.runs.store import RUN_COLUMNS, Store, delete_runs, run_of


class Archive:
    """The runs of one store as their owners keep them. Every method raises StoreError with a sentence."""

    def __init__(self, store: Store) -> None:
        self._database = store.database

    def find(self, run_id: str) -> Run:
        """Return a run, also one that was put away; raises RunNotFound."""
        with self._database.reading() as connection:
            found = connection.execute(select(*RUN_COLUMNS).where(runs.c.id == run_id)).one_or_none()
        if found is None:
            raise RunNotFound("This run is no longer here: it was deleted for good.")
        return run_of(found)

    def write(self, run_id: str, **values: str | float | None) -> None:
        """Write columns of a run; raises RunNotFound."""
        with self._database.writing() as connection:
            if connection.execute(update(runs).where(runs.c.id == run_id).values(values)).rowcount == 0:
                raise RunNotFound("This run is no longer here: it was deleted for good.")

    def named(self, owner: str) -> int:
        """Return how many runs of an owner have a name."""
        query = select(func.count()).where(runs.c.owner == owner, runs.c.name != "", runs.c.deleted.is_(None))
        with self._database.reading() as connection:
            return connection.scalar(query) or 0

    def put_away(self, owner: str, since: float) -> list[Run]:
        """Return the runs that an owner has put away at ``since`` or later, the last first."""
        query = select(*RUN_COLUMNS).where(runs.c.owner == owner, runs.c.deleted >= since)
        with self._database.reading() as connection:
            return [run_of(row) for row in connection.execute(query.order_by(runs.c.deleted.desc(), runs.c.id))]

    def of_class(self, code: str, since: float, limit: int) -> list[Run]:
        """Return the runs of a class in which something was done at ``since`` or later, the newest first."""
        query = select(*RUN_COLUMNS).where(runs.c.class_code == code, runs.c.updated >= since, runs.c.deleted.is_(None))
        newest = query.order_by(runs.c.created.desc(), runs.c.id).limit(limit)
        with self._database.reading() as connection:
            return [run_of(row) for row in connection.execute(newest)]

    def purge(self, before: float) -> bool:
        """Delete for good one of the runs that were put away before ``before``; tell whether there was one.

        One at a time: who wants to write must not wait for all of them.
        """
        return self._delete_one(runs.c.deleted < before)

    def surplus(self, most: int, busy: Collection[str]) -> list[str]:
        """Return the runs that are too many where each owner has at most ``most``, the oldest of each owner.

        Those with a name neither count nor go, nor do those that go on or are ``busy``.
        """
        place = func.row_number().over(partition_by=runs.c.owner, order_by=(runs.c.created.desc(), runs.c.id))
        counted = select(runs.c.id, place.label("place")).where(
            runs.c.name == "", runs.c.deleted.is_(None), runs.c.state.not_in(LIVE_STATES)
        )
        ranked = counted.subquery()
        with self._database.reading() as connection:
            found = connection.scalars(select(ranked.c.id).where(ranked.c.place > most).order_by(ranked.c.id))
            return [run_id for run_id in found if run_id not in busy]

    def drop(self, run_id: str) -> bool:
        """Delete a run for good unless it has been named, or goes on, meanwhile; tell whether it is gone."""
        return self._delete_one((runs.c.id == run_id) & (runs.c.name == "") & runs.c.state.not_in(LIVE_STATES))

    def mentioned(self, words: Iterable[str]) -> set[str]:
        """Return those of ``words`` that the settings of any run hold, also of those that were put away."""
        with self._database.reading() as connection:
            found = {
                word: connection.scalar(select(runs.c.id).where(runs.c.spec.contains(word, autoescape=True)).limit(1))
                for word in words
            }
        return {word for word, run_id in found.items() if run_id is not None}

    def reclaim(self) -> None:
        """Give the room of what was deleted back to the disk; see ``Database.reclaim``."""
        self._database.reclaim()

    def _delete_one(self, which: ColumnElement[bool]) -> bool:
        with self._database.writing() as connection:
            run_ids = list(connection.scalars(select(runs.c.id).where(which).limit(1)))
            delete_runs(connection, run_ids)
            return bool(run_ids)
