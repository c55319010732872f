"""All spaces that this server can open: listed, told by their id, and mapped once for everybody."""

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path

from engine.errors import DataError
from engine.jobs import Course, Forge, Jobs, Order
from engine.words import learnt, opening, reading, retention, trained
from engine.words.corpora import LEARNT, corpus
from engine.words.packaged import PACKAGED, packaged
from engine.words.sources import Group, Source, catalogue, downloading, server, unknown, uploads
from engine.words.space import Space

MOST_OPEN = 16
IDLE_SECONDS = 1800.0
"""A space that nobody has asked for so long is not held open any more: it may be deleted where room is needed."""


class Library:
    """The spaces below ``home``; may be asked by many threads. Listing and opening take milliseconds."""

    def __init__(self, home: Path, environ: Mapping[str, str] | None = None) -> None:
        self.home = home.absolute()
        self._places = server.places(os.environ if environ is None else environ)
        self._kept = self.home / "words"
        self._lock = threading.Lock()
        self._open: OrderedDict[Path, tuple[Space, float]] = OrderedDict()
        self.grown = threading.Event()
        """Set when another space is open, which may be one too many for the disk."""

    def sources(self, owner: str) -> list[Group]:
        """Return all that somebody is offered, by kind; kinds of which there is nothing are left out."""
        groups = [
            Group("Learnt by the app", tuple(_of_corpus(name) for name in LEARNT)),
            Group("Learnt in Train words", tuple(learnt.listed(self.home, owner))),
            Group("Packaged", tuple(_of_packaged(one.name) for one in PACKAGED if one.kind == "vectors")),
            Group("Your file, uploaded by you", tuple(uploads.listed(self.home, owner))),
            Group("On this server", tuple(server.listed(self._places))),
            Group("To download", tuple(catalogue.listed(self.home))),
        ]
        return [group for group in groups if group.sources]

    def source(self, asked: str) -> Source:
        """Return the source of an id; raises DataError where there is none."""
        if asked in LEARNT:
            return _of_corpus(asked)
        match asked.partition(":")[0]:
            case "packaged":
                return _of_packaged(asked.removeprefix("packaged:"))
            case "run":
                return learnt.source(self.home, asked)
            case "upload":
                return uploads.source(self.home, asked)
            case "server":
                return server.source(self._places, asked)
            case "catalogue":
                return catalogue.source(self.home, asked)
        raise unknown(asked)

    def space(self, asked: str, limit: int | None = None) -> Space | None:
        """Return the space of an id, with its first ``limit`` rows; None if it was never opened. Raises DataError."""
        folder = self.folder(asked, limit)
        if folder is None:
            return None
        space = self._taken(folder)
        if space is not None:
            opening.used(folder)
            return space
        space = opening.opened(folder)
        if space is not None:
            self.grown.set()
        return self._taken(folder, space)

    def tidy(self) -> None:
        """Delete what is kept below ``home`` for too long, or beyond what is kept; see ``engine.words.retention``."""
        self._taken()
        retention.tidy(self.home)

    def _taken(self, folder: Path | None = None, space: Space | None = None) -> Space | None:
        """Return the space that is open in a folder, or else ``space``, which is open from now on; let idle ones go."""
        now = time.monotonic()
        with self._lock:
            found = self._open.pop(folder, (space, now))[0] if folder else None
            if folder and found is not None:
                self._open[folder] = found, now
            while self._open:
                _, asked_at = next(iter(self._open.values()))
                if len(self._open) <= MOST_OPEN and now - asked_at <= IDLE_SECONDS:
                    break
                self._open.popitem(last=False)
        return found

    def order(self, asked: str, limit: int | None = None) -> Order:
        """Return the order that has ``space`` find a space; raises DataError."""
        if asked in LEARNT:
            return trained.order(asked, self._kept)
        if asked.startswith(learnt.KIND):
            return learnt.named(asked).order(self.home)
        if asked.startswith(catalogue.KIND):
            return downloading.order(catalogue.published(asked).name, self.home, limit or None)
        path, name = self._file(asked)
        uploaded, exactly = asked.startswith(uploads.KIND), asked.startswith(server.KIND)
        folder = self._place(path, limit or None)
        return reading.order(path, name, folder, limit or None, uploaded=uploaded, exactly=exactly)

    def opened(self, jobs: Jobs, asked: str, limit: int | None, owner: str) -> Space | Course:
        """Return the space of an id, or else the course of the job that opens it, begun if need be. Raises DataError.

        Where there is no room for all of it, the course is done, and its result says so (``offer``, ``words``).
        """
        space = self.space(asked, limit)
        if space is not None:
            return space
        order = self.order(asked, limit)
        course = jobs.course(order)
        if course is not None and course.state == "failed":
            return course
        if course is not None and course.state == "done" and "offer" not in (course.result or {}):
            space = self.space(asked, limit)
            if space is not None:
                return space
            jobs.forget(order)  # what it had opened is gone, or damaged
        course = jobs.ask(order, owner)
        if course.state == "done" and "offer" not in (course.result or {}):  # it ended while one looked
            space = self.space(asked, limit)
        return course if space is None else space

    def folder(self, asked: str, limit: int | None = None) -> Path | None:
        """Return where the space of an id is to be kept; None while its file has not come yet. Raises DataError."""
        if asked in LEARNT:
            return trained.folder(asked, self._kept)
        if asked.startswith(learnt.KIND):
            return learnt.named(asked).folder(self.home)
        if asked.startswith(catalogue.KIND) and not catalogue.published(asked).path(self.home).is_file():
            return None
        return self._place(self._file(asked)[0], limit or None)

    def _place(self, path: Path, limit: int | None) -> Path:
        try:
            key = opening.key_of(path, limit)
        except OSError:
            raise DataError(f"{path.name} is no longer on this server: choose others.") from None
        own = path.is_relative_to(self.home / uploads.FOLDER)
        return (path.parent / uploads.SPACES if own else self._kept) / key

    def _file(self, asked: str) -> tuple[Path, str]:
        """Return the file of an id, and what it is called in messages; raises DataError."""
        match asked.partition(":")[0]:
            case "packaged":
                path = packaged(asked.removeprefix("packaged:")).path
                return path, path.name
            case "upload":
                upload = uploads.found(self.home, asked)
                return upload.path, upload.name
            case "server":
                path = server.path_of(self._places, asked)
                return path, path.name
            case "catalogue":
                path = catalogue.published(asked).path(self.home)
                return path, path.name
        raise unknown(asked)


def forge() -> Forge:
    """Return what starts the processes of openings, within their limits."""
    return Forge(reading.PRELOAD, reading.LIMITS, reading.ENVIRONMENT)


def _of_corpus(name: str) -> Source:
    text = corpus(name)
    return Source(name, text.title, text.about)


def _of_packaged(name: str) -> Source:
    one = packaged(name)
    return Source(f"packaged:{one.name}", one.title, one.about)
