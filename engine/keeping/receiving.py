"""How a file that somebody brings is written: piece by piece, within limits; and what stands for a person beside it."""

import hashlib
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from engine.errors import DataError
from engine.keeping import LEAVE_FREE

LOOK_BYTES = 8 * 2**20
"""After so many it is seen again whether the disk has room."""


@dataclass(frozen=True, slots=True)
class Room:
    """How many bytes a file may have: at ``most``, and with the ``used`` ones no more than ``theirs``, its owner's."""

    most: int
    theirs: int
    used: int = 0

    def check(self, shown: str, size: int) -> None:
        """Raise DataError if ``size`` bytes are too many for the file that is ``shown`` as that."""
        left = self.theirs - self.used
        if size > min(self.most, left):
            why = f"at most {self.most >> 20} MB" if self.most <= left else f"{self.theirs >> 20} MB a person"
            raise DataError(f"{shown} is too large: expected {why}, and this is more.")


def write(path: Path, chunks: Iterable[bytes], shown: str, room: Room, expected: str) -> tuple[int, str]:
    """Write a file; return its size and the SHA-256 of its bytes, in hexadecimal digits.

    Raises DataError if it is too large, or empty, where such was ``expected``, or where the disk is nearly full.
    """
    size = looked = 0
    digest = hashlib.sha256()
    _check_disk(shown, path.parent)
    with path.open("wb") as file:
        for chunk in chunks:
            size += len(chunk)
            room.check(shown, size)
            file.write(chunk)
            digest.update(chunk)
            if size - looked >= LOOK_BYTES:
                looked = size
                _check_disk(shown, path.parent)
    if not size:
        raise DataError(f"{shown} is empty: expected {expected}.")
    return size, digest.hexdigest()


def hidden(owner: str) -> str:
    """Return what stands for a person in a file: it is of no use to whoever reads it."""
    return hashlib.sha256(owner.encode()).hexdigest()


def _check_disk(shown: str, folder: Path) -> None:
    """Leave room for what others do here: a full disk would end their runs."""
    if shutil.disk_usage(folder).free < LEAVE_FREE:
        raise DataError(f"{shown} was not kept: the server's disk is nearly full.")
