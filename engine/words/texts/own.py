"""Texts that people have brought, each kept once, in a folder named by the SHA-256 of its bytes: so a run's settings
say exactly what it learnt from.

A folder holds the ``file``, what is known ``about`` it, a mark for each person who has brought it (``by``), and the
texts in numbers that are made of it (``cut``), which go with it. A name given by a person is kept as text for messages
and is never part of a path.
"""

import json
import os
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from engine.data.uploads import plain_name
from engine.errors import DataError
from engine.keeping import drafts, short
from engine.keeping.receiving import Room, hidden, write

FOLDER, CUT = "texts", "cut"
MAX_BYTES = 200 * 2**20
MOST_PASTED = 2 * 2**20
"""Bytes of a text that is pasted: a page sends it in one piece."""
MOST_FILES = 20
MOST_BYTES = 400 * 2**20
PASTED = "Pasted text"
TABLES = (".csv", ".tsv")
GONE = "The text {text} is not kept on this server any more, or never was: paste it or choose its file again."
_ID = re.compile(r"[0-9a-f]{64}(\.table)?")
_FILE, _ABOUT, _BY = "file", "about.json", "by"
_NOTED_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Text:
    """One text that a person has brought: its ``id``, its ``name`` fit for a message, where it lies, its size.

    It is a ``table`` where the name of its file ended so. With ``exactly`` no link may lead elsewhere meanwhile.
    """

    id: str
    name: str
    path: Path
    size: int
    table: bool
    exactly: bool = False


def home() -> Path:
    """Return Learnscope's home."""
    return Path(os.environ.get("LEARNSCOPE_HOME") or ".learnscope")


def keep(at: Path, chunks: Iterable[bytes], name: str, owner: str, expected: int = 0) -> str:
    """Keep a text below the home ``at``, taken in piece by piece, and return its id; ``expected`` bytes, if known.

    Raises DataError if it is empty or too large, or no text, if its owner has too many, or where there is no room; then
    nothing of it is kept.
    """
    from engine.words.texts.looking import look

    shown = plain_name(name)
    theirs = list(_of(at, owner))
    if len(theirs) >= MOST_FILES:
        raise DataError(f"{shown} was not kept: expected at most {MOST_FILES} texts a person, and you have as many.")
    room = Room(MAX_BYTES, MOST_BYTES, sum(one.size for one in theirs))
    room.check(shown, expected)
    drafts.tidy(at / FOLDER)
    with drafts.draft(at / FOLDER, "coming") as draft:
        size, digest = write(draft / _FILE, chunks, shown, room, "a text with words in it")
        text = Text(_id(digest, shown), shown, draft / _FILE, size, is_table(shown))
        look(text, "utf-8")
        (draft / _BY).mkdir()
        (draft / _ABOUT).write_text(json.dumps({"name": shown, "size": size}), encoding="utf-8")
        folder = at / FOLDER / text.id
        drafts.take_place(draft, folder, _is_whole)
        (folder / _BY / hidden(owner)).touch()
    found(at, text.id)
    return text.id


def found(at: Path, asked: str) -> Text:
    """Return the text of an id, which is used by that; raises DataError where there is none."""
    if not _ID.fullmatch(asked):
        raise DataError(f"There is no text {short(asked)!r} here: paste one, or choose a file.")
    folder = at / FOLDER / asked
    one = _read(folder)
    if one is None:
        raise DataError(GONE.format(text=f"{asked[:8]}…"))
    with suppress(OSError):
        if time.time() - (folder / _ABOUT).stat().st_mtime > _NOTED_SECONDS:
            os.utime(folder / _ABOUT)
    return one


def is_table(name: str) -> bool:
    """Tell whether a file of this name is a table: its ending says so, also before .gz."""
    return name.lower().removesuffix(".gz").endswith(TABLES)


def listed(at: Path, owner: str) -> list[Text]:
    """Return what somebody has brought, by name."""
    return sorted(_of(at, owner), key=lambda one: one.name)


def give_up(at: Path, asked: str, owner: str) -> None:
    """Take a text off somebody's account; where nobody else has brought it, it is deleted. Raises DataError."""
    folder = found(at, asked).path.parent
    (folder / _BY / hidden(owner)).unlink(missing_ok=True)
    if not any((folder / _BY).iterdir()):
        delete(at, asked)


def unused_since(at: Path, when: float) -> set[str]:
    """Return the ids of all texts that nobody has used since ``when``, in seconds since 1970."""
    found: set[str] = set()
    for folder in _folders(at):
        with suppress(OSError):
            if (folder / _ABOUT).stat().st_mtime < when:
                found.add(folder.name)
    return found


def delete(at: Path, asked: str) -> None:
    """Delete a text with all that was made of it; it is no error if there is none."""
    if _ID.fullmatch(asked):
        drafts.removed(at / FOLDER / asked)


def places_of_cut(at: Path) -> list[Path]:
    """Return the folders in which texts in numbers lie, each beside the text that they were made of."""
    return [folder / CUT for folder in _folders(at) if (folder / CUT).is_dir()]


def _is_whole(folder: Path) -> bool:
    """Tell whether nothing of a folder is missing: a server may have ended while it deleted it."""
    return (folder / _BY).is_dir() and _read(folder) is not None


def _folders(at: Path) -> list[Path]:
    with suppress(OSError):
        return sorted(folder for folder in (at / FOLDER).iterdir() if _ID.fullmatch(folder.name))
    return []


def _of(at: Path, owner: str) -> Iterator[Text]:
    for folder in _folders(at):
        one = _read(folder) if (folder / _BY / hidden(owner)).exists() else None
        if one is not None:
            yield one


def _id(digest: str, name: str) -> str:
    """Return the id of a text: the same bytes as a table are another one."""
    return f"{digest}.table" if is_table(name) else digest


def _read(folder: Path) -> Text | None:
    with suppress(OSError, ValueError, KeyError, TypeError):
        about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        if (folder / _FILE).is_file():
            table = folder.name.endswith(".table")
            return Text(folder.name, str(about["name"]), folder / _FILE, int(about["size"]), table)
    return None
