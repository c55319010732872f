"""Files on the server itself: in folders that a variable names, as ``LEARNSCOPE_VECTORS``, and below them alone.

Whoever runs the server lists them with a colon between, as in ``PATH``. A person names a file by the last part of its
folder's name and its way from there; no name leads out, not by ``..``, not by a link.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from engine.errors import DataError
from engine.keeping import short
from engine.keeping.paths import expanded

KIND = "server:"
MOST_LISTED = 500
MOST_CHARS = 400
"""As long an id may be that a link can hold."""
DEEPEST = 6


def places(environ: Mapping[str, str], named_by: str) -> dict[str, Path]:
    """Return the folders by how links call them; of two with one name the second is called ``name-2``."""
    found: dict[str, Path] = {}
    for text in environ.get(named_by, "").split(os.pathsep):
        folder = expanded(text)
        if not text.strip() or not folder.is_dir():
            continue
        name = folder.resolve().name or "root"
        number = 1
        while name in found:
            number += 1
            name = f"{folder.resolve().name}-{number}"
        found[name] = folder.resolve()
    return found


def listed(folders: Mapping[str, Path]) -> Iterator[tuple[str, Path]]:
    """Yield the ids of the files in the folders and where they lie, sorted, ``MOST_LISTED`` at most.

    Not hidden ones, nothing that is no file, and none that no link could name: whose name is no text, or far too long.
    """
    left = MOST_LISTED
    for place, folder in folders.items():
        for path in _files(folder, DEEPEST):
            if not left:
                return
            asked = f"{KIND}{place}/{path.relative_to(folder).as_posix()}"
            if is_text(asked) and len(asked) <= MOST_CHARS and is_inside(path, folder):
                yield asked, path
                left -= 1


def offered(folders: Mapping[str, Path]) -> dict[str, str]:
    """Return what may be brought as a whole, by id: the folders themselves, and the files and folders right in them.

    ``MOST_LISTED`` at most, and none that no link could name.
    """
    found: dict[str, str] = {}
    for place, folder in folders.items():
        found[f"{KIND}{place}/"] = f"{place}, all of it"
        with suppress(OSError):
            for path in sorted(folder.iterdir()):
                asked = f"{KIND}{place}/{path.name}"
                fit = not path.name.startswith(".") and is_text(asked) and len(asked) <= MOST_CHARS
                if fit and is_inside(path, folder, folder=True):
                    found[asked] = f"{place}/{path.name}"
                if len(found) >= MOST_LISTED:
                    return found
    return found


def path_of(folders: Mapping[str, Path], asked: str, *, folder: bool = False) -> Path:
    """Return where the file of an id lies, all links followed. Raises DataError, the same whatever is wrong.

    With ``folder`` it may be a folder too: one of those named itself has nothing behind its slash.
    """
    place, _, inside = asked.removeprefix(KIND).partition("/")
    parts = inside.split("/") if inside or not folder else []
    odd = any(not part or part.startswith(".") or "\\" in part or "\0" in part for part in parts)
    if place not in folders or odd or not is_inside(folders[place].joinpath(*parts), folders[place], folder=folder):
        raise DataError(f"There is no file {short(asked)!r} on this server: choose another.")
    return folders[place].joinpath(*parts).resolve()


def _files(folder: Path, deep: int) -> Iterator[Path]:
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir() and not entry.is_symlink():
            if deep:
                yield from _files(entry, deep - 1)
        elif entry.is_file():
            yield entry


def is_text(name: str) -> bool:
    """Tell whether a name is written in UTF-8; bytes of others come as halves of characters."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_inside(path: Path, folders: Path, *, folder: bool = False) -> bool:
    """Tell whether a plain file, or where that is wanted a folder, is there and lies below another folder once all
    links are followed.
    """
    try:
        real = path.resolve()
        return (real.is_file() or (folder and real.is_dir())) and real.is_relative_to(folders)
    except (OSError, ValueError, RuntimeError):
        return False
