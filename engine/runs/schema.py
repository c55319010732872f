"""The tables of the run store, and how a database is opened; knows SQL, and nothing of runs.

What it raises is for anybody: no path, no URL, no SQL. The log has those.
"""

import logging
import os
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Float,
    Index,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    insert,
    inspect,
    select,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from engine.errors import StoreError, StoreReplaced

VERSION = 4
LOG_SECONDS = 60.0
TOLD_SECONDS = 3.0
"""For so long everybody is told that a database is another than before, and nothing is done in it."""
SPARE_PAGES = 4_000
"""Of 4 kB each, that are left free in an SQLite file: runs that go on write new frames where old ones were."""
RECLAIMED_PAGES = 20_000
"""At most at once: whoever wants to write waits for so long."""

log = logging.getLogger("learnscope.store")

metadata = MetaData()

meta = Table("meta", metadata, Column("name", String(32), primary_key=True), Column("value", Text, nullable=False))

runs = Table(
    "runs",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("lab", String(64), nullable=False),
    Column("spec", Text, nullable=False),
    Column("owner", String(128), nullable=False),
    Column("state", String(16), nullable=False),
    Column("step", BigInteger, nullable=False),
    Column("message", Text, nullable=False),
    Column("created", Float(53), nullable=False),
    Column("updated", Float(53), nullable=False),
    Column("parent", String(64), nullable=False),
    Column("parent_step", BigInteger, nullable=False),
    Column("name", String(80), nullable=False),
    Column("deleted", Float(53)),
    Column("class_code", String(64), nullable=False),
    Column("beside", String(64), nullable=False),
    Column("opening", LargeBinary),
    Index("runs_by_owner", "owner", "created"),
    Index("runs_by_class", "class_code", "updated"),
    Index("runs_by_deletion", "deleted"),
)

# Who sits in which class, and by which name the class knows them.
seats = Table(
    "seats",
    metadata,
    Column("class_code", String(64), primary_key=True),
    Column("owner", String(128), primary_key=True),
    Column("student", String(80), nullable=False),
    Column("taken", Float(53), nullable=False),
)

frames = Table(
    "frames",
    metadata,
    Column("run_id", String(64), primary_key=True),
    Column("step", BigInteger, primary_key=True, autoincrement=False),
    Column("payload", LargeBinary, nullable=False),
)

# A row is the bytes of (columns,) float64: SQLite would turn a NaN in a column of numbers into NULL.
scalars = Table(
    "scalars",
    metadata,
    Column("run_id", String(64), primary_key=True),
    Column("step", BigInteger, primary_key=True, autoincrement=False),
    Column("row", LargeBinary, nullable=False),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("run_id", String(64), primary_key=True),
    Column("step", BigInteger, primary_key=True, autoincrement=False),
    Column("state", LargeBinary, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("run_id", String(64), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("step", BigInteger, nullable=False),
    Column("name", String(64), nullable=False),
    Column("value", Text, nullable=False),
)

OF_A_RUN = (frames, scalars, checkpoints, events)


def default_url(environ: Mapping[str, str] = os.environ) -> str:
    """Return the database that the environment names: LEARNSCOPE_DATABASE_URL, or a file below LEARNSCOPE_HOME."""
    home = Path(environ.get("LEARNSCOPE_HOME") or ".learnscope").absolute()
    return environ.get("LEARNSCOPE_DATABASE_URL") or f"sqlite:///{home / 'learnscope.db'}"


class Database:
    """One database by its URL. Make it after a fork, never before: connections do not survive one.

    ``patience`` is how many seconds an SQLite file locked by another process is waited for; ``keeps`` tells whether its
    connections keep in memory what they have read.
    """

    def __init__(self, url: str, patience: float, *, keeps: bool = True) -> None:
        with _told(_without_password(url)):
            self._engine = _engine(url, patience, keeps)
        self._name = _without_password(url)
        self._path = _path(self._engine)
        self._file = _identity(self._path)
        self._replaced = ("", float("-inf"))

    def prepare(self) -> bool:
        """Make the tables where there are none, and tell whether there were none.

        Raises StoreError if the database is of another Learnscope.
        """
        with _told(self._name):
            is_new = not inspect(self._engine).has_table(meta.name)
            self._file = _identity(self._path)
            if is_new:
                with self.writing() as connection:
                    metadata.create_all(connection)
                    if connection.scalar(_VERSION) is None:
                        connection.execute(insert(meta).values(name="version", value=str(VERSION)))
            with self.reading() as connection:
                found = connection.scalar(_VERSION)
        if found != str(VERSION):
            sentence = (
                "The database of runs was written by another Learnscope: "
                f"expected its version to be {VERSION}, found {found}."
            )
            _log(self._name, sentence, "nothing in it was changed")
            raise StoreError(sentence)
        return is_new

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the database; raises StoreError."""
        self._look_for_another()
        with _told(self._name), self._engine.connect().execution_options(learnscope_reads=True) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection in a transaction: all is written, or nothing; raises StoreError."""
        self._look_for_another()
        with _told(self._name), self._engine.begin() as connection:
            yield connection

    def reclaim(self) -> None:
        """Give the room of what was deleted back to the disk, but for a little that is soon needed again.

        An SQLite file would only ever grow; other databases see to it by themselves. Raises StoreError.
        """
        if self._engine.dialect.name != "sqlite":
            return
        with self.reading() as connection:
            spare = connection.exec_driver_sql("PRAGMA freelist_count").scalar_one() - SPARE_PAGES
        if spare > 0:
            with _told(self._name), closing(self._engine.raw_connection()) as raw:
                # The pragma frees a page at each step, and only this method walks them all.
                cursor: Any = raw.cursor()
                cursor.executescript(f"PRAGMA incremental_vacuum({min(spare, RECLAIMED_PAGES)})")

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _look_for_another(self) -> None:
        """Raise StoreReplaced, for some seconds, if the file is not the one that was opened: SQLite would write into
        the one that is gone, and say nothing. Then the one in its place is used, and made if need be.
        """
        before, found = self._file, _identity(self._path)
        if self._path is None:
            return
        if found is None or found != before:
            self._engine.dispose()
            self._replaced = ("", float("-inf"))
            try:
                is_new = self.prepare()
            except StoreError:
                self._file = before  # it is looked for again
                raise
            if before is not None:
                self._replaced = (_MADE_ANEW if is_new else _REPLACED, time.monotonic() + TOLD_SECONDS)
                _log(self._name, self._replaced[0], "its file is another than before")
                raise StoreReplaced(self._replaced[0])
        said, until = self._replaced
        if time.monotonic() < until:  # whoever comes first, as something in the background, is not the only one told
            raise StoreReplaced(said)


_VERSION = select(meta.c.value).where(meta.c.name == "version")

_SENTENCES = {
    "locked": "The database of runs is busy, or locked by another program: nothing can be recorded for now.",
    "readonly": "The database of runs is read-only: nothing can be recorded.",
    "full": "The disk with the database of runs is full: nothing can be recorded.",
    "malformed": "The database of runs is damaged: when its administrator moves the file away, a new one is made.",
    "no such table": "The database of runs has been deleted or replaced: the server has to be started anew.",
    "unable to open": "The file of the database of runs cannot be opened: its folder is away, or closed to us.",
    "disk I/O error": "The database of runs cannot be written: its disk is full, away or broken.",
    "not a database": "The file of runs is no database: when its administrator moves it away, a new one is made.",
}
_MADE_ANEW = (
    "The database of runs was deleted or moved away, and what was in it is gone from here: "
    "a new one was made, and what goes on is recorded there."
)
_REPLACED = "The database of runs was replaced by another one: what goes on is recorded there."
_UNKNOWN = "The database of runs cannot be used just now: the server's log says why."

_logged: dict[tuple[str, str], float] = {}


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Turn what goes wrong with the database ``name`` into a StoreError; the log has what it was."""
    try:
        yield
    except DBAPIError as error:
        raise _trouble(name, str(error.orig), f"{error.orig} [{error.statement}]") from error
    except sqlite3.Error as error:
        raise _trouble(name, str(error), str(error)) from error
    except (SQLAlchemyError, ModuleNotFoundError, OSError) as error:
        _log(name, _UNKNOWN, str(error))
        raise StoreError(_UNKNOWN) from error


def _trouble(name: str, reason: str, logged: str) -> StoreError:
    sentence = next((sentence for mark, sentence in _SENTENCES.items() if mark in reason), _UNKNOWN)
    _log(name, sentence, logged)
    return StoreError(sentence)


def _log(name: str, sentence: str, reason: str) -> None:
    """Write to the log, but not the same again and again: who meets a bad database tries every second."""
    now = time.monotonic()
    if now - _logged.get((name, reason), float("-inf")) >= LOG_SECONDS:
        _logged[name, reason] = now
        log.warning("%s (%s: %s)", sentence, name, reason)


def _path(engine: Engine) -> str | None:
    """Return the file of an SQLite database that is named by its path."""
    path = engine.url.database
    return path if engine.dialect.name == "sqlite" and path and not path.startswith("file:") else None


def _identity(path: str | None) -> tuple[int, int] | None:
    """Return what tells a file from another in its place; None where there is none."""
    try:
        found = os.stat(path or "")
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _without_password(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "a URL that is none"


def _engine(url: str, patience: float, keeps: bool) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True)
    if parsed.database in (None, "", ":memory:"):
        raise StoreError("The run store needs a file: an SQLite database in memory cannot be shared with workers.")
    if not parsed.database.startswith("file:"):  # that is a URI, and no path; who writes one has a folder
        Path(parsed.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"timeout": patience})
    event.listen(engine, "connect", _set_up_sqlite)
    if not keeps:
        event.listen(engine, "connect", _keep_nothing)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # or else sqlite3 begins transactions by itself, at the wrong moment
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")  # heeded only before there is anything in the file
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")


def _keep_nothing(connection: Any, _: ConnectionPoolEntry) -> None:
    connection.execute("PRAGMA cache_size = 0")


def _begin_sqlite(connection: Connection) -> None:
    # A deferred BEGIN that comes to write while another writes fails at once; an immediate one waits its turn.
    reads = connection.get_execution_options().get("learnscope_reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
