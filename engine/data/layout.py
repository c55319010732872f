"""Which class a picture among many is of: the folder that it lies in, in an archive or on the server."""

import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from engine.errors import DataError

PLAIN_CHARS = 40
MOST_ENTRIES = 80_000
"""Files in a folder, or in an archive."""
IGNORED = ("__MACOSX", "Thumbs.db", "desktop.ini")
OUT = "has a path that leads out of its folder"
NO_CLASS = "lies in no folder, which would be its class"


Tree = tuple[tuple[tuple[str, ...], int, int], ...]
"""Of each file in a folder: the parts of its path, its size in bytes, when it was changed, in nanoseconds."""


class Layout(NamedTuple):
    """``classes`` are the names of folders, sorted; ``labels`` are places in them, one for each path, -1 for none."""

    classes: tuple[str, ...]
    labels: list[int]


def arranged(paths: Sequence[tuple[str, ...]]) -> Layout:
    """Return the classes of pictures by the parts of their paths: the outermost folder in which they differ.

    Folders around all of them are no classes. Pictures in folders within that of a class are of this class too.
    """
    inside = [path for path in paths if len(path) > 1]
    around = 0
    while inside and len({path[around] for path in inside}) == 1 and all(len(path) > around + 2 for path in inside):
        around += 1
    folders = sorted({path[around] for path in inside})
    titles = told_apart(folders)
    at = {folder: place for place, folder in enumerate(folders)}
    return Layout(tuple(titles), [at[path[around]] if len(path) > 1 else -1 for path in paths])


def tree(root: Path, title: str) -> Tree:
    """Return what lies in a folder and below, sorted, no link followed; raises DataError where that is too much."""
    found: list[tuple[tuple[str, ...], int, int]] = []
    for folder, names, files in os.walk(root):
        names[:] = sorted(name for name in names if not name.startswith("."))
        inside = Path(folder).relative_to(root).parts
        for name in sorted(files):
            path = (*inside, name)
            status = os.lstat(os.path.join(folder, name))
            if stat.S_ISREG(status.st_mode) and not is_ignored(path):
                found.append((path, status.st_size, status.st_mtime_ns))
        if len(found) > MOST_ENTRIES:
            raise DataError(f"{title} holds too many files: expected at most {MOST_ENTRIES:,}.")
    return tuple(found)


def is_ignored(path: tuple[str, ...]) -> bool:
    """Tell whether a file is none of a person's: systems put some beside pictures."""
    return any((part.startswith(".") and part != "..") or part in IGNORED for part in path)


def leads_out(name: str) -> bool:
    """Tell whether a path in an archive would lead out of a folder, or stands for itself."""
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or (len(parts[0]) > 1 and parts[0][1] == ":")


def plain(name: str) -> str:
    """Return the name of a folder or a file, fit for a message and a class."""
    printable = "".join(letter for letter in name if letter.isprintable()).strip()
    return printable if len(printable) <= PLAIN_CHARS else printable[: PLAIN_CHARS - 1] + "…"


def told_apart(folders: Sequence[str]) -> list[str]:
    """Return names that can be shown, no two of them the same."""
    found: list[str] = []
    for folder in folders:
        name, number = plain(folder) or "?", 1
        title = name
        while title in found:
            number += 1
            title = f"{name}-{number}"
        found.append(title)
    return found
