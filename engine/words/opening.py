"""Opens a file of vectors: reads it once, keeps its space in mapped form, and from then on maps that."""

import hashlib
import json
import os
from pathlib import Path

from engine.errors import DataError
from engine.words import stored
from engine.words.formats.telling import open_source
from engine.words.space import Space
from engine.words.stored import Progress


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
    file = Path(path).expanduser()
    if limit is not None and limit < 1:
        raise DataError(f"The limit of rows has to be at least 1, received {limit}.")
    open_source(file)
    folder = cache_folder(cache) / _key(file, limit)
    try:
        return Space(stored.open_folder(folder))
    except DataError:
        stored.write_folder(file, folder, limit, progress)
    return Space(stored.open_folder(folder))


def cache_folder(cache: str | os.PathLike[str] | None = None) -> Path:
    """Return the folder of all spaces kept."""
    return Path(cache) if cache else Path(os.environ.get("LEARNSCOPE_HOME") or ".learnscope") / "words"


def _key(file: Path, limit: int | None) -> str:
    """Return the name of a file's space: another one as soon as the file is touched, without reading it."""
    status = file.stat()
    said = [str(file.resolve()), status.st_size, status.st_mtime_ns, status.st_ino, limit, stored.FORM]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:24]
