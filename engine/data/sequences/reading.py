"""Texts of one's own, ready to be learnt from: read once for all who learn them, by a job that tells how far it is."""

import os
from collections import Counter
from collections.abc import Generator, Mapping
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from engine import quarantine
from engine.data.sequences import bringing, pack
from engine.data.sequences.bringing import Brought, brought
from engine.data.sequences.gathering import Gathered, How, Look, gather
from engine.data.sequences.gathering import look as look_at
from engine.data.sequences.pack import Dropped, Pack, Record
from engine.data.sequences.reader import HEAD_BYTES
from engine.errors import DataError
from engine.jobs import Order, Progress
from engine.keeping import drafts

MOST_READ = 4
"""Ways in which one set is kept: of other columns, or in another encoding."""
MOST_FROM_SERVER = 20
ALONE = "is the only text of its class"


def reading(asked: str, how: How) -> Generator[Progress, None, Pack]:
    """Yield how far it is, and return the texts of an id; those that are kept are taken. Raises DataError."""
    one = brought(asked)
    folder = _folder(one, how)
    found = pack.opened(folder)
    if found is not None:
        return found
    drafts.tidy(folder.parent)
    with quarantine.ready():
        gathered = yield from gather(one, how)
    yield Progress(None, "putting the texts in order")
    pack.write(folder, *_finished(one, gathered))
    _evict(folder)
    found = pack.opened(folder)
    if found is None:
        raise DataError(pack.NOT_READ)
    return found


def kept(asked: str, how: How) -> Record | None:
    """Return what is known of texts that were read; None until they are. Raises DataError where they are gone."""
    folder = _folder(brought(asked), how)
    with suppress(OSError, ValueError, KeyError, TypeError):
        record = pack.recorded(folder)
        os.utime(folder / pack.RECORD)  # it is used now: others go first where there are too many
        return record
    return None


def order(asked: str, how: How) -> Order:
    """Return the order to read texts: the same for all who learn them. Raises DataError where they are not here."""
    one = brought(asked)
    return Order.of("engine.data.sequences.reading:read", own=asked, how=list(how), said=one.said)


def read(arguments: Mapping[str, Any]) -> Generator[Progress, None, Mapping[str, Any]]:
    """Read texts, see ``order``; the result tells how many there are."""
    found = yield from reading(arguments["own"], How(*arguments["how"]))
    return {"texts": found.record.texts}


def drained(work: Generator[Progress, None, Pack]) -> Pack:
    """Return the result of work, whose progress nobody watches."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value


def looked_at(asked: str, encoding: str) -> Look:
    """Return what is seen at the beginning of a file; of a set of several it is no table. Raises DataError."""
    one = brought(asked)
    if len(one.parts) != 1:
        return Look("files")
    return _look(one.parts[0].path, one.parts[0].name, one.said, encoding)


@lru_cache(256)
def _look(path: Path, name: str, _said: str, encoding: str) -> Look:
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError:
        raise DataError(f"{name} cannot be read: choose other texts.") from None
    return look_at(head, name, encoding)


def _folder(one: Brought, how: How) -> Path:
    return one.packs / f"{sha256(repr(tuple(how)).encode()).hexdigest()[:16]}-{pack.VERSION}"


def _finished(one: Brought, gathered: Gathered) -> tuple[Record, list[str], np.ndarray]:
    """Return the record, the texts (n,) and their labels (n,): each text once in its class, and no class of one text.

    Raises DataError where too little is left.
    """
    whole = list(dict.fromkeys(zip(gathered.texts, gathered.labels, strict=True)))
    counts = Counter(label for _, label in whole)
    alone = sorted(label for label, count in counts.items() if count == 1)
    if alone:
        first = next(text for text, label in whole if label == alone[0])
        gathered.dropped.append(Dropped(ALONE, len(alone), f"{_cut(first)!r} of {gathered.classes[alone[0]]!r}"))
        whole = [(text, label) for text, label in whole if label not in set(alone)]
    present = sorted({label for _, label in whole}, key=lambda label: gathered.classes[label].lower())
    if len(present) < 2:
        raise DataError(_too_few(one.title, gathered, present))
    new = {label: place for place, label in enumerate(present)}
    record = Record(
        one.title,
        tuple((part.name, part.sha256) for part in one.parts),
        len(whole),
        tuple(gathered.classes[label] for label in present),
        tuple(counts[label] for label in present),
        gathered.columns,
        sum(1 for count in Counter(zip(gathered.texts, gathered.labels, strict=True)).values() if count > 1),
        sum(1 for count in Counter(text for text, _ in whole).values() if count > 1),
        tuple(gathered.dropped),
    )
    return record, [text for text, _ in whole], np.array([new[label] for _, label in whole], np.uint8)


def _too_few(title: str, gathered: Gathered, present: list[int]) -> str:
    only = f"only {gathered.classes[present[0]]!r}" if present else "none"
    first = gathered.dropped[0] if gathered.dropped else None
    why = f"; first of what was left out: {first.first} {first.why}" if first else ""
    return f"{title} has too few classes: expected at least two, with two texts each, received {only}{why}."


def _cut(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:29]}…"


def _evict(folder: Path) -> None:
    """Delete what was used least recently where one set is kept in too many ways, or too much of the server's own."""
    _delete_oldest([path for path in folder.parent.iterdir() if path != folder], MOST_READ - 1)
    if folder.parent.parent.name == bringing.READ:
        others = [path for place in folder.parent.parent.iterdir() for path in place.iterdir() if path != folder]
        _delete_oldest(others, MOST_FROM_SERVER - 1)


def _delete_oldest(folders: list[Path], most: int) -> None:
    def used(folder: Path) -> float:
        with suppress(OSError):
            return (folder / pack.RECORD).stat().st_mtime
        return 0.0

    for folder in sorted((one for one in folders if not one.name.startswith(".")), key=used, reverse=True)[most:]:
        drafts.removed(folder)
