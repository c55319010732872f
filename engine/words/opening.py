"""Opens a file of vectors: reads it once, keeps its space in mapped form, and from then on maps that."""

import hashlib
import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from engine.errors import DataError
from engine.keeping.paths import file_of
from engine.words import stored
from engine.words.space import Space

Progress = Callable[[int, int, int], None]
"""Told now and then how many bytes of how many were read, and how many rows there are."""


def load(
    path: str | os.PathLike[str],
    limit: int | None = None,
    *,
    cache: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Space:
    """Open a file of word2vec (.bin, .txt), GloVe (.txt) or fastText (.vec, .bin), each also gzipped, told by content.

    ``limit`` keeps its first rows. The space is kept in ``cache``, by default in ``LEARNSCOPE_HOME``; the same file,
    unchanged, is mapped from there the next time. Raises DataError, a sentence, for anything that is no such file.
    """
    if limit is not None and limit < 1:
        raise DataError(f"The limit of rows has to be at least 1, received {limit}.")
    file = file_of(path, "vectors as word2vec, GloVe or fastText write them")
    folder = cache_folder(cache) / key_of(file, limit)
    kept = opened(folder)
    if kept is None:
        from engine.keeping import drafts
        from engine.words import retention, storing
        from engine.words.formats.telling import open_stream

        drafts.tidy(folder.parent)
        for read in storing.write_folder(open_stream(file), folder, limit):
            if progress is not None:
                progress(*read)
        retention.evict([folder.parent], but=folder)
    return kept or Space(stored.open_folder(folder))


def opened(folder: Path) -> Space | None:
    """Return the space kept in a folder, which is used by that; None if there is none, or it is damaged."""
    try:
        space = Space(stored.open_folder(folder))
        used(folder)
        return space
    except DataError:
        return None


def used(folder: Path) -> None:
    """Take note that a space is used now: those that were unused for longest are the first that are deleted."""
    with suppress(OSError):
        os.utime(folder / stored.RECORD)


def cache_folder(cache: str | os.PathLike[str] | None = None) -> Path:
    """Return the folder of all spaces kept."""
    return Path(cache) if cache else Path(os.environ.get("LEARNSCOPE_HOME") or ".learnscope") / "words"


def key_of(file: Path, limit: int | None) -> str:
    """Return the name of a file's space: another one as soon as the file is touched, without reading it."""
    status = file.stat()
    said = [str(file.resolve()), status.st_size, status.st_mtime_ns, status.st_ino, limit, stored.FORM]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:24]
