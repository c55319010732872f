"""Which class a picture among many is of: the folder that it lies in, in an archive or on the server."""

from collections.abc import Sequence
from typing import NamedTuple

PLAIN_CHARS = 40
IGNORED = ("__MACOSX", "Thumbs.db", "desktop.ini")
OUT = "has a path that leads out of its folder"
NO_CLASS = "lies in no folder, which would be its class"


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
    titles = _told_apart(folders)
    at = {folder: place for place, folder in enumerate(folders)}
    return Layout(tuple(titles), [at[path[around]] if len(path) > 1 else -1 for path in paths])


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


def _told_apart(folders: Sequence[str]) -> list[str]:
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
