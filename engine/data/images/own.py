"""Images that people have brought, each set kept once, in a folder named by the SHA-256 of its files: so a run's
settings say exactly what it learnt from.

A folder holds the files (``0``, ``1``, ...), what is known ``about`` them, a mark for each person who has brought them
(``by``), and the images that were read from them (``read``), which go with it. A name given by a person is kept as text
for messages and is never part of a path.
"""

import hashlib
import json
import os
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from engine import quarantine
from engine.data.uploads import plain_name
from engine.errors import DataError
from engine.keeping import drafts, short
from engine.keeping.receiving import Room, hidden, write

FOLDER, READ = "images", "read"
MAX_BYTES = 200 * 2**20
"""Of a set: all of its files together."""
MOST_PARTS = 8
MOST_SETS = 10
MOST_BYTES = 400 * 2**20
GLANCE_BYTES = 2**16
GONE = "The images {images} are not kept on this server any more, or never were: choose their files again."
_ID = re.compile(r"[0-9a-f]{64}")
_ABOUT, _BY = "about.json", "by"
_NOTED_SECONDS = 3600.0


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


def home() -> Path:
    """Return Learnscope's home."""
    return Path(os.environ.get("LEARNSCOPE_HOME") or ".learnscope")


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
    theirs = list(_of(at, owner))
    if len(theirs) >= MOST_SETS:
        raise DataError(f"{shown} was not kept: expected at most {MOST_SETS} sets a person, and you have as many.")
    if len(sizes) > MOST_PARTS or (sizes and len(sizes) != len(names)):
        raise DataError(f"{len(sizes)} files were not kept: expected at most {MOST_PARTS}, each with its name.")
    room = Room(MAX_BYTES, MOST_BYTES, sum(one.size for one in theirs))
    room.check(shown, max(expected, sum(sizes)))
    drafts.tidy(at / FOLDER)
    with drafts.draft(at / FOLDER, "coming") as draft:
        parts = list(_written(draft, chunks, names, sizes, room))
        told = sorted(part.sha256 for part in parts)
        (draft / _BY).mkdir()
        about = {"parts": [{"name": part.name, "size": part.size, "sha256": part.sha256} for part in parts]}
        (draft / _ABOUT).write_text(json.dumps(about), encoding="utf-8")
        asked = hashlib.sha256("\n".join(told).encode()).hexdigest()
        drafts.take_place(draft, at / FOLDER / asked, _is_whole)
        (at / FOLDER / asked / _BY / hidden(owner)).touch()
    found(at, asked)
    return asked


def found(at: Path, asked: str) -> Kept:
    """Return the set of an id, which is used by that; raises DataError where there is none."""
    if not _ID.fullmatch(asked):
        raise DataError(f"There are no images {short(asked)!r} here: choose files of images.")
    folder = at / FOLDER / asked
    one = _read(folder)
    if one is None:
        raise DataError(GONE.format(images=f"{asked[:8]}…"))
    with suppress(OSError):
        if time.time() - (folder / _ABOUT).stat().st_mtime > _NOTED_SECONDS:
            os.utime(folder / _ABOUT)
    return one


def listed(at: Path, owner: str) -> list[Kept]:
    """Return what somebody has brought, by name."""
    return sorted(_of(at, owner), key=lambda one: one.name)


def give_up(at: Path, asked: str, owner: str) -> None:
    """Take a set off somebody's account; where nobody else has brought it, it is deleted. Raises DataError."""
    folder = found(at, asked).folder
    (folder / _BY / hidden(owner)).unlink(missing_ok=True)
    if not any((folder / _BY).iterdir()):
        delete(at, asked)


def unused_since(at: Path, when: float) -> set[str]:
    """Return the ids of all sets that nobody has used since ``when``, in seconds since 1970."""
    unused: set[str] = set()
    for folder in _folders(at):
        with suppress(OSError):
            if (folder / _ABOUT).stat().st_mtime < when:
                unused.add(folder.name)
    return unused


def delete(at: Path, asked: str) -> None:
    """Delete a set with all that was read from it; it is no error if there is none."""
    if _ID.fullmatch(asked):
        drafts.removed(at / FOLDER / asked)


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


def _is_whole(folder: Path) -> bool:
    """Tell whether nothing of a folder is missing: a server may have ended while it deleted it."""
    return (folder / _BY).is_dir() and _read(folder) is not None


def _folders(at: Path) -> list[Path]:
    with suppress(OSError):
        return sorted(folder for folder in (at / FOLDER).iterdir() if _ID.fullmatch(folder.name))
    return []


def _of(at: Path, owner: str) -> Iterator[Kept]:
    for folder in _folders(at):
        one = _read(folder) if (folder / _BY / hidden(owner)).exists() else None
        if one is not None:
            yield one


def _read(folder: Path) -> Kept | None:
    with suppress(OSError, ValueError, KeyError, TypeError):
        about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        parts = tuple(
            Part(str(one["name"]), folder / str(number), int(one["size"]), str(one["sha256"]))
            for number, one in enumerate(about["parts"])
        )
        if parts and all(part.path.is_file() for part in parts):
            return Kept(folder.name, folder, parts)
    return None
