"""Files of vectors that people have uploaded, each in a folder named by a random id that nobody guesses.

Whoever knows the id may open it, so that a link can be passed on; only its owner is shown that it is there. A name
given by a person is kept as text for messages and is never part of a path.
"""

import json
import os
import re
import secrets
import shutil
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from engine.data.uploads import plain_name
from engine.errors import DataError
from engine.keeping import drafts, size_in_words
from engine.keeping.receiving import Room, hidden, write
from engine.words.sources import Source, unknown

KIND = "upload:"
FOLDER, SPACES = "words-uploads", "spaces"
MAX_BYTES = 200 * 2**20
MOST_FILES = 10
MOST_BYTES = 400 * 2**20
DAY = 24 * 3600.0
UNUSED_DAYS = 30
"""After so many days in which nobody has used a file it is deleted; that it was there is known for some time more."""
KNOWN_DAYS = 365
_ID = re.compile(r"[0-9A-Za-z_-]{22}")
_FILE, _ABOUT, _GONE = "file", "about.json", "gone.json"


@dataclass(frozen=True, slots=True)
class Upload:
    """One file: its ``name`` fit for a message, where it lies, how large it is."""

    id: str
    name: str
    path: Path
    size: int
    owner: str
    kept_at: float


_known: OrderedDict[Path, "Upload"] = OrderedDict()
"""What was read of uploads before: it never changes, and whoever opens a page is told which of all are theirs."""
_MOST_KNOWN = 20_000


def keep(home: Path, chunks: Iterable[bytes], name: str, owner: str, expected: int = 0) -> str:
    """Keep a file, taken in piece by piece, and return the id of its source; ``expected`` bytes, where that is known.

    Raises DataError if it is empty or too large, if its owner has too many, or where there is no room; then nothing of
    it is kept.
    """
    shown = plain_name(name)
    theirs = list(_of(home, owner))
    if len(theirs) >= MOST_FILES:
        raise DataError(f"{shown} was not kept: expected at most {MOST_FILES} files a person, and you have as many.")
    room = Room(MAX_BYTES, MOST_BYTES, sum(one.size for one in theirs))
    room.check(shown, expected)
    upload = secrets.token_urlsafe(16)
    drafts.tidy(_folder(home))
    with drafts.drafted(_folder(home) / upload) as draft:
        try:
            size, _ = write(draft / _FILE, chunks, shown, room, "vectors as word2vec, GloVe or fastText write them")
            about = {"name": shown, "owner": hidden(owner), "size": size, "kept_at": time.time()}
            (draft / _ABOUT).write_text(json.dumps(about), encoding="utf-8")
        except OSError as error:
            why = error.strerror or "the folder of uploads cannot be written"
            raise DataError(f"{shown} could not be kept: {why}.") from None
    return f"{KIND}{upload}"


def listed(home: Path, owner: str) -> Iterator[Source]:
    """Yield what somebody has uploaded, the newest first."""
    for one in sorted(_of(home, owner), key=lambda one: -one.kept_at):
        yield _source(one)


def source(home: Path, asked: str) -> Source:
    """Return the source of an id; raises DataError."""
    return _source(found(home, asked))


def found(home: Path, asked: str) -> Upload:
    """Return the file of an id, which is used by that; raises DataError."""
    upload = asked.removeprefix(KIND)
    if not _ID.fullmatch(upload):
        raise unknown(asked)
    folder = _folder(home) / upload
    one = _read(folder)
    if one is None:
        name = _name_of_gone(folder)
        raise DataError(f"{name} is gone: nobody had opened it for {UNUSED_DAYS} days.") if name else unknown(asked)
    with suppress(OSError):
        os.utime(folder / _ABOUT)
    return one


def tidy(home: Path) -> None:
    """Delete what was never finished, files that nobody has used for long, and what is known of those, in the end."""
    drafts.tidy(_folder(home))
    now = time.time()
    with suppress(OSError):
        for folder in _folder(home).glob("[!.]*"):
            with suppress(OSError):
                if (folder / _GONE).exists():
                    if now - (folder / _GONE).stat().st_mtime > KNOWN_DAYS * DAY:
                        shutil.rmtree(folder, ignore_errors=True)
                elif now - (folder / _ABOUT).stat().st_mtime > UNUSED_DAYS * DAY:
                    _forget(folder)


def places_of_spaces(home: Path) -> list[Path]:
    """Return the folders in which the spaces of uploads lie, each beside its file, with which they go."""
    return sorted(_folder(home).glob(f"[!.]*/{SPACES}"))


def _forget(folder: Path) -> None:
    """Delete a file and what was made of it, and leave its name, so that its link does not seem to be a wrong one."""
    one = _read(folder)
    _known.pop(folder, None)
    if one is not None:
        (folder / _GONE).write_text(json.dumps({"name": one.name}), encoding="utf-8")
    for part in (_FILE, _ABOUT):
        (folder / part).unlink(missing_ok=True)
    shutil.rmtree(folder / SPACES, ignore_errors=True)


def _name_of_gone(folder: Path) -> str:
    with suppress(OSError, ValueError, KeyError, TypeError):
        return str(json.loads((folder / _GONE).read_text(encoding="utf-8"))["name"])
    return ""


def delete(home: Path, asked: str, owner: str) -> None:
    """Delete a file of its owner's; raises DataError if there is none, or if it is somebody else's."""
    one = found(home, asked)
    if one.owner != hidden(owner):
        raise unknown(asked)
    shutil.rmtree(one.path.parent, ignore_errors=True)


def _source(one: Upload) -> Source:
    return Source(f"{KIND}{one.id}", one.name, f"{size_in_words(one.size)}, uploaded.", private=True)


def _of(home: Path, owner: str) -> Iterator[Upload]:
    theirs = hidden(owner)
    with suppress(OSError), os.scandir(_folder(home)) as entries:
        for entry in entries:
            one = None if entry.name.startswith(".") else _known_or_read(Path(entry.path))
            if one is not None and one.owner == theirs:
                yield one


def _known_or_read(folder: Path) -> Upload | None:
    one = _known.get(folder) or _read(folder)
    if one is not None:
        _known[folder] = one
        while len(_known) > _MOST_KNOWN:
            _known.popitem(last=False)
    return one


def _read(folder: Path) -> Upload | None:
    with suppress(OSError, ValueError, KeyError, TypeError):
        about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        if (folder / _FILE).is_file():
            owner, when = str(about["owner"]), float(about["kept_at"])
            return Upload(folder.name, str(about["name"]), folder / _FILE, int(about["size"]), owner, when)
    return None


def _folder(home: Path) -> Path:
    return home / FOLDER
