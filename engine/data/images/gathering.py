"""What is in the files that somebody has brought becomes images of one size, a batch at a time, all of it read in
quarantine: here lie only bytes, and numbers that come from there.
"""

import hashlib
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from engine import quarantine
from engine.data import layout
from engine.data.batch import UNREAD, Packed, packed
from engine.data.images import cifar, published
from engine.data.images.bringing import Brought
from engine.data.images.own import MAX_BYTES, MOST_PARTS
from engine.data.images.pack import Writer
from engine.data.images.pictures import CHANNELS
from engine.data.zipped import PICTURES, Entry, shown
from engine.errors import DataError
from engine.jobs import Progress
from engine.keeping.sets import Part, read_bytes

MOST_IMAGES = 70_000
MOST_PIXEL_BYTES = 192 * 2**20
MOST_CLASSES = 100
BATCH_BYTES = 32 * 2**20
BATCH_PICTURES, BATCH_PACKED_BYTES = 400, 16 * 2**20
MOST_SECONDS = 900.0
"""Reading pictures may take so long altogether."""
MOST_FAILURES = 20
"""So many times a picture may bring its reader to an end: then the rest is not read."""
TEST = ("t10k", "test")
READER = "engine.data.images.forms:{}"


class How(NamedTuple):
    """How images are to be: so many pixels each way, ``grey`` or in ``colour``."""

    side: int
    colour: str

    @property
    def bytes(self) -> int:
        """Return the bytes of one image."""
        return CHANNELS[self.colour] * self.side**2


@dataclass(slots=True)
class Gathered:
    """What came of it: names of classes, how many of the last images are a test part, how many there were, and
    [name, why] of those that are not among them.
    """

    classes: tuple[str, ...]
    held: int = 0
    seen: int = 0
    dropped: list[tuple[str, str]] = field(default_factory=list)


class _Looked(NamedTuple):
    part: Part
    data: bytes
    told: Mapping[str, Any]
    labels: np.ndarray


Gathering = Generator[Progress, None, Gathered]


def gather(brought: Brought, how: How, into: Writer) -> Gathering:
    """Yield how far the reading is, and return what came of it; the images go ``into`` a pack. Raises DataError."""
    if brought.root is not None:
        return (yield from _of_tree(brought, how, into))
    looked = list(_looked(brought))
    kinds = {one.told["kind"] for one in looked}
    if kinds == {"idx"}:
        return (yield from _of_idx(brought, looked, how, into))
    if kinds == {"cifar"} or (kinds == {"tar"} and len(looked) == 1):
        return (yield from _of_cifar(brought, looked, how, into))
    if kinds == {"zip"} and len(looked) == 1:
        return (yield from _of_zip(looked[0], how, into))
    received = ", ".join(f"{one.part.name} ({_called(one.told)})" for one in looked)
    raise DataError(
        f"These files are no one set: expected images with their labels in IDX, batches of CIFAR-10, or one archive, "
        f"received {received}."
    )


def _called(told: Mapping[str, Any]) -> str:
    titles = {"idx": "IDX", "cifar": "a batch of CIFAR-10", "tar": "a tar archive", "zip": "a zip archive"}
    return titles[told["kind"]]


def _looked(brought: Brought) -> Iterator[_Looked]:
    """Yield what the files are; of a folder on the server those that hold no images are left out, if others do."""
    if not brought.parts:
        raise DataError(f"{brought.title} holds no files.")
    if len(brought.parts) > MOST_PARTS:
        raise DataError(
            f"{brought.title} holds {len(brought.parts):,} files and no folders: expected a folder of pictures for "
            f"each class, or at most {MOST_PARTS} files of images."
        )
    found, refused = 0, ""
    for part in brought.parts:
        data = read_bytes(part, MAX_BYTES)
        try:
            told, arrays = quarantine.read(READER.format("look"), data, part.name)
        except DataError as error:
            if not part.exactly or len(brought.parts) == 1:
                raise
            refused = refused or str(error)
            continue
        found += 1
        yield _Looked(part, data, told, arrays.get("labels", np.empty(0, np.uint8)))
    if not found:
        raise DataError(refused)


def _check(title: str, count: int, how: How) -> None:
    """Raise DataError where there would be too many images, or too many bytes of them."""
    if count > MOST_IMAGES:
        raise DataError(f"{title} holds too many images: expected at most {MOST_IMAGES:,}, received {count:,}.")
    if count * how.bytes > MOST_PIXEL_BYTES:
        raise DataError(
            f"{title} is too large: {count:,} images of {how.side} x {how.side} pixels in {how.colour} take "
            f"{count * how.bytes >> 20:,} MB, expected at most {MOST_PIXEL_BYTES >> 20}; choose fewer pixels, or grey."
        )


def _of_idx(brought: Brought, looked: Sequence[_Looked], how: How, into: Writer) -> Gathering:
    pairs = _pairs(looked)
    total = sum(len(labels.labels) for _, labels in pairs)
    _check(brought.title, total, how)
    largest = max(int(labels.labels.max(initial=0)) for _, labels in pairs)
    if largest >= MOST_CLASSES:
        which = next(labels for _, labels in pairs if labels.labels.max(initial=0) == largest)
        raise DataError(f"{which.part.name} has a label of {largest}: expected 0 to {MOST_CLASSES - 1}.")
    classes = _idx_classes(brought, looked, largest)
    done = 0
    for images, labels in pairs:
        step = max(1, BATCH_BYTES // how.bytes)
        for start in range(0, len(labels.labels), step):
            yield Progress(done / total, f"{done:,} of {total:,} images read")
            some = labels.labels[start : start + step]
            pixels = _rows(images, "", start, len(some), how)["pixels"]
            into.add(pixels, some)
            done += len(some)
    held = len(pairs[-1][1].labels) if len(pairs) > 1 and _has_test(pairs) else 0
    return Gathered(classes, held, total)


def _idx_classes(brought: Brought, looked: Sequence[_Looked], largest: int) -> tuple[str, ...]:
    """Return what the labels are called: a file that is published says it by its sum."""
    if brought.published is not None:
        known = brought.published.classes
    else:
        sums = (hashlib.md5(one.data, usedforsecurity=False).hexdigest() for one in looked)
        known = published.classes_of(frozenset(sums))
    return known if len(known) > largest else tuple(map(str, range(max(largest + 1, 10))))


def _pairs(looked: Sequence[_Looked]) -> list[tuple[_Looked, _Looked]]:
    """Return files of images with those of their labels, which are as many, a test part last; raises DataError."""
    odd = next((one for one in looked if len(one.told["shape"]) not in (1, 3)), None)
    if odd is not None:
        dimensions = len(odd.told["shape"])
        raise DataError(f"{odd.part.name} tells {dimensions} dimensions: expected 1 for labels, or 3 for images.")
    images = sorted((one for one in looked if len(one.told["shape"]) == 3), key=lambda one: one.part.name)
    labels = sorted((one for one in looked if len(one.told["shape"]) == 1), key=lambda one: one.part.name)
    pairs = []
    for one in images:
        count, *size = one.told["shape"]
        if not count or not all(size):
            raise DataError(f"{one.part.name} holds no images: expected at least one, of at least one pixel.")
        partner = next((other for other in labels if len(other.labels) == count), None)
        if partner is None:
            have = " and ".join(f"{len(other.labels):,}" for other in labels) or "none"
            raise DataError(
                f"{one.part.name} holds {count:,} images: expected a file of as many labels, received {have}."
            )
        labels.remove(partner)
        pairs.append((one, partner))
    if labels:
        have = f"{len(labels[0].labels):,} labels"
        raise DataError(f"{labels[0].part.name} holds {have}: expected a file of as many images beside it.")
    if len(pairs) > 2:
        raise DataError(f"These are {len(pairs)} sets of images: expected one to learn from, and at most one to test.")
    return sorted(pairs, key=lambda pair: (-len(pair[1].labels), _is_test(pair[0].part.name)))


def _has_test(pairs: Sequence[tuple[_Looked, _Looked]]) -> bool:
    """Tell whether the last pair is a test part: it has fewer images, or is called so."""
    first, last = pairs[0], pairs[-1]
    return len(last[1].labels) < len(first[1].labels) or _is_test(last[0].part.name)


def _is_test(name: str) -> bool:
    return any(word in name.lower() for word in TEST)


def _rows(one: _Looked, member: str, start: int, count: int, how: How) -> Mapping[str, np.ndarray]:
    arguments = (member, str(start), str(count), str(how.side), how.colour)
    return quarantine.read(READER.format("rows"), one.data, one.part.name, *arguments)[1]


def _of_cifar(brought: Brought, looked: Sequence[_Looked], how: How, into: Writer) -> Gathering:
    batches = [(one, member) for one in looked for member in (one.told.get("members") or [""])]
    if looked[0].told["kind"] == "tar" and not looked[0].told["members"]:
        raise DataError(f"{looked[0].part.name} holds no batch of CIFAR-10: expected data_batch_1.bin and others.")
    batches.sort(key=lambda batch: _is_test(batch[1] or batch[0].part.name))  # stable: the test part comes last
    total = held = 0
    for number, (one, member) in enumerate(batches):
        yield Progress(number / len(batches), f"{total:,} images read")
        found = _rows(one, member, 0, MOST_IMAGES + 1, how)
        total += len(found["labels"])
        _check(brought.title, total, how)
        into.add(found["pixels"], found["labels"])
        held += len(found["labels"]) if _is_test(member or one.part.name) else 0
    return Gathered(cifar.CLASSES, held if held < total else 0, total)


def _of_zip(looked: _Looked, how: How, into: Writer) -> Gathering:
    entries = [Entry(*entry) for entry in looked.told["entries"]]
    dropped = [(str(name), str(why)) for name, why in looked.told["dropped"]]

    def fetch(row: int) -> Packed:
        one = entries[row]
        return looked.data[one.at : one.at + one.packed], one.method, one.size, one.crc

    gathered = Gathered(tuple(looked.told["classes"]), seen=len(entries) + len(dropped), dropped=dropped)
    names, labels = [one.name for one in entries], [one.label for one in entries]
    return (yield from _pictures(looked.part.name, gathered, names, labels, fetch, how, into))


def _of_tree(brought: Brought, how: How, into: Writer) -> Gathering:
    arranged = layout.arranged([path for path, *_ in brought.tree])
    gathered = Gathered(arranged.classes, seen=len(brought.tree))
    rows = []
    for row, ((path, size, _), label) in enumerate(zip(brought.tree, arranged.labels, strict=True)):
        large = f"is larger than {PICTURES.most_bytes >> 20} MB" if size > PICTURES.most_bytes else ""
        why = layout.NO_CLASS if label < 0 else large
        if why:
            gathered.dropped.append((shown("/".join(path)), why))
        else:
            rows.append(row)

    def fetch(row: int) -> Packed:
        path, *_ = brought.tree[rows[row]]
        root = brought.root
        part = Part(shown("/".join(path)), root.joinpath(*path) if root else brought.packs, 0, exactly=True)
        try:
            data = read_bytes(part, PICTURES.most_bytes)
        except DataError:  # it was changed meanwhile, or is not for this server to read: the others are
            return b"", 0, UNREAD, -1
        return data, 0, len(data), -1

    names = [shown("/".join(brought.tree[row][0])) for row in rows]
    labels = [arranged.labels[row] for row in rows]
    return (yield from _pictures(brought.title, gathered, names, labels, fetch, how, into))


def _pictures(
    title: str,
    gathered: Gathered,
    names: Sequence[str],
    labels: Sequence[int],
    fetch: Callable[[int], Packed],
    how: How,
    into: Writer,
) -> Gathering:
    """Read pictures batch by batch; those that cannot be read are told in ``gathered``. Raises DataError."""
    _check(title, len(names), how)
    if len(gathered.classes) > MOST_CLASSES:
        raise DataError(f"{title} has {len(gathered.classes):,} classes: expected at most {MOST_CLASSES}.")
    began, at, failures, most, kept = time.monotonic(), 0, 0, BATCH_PICTURES, 0
    while at < len(names):
        yield Progress(at / len(names), f"{at:,} of {len(names):,} pictures read")
        if time.monotonic() - began > MOST_SECONDS:
            raise DataError(
                f"{title} takes too long: {at:,} of {len(names):,} pictures were read in {MOST_SECONDS / 60:.0f} "
                "minutes; make them smaller."
            )
        batch = _batch(at, min(most, len(names) - at), fetch)
        try:
            arguments = (title, str(how.side), how.colour)
            told, arrays = quarantine.read("engine.data.images.pictures:parse", packed(batch), *arguments)
        except DataError:  # one among them brought its reader to an end: they are read one by one
            failures += 1
            if failures > MOST_FAILURES:
                raise
            if len(batch) == 1:
                gathered.dropped.append((names[at], "brings its reader to an end"))
                at += 1
                most = BATCH_PICTURES
            else:
                most = max(1, len(batch) // 4)
            continue
        into.add(arrays["pixels"], np.array([labels[at + int(row)] for row in arrays["rows"]], np.uint8))
        kept += len(arrays["rows"])
        gathered.dropped += [(names[at + int(row)], str(why)) for row, why in told["dropped"]]
        at += max(1, int(told["done"]))
    if not kept:
        first = f": first: {gathered.dropped[0][0]} {gathered.dropped[0][1]}" if gathered.dropped else ""
        raise DataError(f"{title} holds no picture that could be read{first}.")
    return gathered


def _batch(at: int, most: int, fetch: Callable[[int], Packed]) -> list[Packed]:
    """Return the next pictures, at most so many, of not too many bytes together."""
    batch: list[Packed] = []
    total = 0
    for row in range(at, at + most):
        batch.append(fetch(row))
        total += len(batch[-1][0])
        if total > BATCH_PACKED_BYTES:
            break
    return batch
