"""Texts with classes that were read from what a person has brought: bytes in one file, with a record beside them.

A folder holds ``texts``, all of them in UTF-8 one behind the other, ``ends`` (n,) int64, where each ends, ``labels``
(n,) uint8, and ``record.json``.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from engine.keeping import drafts

VERSION = 1
RECORD, TEXTS, ENDS, LABELS = "record.json", "texts", "ends", "labels"
NOT_READ = "These texts are not read any more: ask for them again."
MOST_REASONS = 3
UNBALANCED = 4


@dataclass(frozen=True, slots=True)
class Dropped:
    """So many that are not among the texts, all for one reason (``why``), and where the ``first`` of them stood."""

    why: str
    count: int
    first: str


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of a pack: ``counts`` are the texts of each of ``classes``, ``columns`` those of a table that were
    read: of texts, and of classes. Not among the texts are those ``dropped``, and those that came ``again``; so many
    are of ``several`` classes.
    """

    title: str
    files: tuple[tuple[str, str], ...]
    texts: int
    classes: tuple[str, ...]
    counts: tuple[int, ...]
    columns: tuple[str, ...] = ()
    again: int = 0
    several: int = 0
    dropped: tuple[Dropped, ...] = ()
    version: int = VERSION

    def told_dropped(self) -> str:
        """Return a sentence about what was left out; nothing where nothing was."""
        told = [
            f"{one.first} {one.why}" + (f" ({one.count - 1:,} more as well)" if one.count > 1 else "")
            for one in self.dropped[:MOST_REASONS]
        ]
        rest = len(self.dropped) - MOST_REASONS
        if rest > 0:
            told.append(f"and for {rest} other reason{'s' if rest > 1 else ''} some more")
        return f"Left out: {'; '.join(told)}." if told else ""

    def told_warnings(self) -> tuple[str, ...]:
        """Return in plain words what will make learning hard, or its score not mean what it seems to."""
        found = []
        if self.again:
            found.append(f"{_times(self.again)} came more than once in its class and counts once.")
        if self.several:
            found.append(f"{_times(self.several)} is in more than one class: no net can be right about all of these.")
        most, least = max(self.counts), min(self.counts)
        if most >= UNBALANCED * least:
            large, small = (self.classes[self.counts.index(count)] for count in (most, least))
            found.append(
                f"The classes are out of balance: {most:,} texts of {large!r} against {least:,} of {small!r}, so look "
                "at the score of each class and not only at the share that is right."
            )
        return tuple(found)


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """Texts with their classes: ``texts`` (n,), ``labels`` (n,) uint8, places in the record's classes."""

    folder: Path
    record: Record
    texts: tuple[str, ...]
    labels: np.ndarray


def write(folder: Path, record: Record, texts: Sequence[str], labels: np.ndarray) -> None:
    """Write a pack, which takes its place whole or leaves no trace; raises DataError where it cannot."""
    parts = [text.encode() for text in texts]
    with drafts.drafted(folder, lambda there: opened(there) is not None) as aside:
        (aside / TEXTS).write_bytes(b"".join(parts))
        np.cumsum([len(part) for part in parts], dtype=np.int64).tofile(aside / ENDS)
        labels.astype(np.uint8).tofile(aside / LABELS)
        (aside / RECORD).write_text(json.dumps(asdict(record)), encoding="utf-8")


def opened(folder: Path) -> Pack | None:
    """Return the pack in a folder; None where there is none, or it is not whole."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        record = recorded(folder)
        ends, labels = np.fromfile(folder / ENDS, np.int64), np.fromfile(folder / LABELS, np.uint8)
        data = (folder / TEXTS).read_bytes()
        whole = ends.shape == labels.shape == (record.texts,) and len(data) == int(ends[-1])
        if record.version == VERSION and whole:
            return Pack(folder, record, tuple(cut(data, ends)), labels)
    return None


def recorded(folder: Path) -> Record:
    """Return the record of a pack; raises OSError, ValueError, KeyError, TypeError where it is not there, or none."""
    return _record(json.loads((folder / RECORD).read_text(encoding="utf-8")))


def cut(data: bytes, ends: np.ndarray) -> list[str]:
    """Return the texts that lie one behind the other in ``data``."""
    return [data[begin:end].decode() for begin, end in pairwise([0, *ends.tolist()])]


def _times(count: int) -> str:
    return "1 text" if count == 1 else f"Each of {count:,} texts"


def _record(found: dict[str, Any]) -> Record:
    pairs = tuple((str(name), str(digest)) for name, digest in found["files"])
    dropped = tuple(Dropped(**one) for one in found["dropped"])
    lists = {name: tuple(found[name]) for name in ("classes", "counts", "columns")}
    return Record(**{**found, **lists, "files": pairs, "dropped": dropped})
