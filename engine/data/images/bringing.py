"""The images that a setting names: what somebody has brought, a file or a folder on the server, what is published.

Files and folders on the server are offered from the folders that ``LEARNSCOPE_IMAGES`` names, with colons between; see
``engine.keeping.server`` for how they are named, and why no name leads out.
"""

import hashlib
import json
import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from engine.data.images import layout, own, published
from engine.data.images.own import Part
from engine.data.images.published import File, Published
from engine.data.images.zipped import MOST_ENTRIES
from engine.errors import DataError
from engine.keeping import home, server, short

NAMED_BY = "LEARNSCOPE_IMAGES"
READ = "images-read"
NONE_YET = "No images of yours are chosen yet: choose their files, or choose other images."
MOST_LISTED = 500
Tree = tuple[tuple[tuple[str, ...], int, int], ...]
"""Of each file in a folder: the parts of its path, its size in bytes, when it was changed, in nanoseconds."""


@dataclass(frozen=True, slots=True)
class Brought:
    """Images as they are brought: their files are ``parts``, or all that lies in the folder ``root`` (its ``tree``).

    ``packs`` is where what is read from them is kept, ``said`` tells them from all others. Of those that are
    ``published`` some files may be ``missing`` yet.
    """

    id: str
    title: str
    packs: Path
    said: str
    parts: tuple[Part, ...] = ()
    root: Path | None = None
    tree: Tree = ()
    published: Published | None = None
    missing: tuple[File, ...] = ()


def brought(asked: str, environ: Mapping[str, str] | None = None) -> Brought:
    """Return the images of an id; raises DataError, a sentence, where there are none."""
    if not asked:
        raise DataError(NONE_YET)
    if asked.startswith(published.KIND):
        return _published(asked)
    if not asked.startswith(server.KIND):
        kept = own.IMAGES.found(home(), asked)
        return Brought(asked, kept.name, kept.folder / own.READ, asked, kept.parts)
    try:
        return _on_server(asked, server.path_of(places(environ), asked, folder=True))
    except OSError:
        raise DataError(f"There are no images {short(asked)!r} on this server: choose others.") from None


def on_server(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return what on the server may be images, by id: the folders that are named, and what lies right in them."""
    found: dict[str, str] = {}
    for place, folder in places(environ).items():
        found[f"{server.KIND}{place}/"] = f"{place}, all of it"
        with suppress(OSError):
            for path in sorted(folder.iterdir()):
                asked = f"{server.KIND}{place}/{path.name}"
                fit = not path.name.startswith(".") and server.is_text(asked) and len(asked) <= server.MOST_CHARS
                if fit and server.is_inside(path, folder, folder=True):
                    found[asked] = f"{place}/{path.name}"
                if len(found) >= MOST_LISTED:
                    return found
    return found


def places(environ: Mapping[str, str] | None = None) -> dict[str, Path]:
    """Return the folders whose images may be learnt from."""
    return server.places(os.environ if environ is None else environ, NAMED_BY)


def read_bytes(part: Part, most: int) -> bytes:
    """Return the bytes of a file; raises DataError where it is gone, is more than ``most``, or no plain file."""
    try:
        descriptor = os.open(part.path, os.O_RDONLY | (os.O_NOFOLLOW | os.O_NONBLOCK if part.exactly else 0))
        with open(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise DataError(f"{part.name} is no plain file any more.")
            data = file.read(most + 1)
    except OSError:
        raise DataError(f"{part.name} cannot be read: choose other images.") from None
    if len(data) > most:
        raise DataError(f"{part.name} is too large: expected at most {most >> 20} MB, and this is more.")
    return data


def _published(asked: str) -> Brought:
    one = published.published(asked)
    folder, missing = one.folder(home()), tuple(one.missing(home()))
    parts = tuple(Part(file.name, folder / file.name, file.bytes) for file in one.files)
    return Brought(asked, one.title, folder / own.READ, asked, parts, published=one, missing=missing)


def _on_server(asked: str, path: Path) -> Brought:
    title = layout.plain(path.name) or "Images"
    if path.is_file():
        status = path.stat()
        said = _hash([asked, str(path), status.st_size, status.st_mtime_ns])
        part = Part(title, path, status.st_size, exactly=True)
        return Brought(asked, title, home() / READ / said, said, (part,))
    tree = _tree(path, title)
    said = _hash([asked, str(path), tree])
    packs = home() / READ / said
    if any(len(parts) > 1 for parts, *_ in tree):
        return Brought(asked, title, packs, said, root=path, tree=tree)
    parts = tuple(Part(layout.plain(name), path / name, size, exactly=True) for (name,), size, _ in tree)
    return Brought(asked, title, packs, said, parts)


def _tree(root: Path, title: str) -> Tree:
    """Return what lies in a folder and below, sorted, no link followed; raises DataError where that is too much."""
    found: list[tuple[tuple[str, ...], int, int]] = []
    for folder, names, files in os.walk(root):
        names[:] = sorted(name for name in names if not name.startswith("."))
        inside = Path(folder).relative_to(root).parts
        for name in sorted(files):
            path = (*inside, name)
            status = os.lstat(os.path.join(folder, name))
            if stat.S_ISREG(status.st_mode) and not layout.is_ignored(path):
                found.append((path, status.st_size, status.st_mtime_ns))
        if len(found) > MOST_ENTRIES:
            raise DataError(f"{title} holds too many files: expected at most {MOST_ENTRIES:,}.")
    return tuple(found)


def _hash(said: object) -> str:
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()
