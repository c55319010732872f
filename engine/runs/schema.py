"""The tables of the run store, and how a database is opened; knows SQL, and nothing of runs."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
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
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from engine.errors import StoreError

VERSION = 1

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
    Column("opening", LargeBinary),
    Index("runs_by_owner", "owner", "created"),
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
    Column("kind", String(16), primary_key=True),
    Column("step", BigInteger, nullable=False),
    Column("weights", LargeBinary, nullable=False),
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

    ``patience`` is how many seconds an SQLite file locked by another process is waited for.
    """

    def __init__(self, url: str, patience: float) -> None:
        with self._told(url):
            self._engine = _engine(url, patience)
        self.url = self._engine.url.render_as_string(hide_password=True)

    def prepare(self) -> None:
        """Make the tables where there are none; raises StoreError if the database is of a newer Learnscope."""
        with self._told(self.url):
            if not inspect(self._engine).has_table(meta.name):
                with self.writing() as connection:
                    metadata.create_all(connection)
                    if connection.scalar(_VERSION) is None:
                        connection.execute(insert(meta).values(name="version", value=str(VERSION)))
            with self.reading() as connection:
                found = connection.scalar(_VERSION)
        if found != str(VERSION):
            raise StoreError(
                f"The database {self.url} was written by another Learnscope: "
                f"expected its version to be {VERSION}, found {found}."
            )

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the database; raises StoreError."""
        with self._told(self.url), self._engine.connect().execution_options(learnscope_reads=True) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection in a transaction: all is written, or nothing; raises StoreError."""
        with self._told(self.url), self._engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @contextmanager
    def _told(self, url: str) -> Iterator[None]:
        try:
            yield
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
            raise StoreError(f"The database URL cannot be used: {error}.") from None
        except (SQLAlchemyError, OSError) as error:
            raise StoreError(_sentence(url, error)) from error


_VERSION = select(meta.c.value).where(meta.c.name == "version")

_SENTENCES = {
    "locked": "The database {url} is locked by another program: nothing could be written for now.",
    "readonly": "The database {url} is read-only: runs go on, and cannot be recorded.",
    "full": "The disk with the database {url} is full: runs go on, and cannot be recorded.",
    "malformed": "The database {url} is damaged: move the file away, and a new one is made at the next start.",
    "not a database": "The file of {url} is no database: move it away, and a new one is made at the next start.",
}


def _sentence(url: str, error: Exception) -> str:
    reason = str(error.orig if isinstance(error, DBAPIError) else error)
    known = next((sentence for mark, sentence in _SENTENCES.items() if mark in reason), None)
    return known.format(url=url) if known else f"The database {url} cannot be used: {reason}."


def _engine(url: str, patience: float) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True)
    if parsed.database in (None, "", ":memory:"):
        raise StoreError("The run store needs a file: an SQLite database in memory cannot be shared with workers.")
    Path(parsed.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"timeout": patience})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # or else sqlite3 begins transactions by itself, at the wrong moment
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")


def _begin_sqlite(connection: Connection) -> None:
    # A deferred BEGIN that comes to write while another writes fails at once; an immediate one waits its turn.
    reads = connection.get_execution_options().get("learnscope_reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
