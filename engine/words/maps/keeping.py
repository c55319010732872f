"""Where maps are kept: whole or not at all, each for as long as it is looked at now and then and there is room.

A map is a folder named by its key, and done when there is ``map.lsf`` in it, which is written last. Whoever makes one
holds a lock until then; the kernel takes it from a process that is killed, so that what it leaves behind can be told
from what another is making.
"""

import fcntl
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from engine.errors import FrameError
from engine.frames import Message, decode, encode
from engine.words.maps.spec import maps_folder

MOST_BYTES = 500 * 2**20
MOST_MAPS = 400
PATIENCE_SECONDS = 5.0
"""So long a process that was killed may take to be gone."""
MAP, LAYOUT, WORDS, WOBBLE = "map.lsf", "layout.lsf", "words.json", "wobble.lsf"
_LOCKS = ".locks"


def kept(key: str) -> Mapping[str, Any] | None:
    """Return what a finished map says of itself, and keep it the longer for it; None where there is no sound one."""
    folder = maps_folder() / key
    try:
        found = decode((folder / MAP).read_bytes())
        words = json.loads((folder / WORDS).read_bytes())
        sound = found.kind == "map" and len(words) == len(found.arrays["rows"]) == len(found.arrays["positions"])
        if not sound or found.header["n"] != len(words):
            return None
        os.utime(folder / MAP)
    except (OSError, ValueError, KeyError, TypeError, FrameError, RecursionError):
        return None
    return found.header


@contextmanager
def claimed(key: str) -> Iterator[Path | None]:
    """Give an empty folder to make a map in, or None while another process makes it; what is not done is removed."""
    folder = maps_folder() / key
    with _locked(key) as mine:
        if not mine:
            yield None
            return
        try:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            yield folder
        finally:
            if not (folder / MAP).is_file():
                shutil.rmtree(folder, ignore_errors=True)


def write(path: Path, contents: Message | bytes) -> None:
    """Write a file at once: who reads it finds the old one or the new one."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    draft.write_bytes(contents if isinstance(contents, bytes) else encode(contents))
    os.replace(draft, path)


def tidy(but: str = "") -> None:
    """Remove what nobody finishes any more, and the maps unused for longest beyond what is kept, never ``but``."""
    done: list[tuple[float, int, str]] = []
    for folder in _folders():
        try:
            status = (folder / MAP).stat()
            done.append((status.st_mtime, sum(file.stat().st_size for file in folder.rglob("*")), folder.name))
        except OSError:
            remove(folder.name)
    room, places = MOST_BYTES, MOST_MAPS
    for _, size, key in sorted(done, key=lambda one: (one[2] != but, -one[0])):
        room, places = room - size, places - 1
        if (room < 0 or places < 0) and key != but:
            remove(key)


def remove(key: str) -> None:
    """Remove a map, or what is left of one; not while a process makes it."""
    with _locked(key) as mine:
        if mine:
            shutil.rmtree(maps_folder() / key, ignore_errors=True)


def remove_unfinished(key: str) -> None:
    """Remove what a process has left of a map that was killed this moment, unless it was done."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and not (maps_folder() / key / MAP).is_file():
        with _locked(key) as mine:
            if mine:
                shutil.rmtree(maps_folder() / key, ignore_errors=True)
                return
        time.sleep(0.05)


def _folders() -> list[Path]:
    with suppress(OSError):
        return [entry for entry in maps_folder().iterdir() if entry.is_dir() and not entry.name.startswith(".")]
    return []


@contextmanager
def _locked(key: str) -> Iterator[bool]:
    """Hold the lock of a map; False where another holds it. Its file is gone again afterwards."""
    path = maps_folder() / _LOCKS / key
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            mine = os.path.samestat(os.fstat(descriptor), os.stat(path))  # not one that was removed meanwhile
        except OSError:
            mine = False
        try:
            yield mine
        finally:
            if mine:
                path.unlink(missing_ok=True)
    finally:
        os.close(descriptor)
