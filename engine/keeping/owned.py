"""What people have brought, each thing kept once, in a folder named by what it holds: so a run's settings say exactly
what it learnt from.

A folder holds the files, what is known ``about`` them, a mark for each person who has brought them (``by``), and what
is made of them, which goes with them.
"""

import json
import os
import re
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from engine.errors import DataError
from engine.keeping import drafts, short
from engine.keeping.receiving import Room, hidden

_ABOUT, _BY = "about.json", "by"
_NOTED_SECONDS = 3600.0
"""When a thing was last used is noted this exactly."""


class Thing(Protocol):
    """One thing that somebody has brought."""

    @property
    def id(self) -> str:
        """Return the id that it is kept under."""
        ...

    @property
    def name(self) -> str:
        """Return its name, fit for a message."""
        ...

    @property
    def size(self) -> int:
        """Return its bytes."""
        ...


T_co = TypeVar("T_co", bound=Thing, covariant=True)


@dataclass(frozen=True, slots=True)
class Owned(Generic[T_co]):
    """All things of one kind: they lie in a ``folder`` below Learnscope's home, ``many`` is what people call them.

    An id is like ``ids``. ``read`` makes a thing of its folder and of what is known about it; where something is
    missing it returns None, or raises OSError, ValueError, KeyError or TypeError. ``never`` is said of what is no id,
    with ``{asked}``; ``gone`` of one that is not there, with ``{id}``, its beginning.
    """

    folder: str
    many: str
    ids: re.Pattern[str]
    read: Callable[[Path, Any], T_co | None]
    never: str
    gone: str

    def room(self, at: Path, owner: str, shown: str, most: int, most_bytes: int, together: int) -> Room:
        """Return the room that somebody has for one more, ``shown``, below the home ``at``.

        A person may have so many (``most``), of so many bytes each and ``together``. Raises DataError where it is full.
        """
        theirs = list(self._of(at, owner))
        if len(theirs) >= most:
            raise DataError(
                f"{shown} was not kept: expected at most {most} {self.many} a person, and you have as many."
            )
        return Room(most_bytes, together, sum(one.size for one in theirs))

    @contextmanager
    def draft(self, at: Path) -> Generator[Path]:
        """Give a folder to write a thing in, until it is ``taken``; raises DataError where it cannot be written."""
        drafts.tidy(at / self.folder)
        with drafts.draft(at / self.folder, "coming") as draft:
            yield draft

    def taken(self, draft: Path, asked: str, about: object, owner: str) -> str:
        """Move a draft to where its id belongs, with what is known ``about`` it, as somebody's; return the id."""
        folder = draft.with_name(asked)
        (draft / _BY).mkdir()
        (draft / _ABOUT).write_text(json.dumps(about), encoding="utf-8")
        drafts.take_place(draft, folder, self._is_whole)
        (folder / _BY / hidden(owner)).touch()
        _note_use(folder)
        return asked

    def found(self, at: Path, asked: str) -> T_co:
        """Return the thing of an id, which is used by that; raises DataError where there is none."""
        if not self.ids.fullmatch(asked):
            raise DataError(self.never.format(asked=repr(short(asked))))
        folder = at / self.folder / asked
        one = self._read(folder)
        if one is None:
            raise DataError(self.gone.format(id=f"{asked[:8]}…"))
        _note_use(folder)
        return one

    def listed(self, at: Path, owner: str) -> list[T_co]:
        """Return what somebody has brought, by name."""
        return sorted(self._of(at, owner), key=lambda one: one.name)

    def give_up(self, at: Path, asked: str, owner: str) -> None:
        """Take a thing off somebody's account; where nobody else has brought it, it is deleted. Raises DataError."""
        self.found(at, asked)
        marks = at / self.folder / asked / _BY
        (marks / hidden(owner)).unlink(missing_ok=True)
        if not any(marks.iterdir()):
            self.delete(at, asked)

    def unused_since(self, at: Path, when: float) -> set[str]:
        """Return the ids of all things that nobody has used since ``when``, in seconds since 1970."""
        unused: set[str] = set()
        for folder in self.folders(at):
            with suppress(OSError):
                if (folder / _ABOUT).stat().st_mtime < when:
                    unused.add(folder.name)
        return unused

    def delete(self, at: Path, asked: str) -> None:
        """Delete a thing with all that was made of it; it is no error if there is none."""
        if self.ids.fullmatch(asked):
            drafts.removed(at / self.folder / asked)

    def folders(self, at: Path) -> list[Path]:
        """Return the folders of all things, named by their ids."""
        with suppress(OSError):
            return sorted(folder for folder in (at / self.folder).iterdir() if self.ids.fullmatch(folder.name))
        return []

    def _of(self, at: Path, owner: str) -> Iterator[T_co]:
        for folder in self.folders(at):
            one = self._read(folder) if (folder / _BY / hidden(owner)).exists() else None
            if one is not None:
                yield one

    def _is_whole(self, folder: Path) -> bool:
        """Tell whether nothing of a folder is missing: a server may have ended while it deleted it."""
        return (folder / _BY).is_dir() and self._read(folder) is not None

    def _read(self, folder: Path) -> T_co | None:
        with suppress(OSError, ValueError, KeyError, TypeError):
            return self.read(folder, json.loads((folder / _ABOUT).read_text(encoding="utf-8")))
        return None


def _note_use(folder: Path) -> None:
    """Set the time of the last change of what is known about a thing to now: that of its last use."""
    with suppress(OSError):
        if time.time() - (folder / _ABOUT).stat().st_mtime > _NOTED_SECONDS:
            os.utime(folder / _ABOUT)
