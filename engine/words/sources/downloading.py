"""Downloads vectors of the catalogue, as part of the work of opening them, see ``engine.keeping.downloading``."""

from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

from engine.jobs import Order, Progress
from engine.keeping import downloading
from engine.keeping.downloading import Wanted
from engine.words import opening, reading
from engine.words.sources import catalogue
from engine.words.sources.catalogue import Published

OTHERWISE = "vectors that come with the app or lie on the server can be opened without one"


def order(name: str, home: Path, limit: int | None) -> Order:
    """Return the order to download what the catalogue calls ``name``, where it is not here yet, and to open it."""
    return Order.of("engine.words.sources.downloading:open_published", name=name, home=str(home), limit=limit)


def open_published(arguments: Mapping[str, Any]) -> Generator[Progress, None, Mapping[str, Any]]:
    """Download and open; the result is that of ``reading.open_file``. Raises DataError."""
    home, limit = Path(arguments["home"]), arguments["limit"]
    one = catalogue.published(arguments["name"])
    path = one.path(home)
    if not path.is_file():
        yield from fetched(one, path)
    folder = home / "words" / opening.key_of(path, limit)
    asked = {"path": str(path), "name": path.name, "folder": str(folder), "limit": limit, "uploaded": False}
    return (yield from reading.open_file(asked))


def fetched(one: Published, path: Path) -> Generator[Progress, None, None]:
    """Download a file to ``path``, whole and with the right sum, or not at all; raises DataError."""
    wanted = Wanted(one.name, one.address, one.bytes, one.md5, catalogue.base(), OTHERWISE)
    yield from downloading.fetched(wanted, path)
