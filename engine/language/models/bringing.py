"""The model that a setting names: files that somebody has brought, a folder on the server, or one of a hub.

Folders are offered from those that ``LEARNSCOPE_MODELS`` names, with colons between, and from below them: each that has
a ``config.json``. See ``engine.keeping.server`` for how they are named, and why no name leads out; a hub's own store of
downloads, whose folders are full of links, is fine as long as these stay inside.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from engine import quarantine
from engine.errors import DataError
from engine.keeping import home, server, short
from engine.language.models import hub, own
from engine.nets.pretrained.config import CONFIG, MOST_CONFIG_BYTES, Config

NAMED_BY = "LEARNSCOPE_MODELS"
NONE_YET = "No model of yours is chosen yet: choose its files, or a folder on this server, or look at one made here."
MOST_FILES = 200
SHOWN_COMMIT = 7


@dataclass(frozen=True, slots=True)
class Brought:
    """A model as it is brought: what it is called, and its ``files`` by their names."""

    id: str
    title: str
    files: Mapping[str, Path]


def brought(asked: str, environ: Mapping[str, str] | None = None) -> Brought:
    """Return the model of an id; raises DataError, a sentence, where there is none."""
    if not asked:
        raise DataError(NONE_YET)
    if asked.startswith(hub.KIND):
        files, revision = _downloaded(asked), hub.revision_of(asked)
        name = asked.removeprefix(hub.KIND)
        return Brought(asked, f"{name}, commit {revision[:SHOWN_COMMIT]}" if revision else name, files)
    if not asked.startswith(server.KIND):
        kept = own.MODELS.found(home(), asked)
        return Brought(asked, kept.name, {part.name: part.path for part in kept.parts})
    folders = places(environ)
    try:
        path = server.path_of(folders, asked, folder=True)
        place = folders[asked.removeprefix(server.KIND).partition("/")[0]]
        return Brought(asked, path.name, _files(path, place))
    except (DataError, OSError):
        raise DataError(f"There is no model {short(asked)!r} on this server: choose another.") from None


def on_server(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the folders on the server that hold a model, by id."""
    found = {}
    for asked, path in server.listed(places(environ)):
        if path.name == CONFIG:
            place, _, inside = asked.removeprefix(server.KIND).removesuffix(CONFIG).partition("/")
            found[f"{server.KIND}{place}/{inside.rstrip('/')}"] = f"{place}/{inside}".rstrip("/")
    return found


def places(environ: Mapping[str, str] | None = None) -> dict[str, Path]:
    """Return the folders whose models may be opened."""
    return server.places(os.environ if environ is None else environ, NAMED_BY)


def size_of(asked: str) -> Config:
    """Return how large a model is, as its ``config.json`` says; raises DataError."""
    files = brought(asked).files
    if CONFIG not in files:
        raise DataError(f"{CONFIG} is missing, which says what kind of model this is and how large.")
    try:
        status = files[CONFIG].stat()
    except OSError:
        raise DataError(f"{CONFIG} cannot be read: choose another model.") from None
    return _size(files[CONFIG], status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=64)
def _size(path: Path, _changed: int, _bytes: int) -> Config:
    with path.open("rb") as file:
        found, _ = quarantine.read("engine.nets.pretrained.config:told", file.read(MOST_CONFIG_BYTES + 1), CONFIG)
    return Config(**found)


def _downloaded(asked: str) -> dict[str, Path]:
    if not hub.is_here(asked):
        raise DataError(f"{short(asked.removeprefix(hub.KIND))} is not downloaded yet.")
    return {
        path.name: path
        for path in sorted(hub.folder_of(asked).iterdir())
        if path.suffix != ".part" and path.name != hub.REVISION
    }


def _files(folder: Path, place: Path) -> dict[str, Path]:
    """Return the files right in a folder, by name; of links those alone that stay below the ``place``."""
    some = sorted(path for path in folder.iterdir() if not path.name.startswith("."))[:MOST_FILES]
    return {path.name: path.resolve() for path in some if server.is_inside(path, place)}
