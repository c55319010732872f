"""Files that somebody brings together: a set, which is written piece by piece, and found again by its parts.

In a set's folder its files are called ``0``, ``1``, ...: a name given by a person is kept as text for messages, and is
never part of a path.
"""

import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine import quarantine
from engine.errors import DataError
from engine.keeping.receiving import Room, write

GLANCE_BYTES = 2**16


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a set: its ``name`` fit for a message, where it lies, its size, the SHA-256 of its bytes, if known.

    With ``exactly`` no link may lead elsewhere meanwhile.
    """

    name: str
    path: Path
    size: int
    sha256: str = ""
    exactly: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """A set that somebody has brought: its ``id``, its ``folder``, its ``parts``."""

    id: str
    folder: Path
    parts: tuple[Part, ...]

    @property
    def name(self) -> str:
        """Return the names of its files, or of the first where these are many."""
        first, *rest = (part.name for part in self.parts)
        return " and ".join([first, *rest]) if len(rest) < 2 else f"{first} and {len(rest)} other files"

    @property
    def size(self) -> int:
        """Return the bytes of all its files."""
        return sum(part.size for part in self.parts)


def read(folder: Path, about: Any) -> Kept | None:
    """Return the set in a folder; None where one of its files is missing. Raises KeyError, TypeError, ValueError."""
    parts = tuple(
        Part(str(one["name"]), folder / str(number), int(one["size"]), str(one["sha256"]))
        for number, one in enumerate(about["parts"])
    )
    whole = parts and all(part.path.is_file() for part in parts)
    return Kept(folder.name, folder, parts) if whole else None


def about(parts: Sequence[Part]) -> Mapping[str, Any]:
    """Return what is to be known about a set, which ``read`` takes."""
    return {"parts": [{"name": part.name, "size": part.size, "sha256": part.sha256} for part in parts]}


def written(
    draft: Path,
    chunks: Iterable[bytes],
    names: Sequence[str],
    sizes: Sequence[int],
    room: Room,
    expected: str,
    glance: str,
) -> Iterator[Part]:
    """Write the files of a set and yield each. They come one behind the other, of so many bytes each (``sizes``);
    without these it is one.

    Each is looked at in quarantine by ``glance``: its beginning, its name, its size. Raises DataError, also where one
    is empty, and such was ``expected``.
    """
    coming, used = _Coming(chunks), room.used
    for number, name in enumerate(names[: len(sizes) or 1]):
        limit = sizes[number] if sizes else None
        path = draft / str(number)
        left = Room(min(room.most, room.most + room.used - used), room.theirs, used)
        size, digest = write(path, coming.next(limit), name, left, expected)
        if limit is not None and size < limit:
            raise DataError(f"{name} is cut: expected {limit:,} bytes, received {size:,}.")
        used += size
        with path.open("rb") as file:
            quarantine.read(glance, file.read(GLANCE_BYTES), name, str(size))
        yield Part(name, path, size, digest)
    for more in coming.next(None):
        if more:
            raise DataError(f"{names[-1]} is longer than was told: it was not kept.")


def read_bytes(part: Part, most: int, things: str = "images") -> bytes:
    """Return the bytes of a file of ``things``; raises DataError where it is gone, is more than ``most``, or no plain
    file.
    """
    try:
        descriptor = os.open(part.path, os.O_RDONLY | (os.O_NOFOLLOW | os.O_NONBLOCK if part.exactly else 0))
        with open(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise DataError(f"{part.name} is no plain file any more.")
            data = file.read(most + 1)
    except OSError:
        raise DataError(f"{part.name} cannot be read: choose other {things}.") from None
    if len(data) > most:
        raise DataError(f"{part.name} is too large: expected at most {most >> 20} MB, and this is more.")
    return data


class _Coming:
    """Bytes that come piece by piece, of which so many are taken at a time."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks, self._left = iter(chunks), b""

    def next(self, size: int | None) -> Iterator[bytes]:
        """Yield the next ``size`` bytes, or all."""
        taken = 0
        while size is None or taken < size:
            piece = self._left or next(self._chunks, b"")
            if not piece:
                return
            now = len(piece) if size is None else min(len(piece), size - taken)
            self._left = piece[now:]
            taken += now
            yield piece[:now]
