"""Files on the server itself: vectors in the folders that ``LEARNSCOPE_VECTORS`` names; see ``engine.keeping``."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from engine.errors import DataError
from engine.keeping import server, size_in_words
from engine.keeping.server import KIND
from engine.words.sources import Source, unknown

NAMED_BY = "LEARNSCOPE_VECTORS"


def places(environ: Mapping[str, str], named_by: str = NAMED_BY) -> dict[str, Path]:
    """Return the folders by how links call them."""
    return server.places(environ, named_by)


def listed(folders: Mapping[str, Path]) -> Iterator[Source]:
    """Yield the files in the folders that a link can name."""
    for asked, path in server.listed(folders):
        with suppress(OSError):  # it has gone this moment
            yield _source(asked, path)


def source(folders: Mapping[str, Path], asked: str) -> Source:
    """Return the source of an id; raises DataError."""
    try:
        return _source(asked, path_of(folders, asked))
    except OSError:  # it has gone this moment
        raise unknown(asked) from None


def path_of(folders: Mapping[str, Path], asked: str) -> Path:
    """Return where the file of an id lies, all links followed. Raises DataError, the same whatever is wrong."""
    try:
        return server.path_of(folders, asked)
    except DataError:
        raise unknown(asked) from None


def _source(asked: str, path: Path) -> Source:
    place, _, inside = asked.removeprefix(KIND).partition("/")
    return Source(asked, inside, f"{size_in_words(path.stat().st_size)}, in {place} on this server.")
