"""The images that a setting names: what somebody has brought, a file or a folder on the server, what is published.

Files and folders on the server are offered from the folders that ``LEARNSCOPE_IMAGES`` names, with colons between; see
``engine.keeping.server`` for how they are named, and why no name leads out.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.data import layout
from engine.data.images import own, published
from engine.data.images.published import File, Published
from engine.errors import DataError
from engine.keeping import home, server, short
from engine.keeping.sets import Part

NAMED_BY = "LEARNSCOPE_IMAGES"
READ = "images-read"
NONE_YET = "No images of yours are chosen yet: choose their files, or choose other images."


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
    tree: layout.Tree = ()
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
    return server.offered(places(environ))


def places(environ: Mapping[str, str] | None = None) -> dict[str, Path]:
    """Return the folders whose images may be learnt from."""
    return server.places(os.environ if environ is None else environ, NAMED_BY)


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
    tree = layout.tree(path, title)
    said = _hash([asked, str(path), tree])
    packs = home() / READ / said
    if any(len(parts) > 1 for parts, *_ in tree):
        return Brought(asked, title, packs, said, root=path, tree=tree)
    parts = tuple(Part(layout.plain(name), path / name, size, exactly=True) for (name,), size, _ in tree)
    return Brought(asked, title, packs, said, parts)


def _hash(said: object) -> str:
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()
