"""Images that were read from what a person has brought: bytes in one file, mapped, with a record beside them.

A folder holds ``pixels`` (n, channels, side, side) uint8, ``labels`` (n,) uint8, and ``record.json``.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import DataError
from engine.keeping import drafts

VERSION = 1
RECORD, PIXELS, LABELS = "record.json", "pixels", "labels"
NOT_READ = "These images are not read any more: ask for them again."


@dataclass(frozen=True, slots=True)
class Dropped:
    """So many that are not among the images, all for one reason (``why``), and the ``first`` of them."""

    why: str
    count: int
    first: str


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of a pack.

    ``files`` are [name, SHA-256] of what was read, ``counts`` the images of each of ``classes``; the last ``held`` are
    a test part that came with the others. Of ``seen`` images those ``dropped`` could not be read.
    """

    title: str
    files: tuple[tuple[str, str], ...]
    images: int
    held: int
    channels: int
    side: int
    classes: tuple[str, ...]
    counts: tuple[int, ...]
    seen: int
    dropped: tuple[Dropped, ...] = ()
    version: int = VERSION

    def told_dropped(self) -> str:
        """Return a sentence about what could not be read; nothing where all was."""
        lost = sum(one.count for one in self.dropped)
        if not lost:
            return ""
        first = self.dropped[0]
        rest = f"; {len(self.dropped) - 1} other reasons" if len(self.dropped) > 2 else ""
        rest = f"; {self.dropped[1].first} {self.dropped[1].why}" if len(self.dropped) == 2 else rest
        return f"{lost:,} of {self.seen:,} pictures could not be read: first: {first.first} {first.why}{rest}."


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """Images with labels: ``pixels`` (n, channels, side, side) uint8, mapped from disk; ``labels`` (n,) uint8."""

    folder: Path
    record: Record
    pixels: np.ndarray
    labels: np.ndarray


class Writer:
    """Takes images in as they come, in a folder that is a draft."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._labels: list[np.ndarray] = []
        self._file = (folder / PIXELS).open("wb")

    def add(self, pixels: np.ndarray, labels: np.ndarray) -> None:
        """Take some images (n, channels, side, side) uint8 in, with their labels (n,)."""
        self._file.write(np.ascontiguousarray(pixels).data)
        self._labels.append(labels.astype(np.uint8))

    def close(self) -> None:
        """Write no more images."""
        self._file.close()

    def labels(self) -> np.ndarray:
        """Return the labels of all, (n,) uint8."""
        return np.concatenate([np.empty(0, np.uint8), *self._labels])

    def finish(self, labels: np.ndarray, record: Record) -> None:
        """Write the labels, which may be others by now, and the record."""
        self.close()
        labels.astype(np.uint8).tofile(self._folder / LABELS)
        (self._folder / RECORD).write_text(json.dumps(asdict(record)), encoding="utf-8")


@contextmanager
def writing(folder: Path) -> Iterator[Writer]:
    """Give what writes a pack, which takes its place whole or leaves no trace; raises DataError where it cannot."""
    with drafts.drafted(folder, lambda there: opened(there) is not None) as aside:
        writer = Writer(aside)
        try:
            yield writer
        finally:
            writer.close()


def opened(folder: Path) -> Pack | None:
    """Return the pack in a folder; None where there is none, or it is not whole."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        record = _record(json.loads((folder / RECORD).read_text(encoding="utf-8")))
        shape = (record.images, record.channels, record.side, record.side)
        labels = np.fromfile(folder / LABELS, np.uint8)
        whole = (folder / PIXELS).stat().st_size == int(np.prod(shape)) and labels.shape == (record.images,)
        if record.version == VERSION and whole and record.images:
            return Pack(folder, record, np.memmap(folder / PIXELS, np.uint8, "r", shape=shape), labels)
    return None


def at_least_two(title: str, counts: Sequence[int], classes: Sequence[str]) -> None:
    """Raise DataError where there are not two classes, or fewer than two images of one."""
    if len(classes) < 2:
        only = f", received only {classes[0]!r}" if classes else ", received none"
        raise DataError(f"{title} has too few classes: expected at least two{only}.")
    alone = next((name for name, count in zip(classes, counts, strict=True) if count < 2), None)
    if alone is not None:
        raise DataError(f"{title} has one image only of the class {alone!r}: expected at least two of each.")


def _record(found: dict[str, Any]) -> Record:
    pairs = tuple((str(name), str(digest)) for name, digest in found["files"])
    dropped = tuple(Dropped(**one) for one in found["dropped"])
    lists = {name: tuple(found[name]) for name in ("classes", "counts")}
    return Record(**{**found, **lists, "files": pairs, "dropped": dropped})
