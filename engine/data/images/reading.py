"""Images of one's own, ready to be learnt from: read once for all who learn them, by a job that tells how far it is."""

import os
from collections import Counter
from collections.abc import Generator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from engine import quarantine
from engine.data.images import bringing, pack
from engine.data.images.bringing import Brought, brought
from engine.data.images.gathering import Gathered, How, gather
from engine.data.images.pack import Dropped, Pack, Record, Writer
from engine.data.images.spec import OWN, ImagesSpec
from engine.data.zipped import counted
from engine.errors import DataError
from engine.jobs import Order, Progress
from engine.keeping import downloading, drafts, home

MOST_READ = 3
"""Ways in which one set is kept: in another size, or in colour."""
MOST_FROM_SERVER = 10


def reading(spec: ImagesSpec) -> Generator[Progress, None, Pack]:
    """Yield how far it is, and return the images of ``spec``; those that are kept are taken. Raises DataError."""
    found = kept(spec)
    if found is not None:
        return found
    asked, how = brought(spec.own_images), _how(spec)
    yield from _downloaded(asked)
    folder = _folder(asked, how)
    drafts.tidy(folder.parent)
    with quarantine.ready(), pack.writing(folder) as writer:
        gathered = yield from gather(asked, how, writer)
        _finish(writer, asked, how, gathered)
    _evict(folder)
    found = pack.opened(folder)
    if found is None:
        raise DataError(pack.NOT_READ)
    return found


def kept(spec: ImagesSpec) -> Pack | None:
    """Return images that were read; None until they are. Raises DataError where what they are read from is gone."""
    found = pack.opened(_folder(brought(spec.own_images), _how(spec)))
    if found is not None:
        with suppress(OSError):
            os.utime(found.folder / pack.RECORD)  # it is used now: others go first where there are too many
    return found


def order(spec: ImagesSpec) -> Order:
    """Return the order to read images: the same for all who learn them. Raises DataError where they are not here."""
    asked, how = brought(spec.own_images), _how(spec)
    return Order.of(
        "engine.data.images.reading:read", own=spec.own_images, side=how.side, colour=how.colour, said=asked.said
    )


def read(arguments: Mapping[str, Any]) -> Generator[Progress, None, Mapping[str, Any]]:
    """Read images, see ``order``; the result tells how many there are."""
    how = {"own_side": arguments["side"], "own_colour": arguments["colour"]}
    spec = ImagesSpec(images=OWN, own_images=arguments["own"], **how)
    found = yield from reading(spec)
    return {"images": found.record.images}


def drained(work: Generator[Progress, None, Pack]) -> Pack:
    """Return the result of work, whose progress nobody watches."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value


def _how(spec: ImagesSpec) -> How:
    return How(spec.own_side, spec.own_colour)


def _folder(asked: Brought, how: How) -> Path:
    return asked.packs / f"{how.side}-{how.colour}-{pack.VERSION}"


def _downloaded(asked: Brought) -> Generator[Progress, None, None]:
    """Download what is missing of a published set; raises DataError."""
    if asked.published is None:
        return
    for file in asked.missing:
        wanted = asked.published.wanted(file)
        yield from downloading.fetched(wanted, asked.published.folder(home()) / file.name)


def _finish(writer: Writer, asked: Brought, how: How, gathered: Gathered) -> None:
    """Write the record; classes without an image are none. Raises DataError where too little was found."""
    labels = writer.labels()
    counts = Counter(labels.tolist())
    present = sorted(counts)
    classes = tuple(gathered.classes[label] for label in present)
    pack.at_least_two(asked.title, [counts[label] for label in present], classes)
    renamed = np.zeros(256, np.uint8)
    renamed[present] = np.arange(len(present))
    record = Record(
        asked.title,
        tuple((part.name, part.sha256) for part in asked.parts),
        len(labels),
        gathered.held,
        3 if how.colour == "colour" else 1,
        how.side,
        classes,
        tuple(counts[label] for label in present),
        gathered.seen,
        tuple(Dropped(why, times, first) for why, times, first in counted(gathered.dropped)),
    )
    writer.finish(renamed[labels], record)


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
