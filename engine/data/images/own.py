"""Images that people have brought, each set in a folder named by the SHA-256 of its files, see
``engine.keeping.owned``.

A folder holds the files (``0``, ``1``, ...), and the images that were read from them (``read``). A name given by a
person is kept as text for messages and is never part of a path.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine import quarantine
from engine.data.uploads import plain_name
from engine.errors import DataError
from engine.keeping.owned import Owned
from engine.keeping.receiving import Room, write

FOLDER, READ = "images", "read"
MAX_BYTES = 200 * 2**20
"""Of a set: all of its files together."""
MOST_PARTS = 8
MOST_SETS = 10
MOST_BYTES = 400 * 2**20
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


def _read(folder: Path, about: Any) -> Kept | None:
    parts = tuple(
        Part(str(one["name"]), folder / str(number), int(one["size"]), str(one["sha256"]))
        for number, one in enumerate(about["parts"])
    )
    whole = parts and all(part.path.is_file() for part in parts)
    return Kept(folder.name, folder, parts) if whole else None


IMAGES = Owned(
    folder=FOLDER,
    many="sets",
    ids=re.compile(r"[0-9a-f]{64}"),
    read=_read,
    never="There are no images {asked} here: choose files of images.",
    gone="The images {id} are not kept on this server any more, or never were: choose their files again.",
)


def keep(
    at: Path,
    chunks: Iterable[bytes],
    name: str,
    owner: str,
    expected: int = 0,
    sizes: Sequence[int] = (),
) -> str:
    """Keep a set below the home ``at`` and return its id; ``expected`` bytes, if known.

    Its files come piece by piece, one behind the other, of so many bytes each (``sizes``); without these it is one
    file. ``name`` has their names, with a slash between them. Raises DataError if one is empty or too large, or holds
    no images for certain, if the owner has too many, or where there is no room; then nothing of it is kept.
    """
    names = [plain_name(one) for one in name.split("/")]
    shown = " and ".join(names[:MOST_PARTS])
    room = IMAGES.room(at, owner, shown, MOST_SETS, MAX_BYTES, MOST_BYTES)
    if len(sizes) > MOST_PARTS or (sizes and len(sizes) != len(names)):
        raise DataError(f"{len(sizes)} files were not kept: expected at most {MOST_PARTS}, each with its name.")
    room.check(shown, max(expected, sum(sizes)))
    with IMAGES.draft(at) as draft:
        parts = list(_written(draft, chunks, names, sizes, room))
        told = sorted(part.sha256 for part in parts)
        asked = hashlib.sha256("\n".join(told).encode()).hexdigest()
        about = {"parts": [{"name": part.name, "size": part.size, "sha256": part.sha256} for part in parts]}
        return IMAGES.taken(draft, asked, about, owner)


def _written(
    draft: Path, chunks: Iterable[bytes], names: Sequence[str], sizes: Sequence[int], room: Room
) -> Iterator[Part]:
    """Write the files of a set and yield each; raises DataError."""
    coming, used = _Coming(chunks), room.used
    for number, name in enumerate(names[: len(sizes) or 1]):
        limit = sizes[number] if sizes else None
        path = draft / str(number)
        left = Room(min(room.most, room.most + room.used - used), room.theirs, used)
        size, digest = write(path, coming.next(limit), name, left, "images")
        if limit is not None and size < limit:
            raise DataError(f"{name} is cut: expected {limit:,} bytes, received {size:,}.")
        used += size
        with path.open("rb") as file:
            quarantine.read("engine.data.images.forms:glance", file.read(GLANCE_BYTES), name, str(size))
        yield Part(name, path, size, digest)
    for more in coming.next(None):
        if more:
            raise DataError(f"{names[-1]} is longer than was told: it was not kept.")


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
