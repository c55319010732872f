"""The work of opening, done in a process of its own with limits: no file of vectors is read in the server itself."""

import os
import shutil
import signal
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engine.errors import DataError
from engine.jobs import Limits, Order, Progress
from engine.keeping import LEAVE_FREE, drafts, size_in_words
from engine.words import opening, stored, storing
from engine.words.formats.telling import open_stream

PRELOAD = ("engine.words.reading", "pyarrow.csv", "scipy.sparse", "faiss")
LIMITS = Limits(memory=900 * 2**20, seconds=4 * 3600, file_bytes=64 * 2**30)
"""Of the process of an order; memory stays flat however large a file is, but for its words."""
ENVIRONMENT = {"ARROW_DEFAULT_MEMORY_POOL": "system", "MALLOC_ARENA_MAX": "4"}
"""Arrow's own pool takes hold of a gigabyte before it needs one."""
PATIENCE_SECONDS = 20
"""So much computing without progress, and a file is given up."""
OWN_SECONDS = 600
"""So much for what is made of a file that was read to its end."""
UPLOAD_SECONDS, UPLOAD_ROOM = 300, 2**30
MEGABYTES_NAMED_BY = "LEARNSCOPE_WORDS_MB"

Told = Mapping[str, Any]


class Stuck(BaseException):
    """A file takes too long; no reader is to catch it by the way."""


def order(
    path: Path, name: str, folder: Path, limit: int | None, *, uploaded: bool = False, exactly: bool = False
) -> Order:
    """Return the order to open a file, called ``name`` in messages, as the space in ``folder``.

    With ``exactly`` it has to lie at ``path`` itself, once its turn has come: no link leads elsewhere meanwhile.
    """
    return Order.of(
        "engine.words.reading:open_file",
        path=str(path),
        name=name,
        folder=str(folder.absolute()),
        limit=limit,
        uploaded=uploaded,
        exactly=exactly,
    )


def open_file(arguments: Mapping[str, Any]) -> Generator[Progress, None, Told]:
    """Read a file of vectors and keep its space; see ``order``.

    The result tells the ``rows``, ``dimensions`` and ``kind``. Where there is no room for all of it, nothing is read
    and the result tells in ``words`` why, and as ``offer`` how many of its first rows would fit. Raises DataError.
    """
    folder, name = Path(arguments["folder"]), arguments["name"]
    kept = opening.opened(folder)
    record = kept.provenance if kept else None
    if record is None:
        drafts.tidy(folder.parent)
        room = min(room_at(folder.parent), UPLOAD_ROOM if arguments["uploaded"] else LIMITS.file_bytes or 0)
        stream = open_stream(Path(arguments["path"]), name, exactly=arguments.get("exactly", False))
        try:
            reading = storing.write_folder(stream, folder, arguments["limit"], room)
            record = yield from watched(reading, name, UPLOAD_SECONDS if arguments["uploaded"] else None)
        except storing.TooLarge as error:
            return {"offer": error.offer, "words": str(error)}
    return {"rows": record.rows, "dimensions": record.dimensions, "kind": record.kind}


def watched(
    reading: Generator[storing.Read, None, stored.Provenance], name: str, seconds: float | None
) -> Generator[Progress, None, stored.Provenance]:
    """Yield the progress of a reading, return its record; raises DataError where it stands still or takes too long."""
    began = time.process_time()
    try:
        with _patience() as renew:
            while True:
                try:
                    read = next(reading)
                except StopIteration as end:
                    return end.value
                renew(OWN_SECONDS if read.bytes >= read.size else PATIENCE_SECONDS)
                if seconds is not None and time.process_time() - began > seconds:
                    raise DataError(f"{name} takes more than {seconds:,.0f} seconds to be read: make it smaller.")
                yield _progress(read)
    except Stuck:
        raise DataError(
            f"{name} was given up: no row of it could be read in {PATIENCE_SECONDS} seconds of computing."
        ) from None
    finally:
        reading.close()


def room_at(home: Path) -> int:
    """Return how many bytes a space may take: half of the memory, what the disk has left, or what is set."""
    named = os.environ.get(MEGABYTES_NAMED_BY, "")
    if named.isascii() and named.isdigit() and int(named):
        return int(named) << 20
    home.mkdir(parents=True, exist_ok=True)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(0, min(memory // 2, shutil.disk_usage(home).free - LEAVE_FREE))


def _progress(read: storing.Read) -> Progress:
    share = min(1.0, read.bytes / read.size) if read.size else None
    return Progress(share, f"{size_in_words(read.bytes)} of {size_in_words(read.size)} read, {read.rows:,} rows")


@contextmanager
def _patience() -> Generator[Any]:
    """Raise Stuck in this thread once there was no ``renew`` for some seconds of computing; end what ignores it."""

    def give_up(*_: object) -> None:
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, PATIENCE_SECONDS / 4)
        raise Stuck

    def renew(seconds: float) -> None:
        signal.setitimer(signal.ITIMER_PROF, seconds)

    before = signal.signal(signal.SIGPROF, give_up)
    renew(PATIENCE_SECONDS)
    try:
        yield renew
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
