"""Files as people name them, on the command line or in a call."""

import os
from pathlib import Path

from engine.errors import DataError

MOST_SHOWN = 60


def expanded(path: str | os.PathLike[str]) -> Path:
    """Return a path whose ``~`` is written out; where nobody is of that name it stays, as in a shell."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)


def file_of(path: str | os.PathLike[str], expected: str) -> Path:
    """Return the file of a path; raises DataError, which says what was ``expected``, where there is none."""
    file = expanded(path)
    try:
        found = file.is_file()
    except OSError as error:  # as where a folder may not be looked into, or a name is longer than any
        raise DataError(f"{shown(file)} cannot be read: {error.strerror}.") from None
    if not found:
        raise DataError(f"{shown(file)} is no file: expected {expected}.")
    return file


def shown(path: Path) -> str:
    """Return the name of a file for a message."""
    name = path.name or str(path)
    return name if len(name) <= MOST_SHOWN else f"{name[:MOST_SHOWN]}…"
