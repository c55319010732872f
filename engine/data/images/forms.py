"""What a file of images is, told by its content, and its images: read in quarantine."""

import io
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import closing

import numpy as np
from PIL import Image

from engine.data import zipped
from engine.data.beginnings import kind_of
from engine.data.images import cifar, idx
from engine.data.images.packed import GZIP, unpacked
from engine.data.images.pictures import CHANNELS, fitted
from engine.errors import DataError
from engine.quarantined import Parsed

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
TAR_AT, TAR = 257, b"ustar"
MOST_UNPACKED_BYTES = 128 * 2**20
"""Of images in IDX or a batch of CIFAR-10; all of MNIST's are less than half of it."""
MOST_MEMBERS = 100
MOST_MEMBER_BYTES = 64 * 2**20
MOST_TAR_BYTES = 512 * 2**20
EXPECTED = (
    "expected images and labels in IDX (as MNIST's), batches of CIFAR-10 (.bin), or a zip with a folder of pictures "
    "for each class"
)


def glance(data: bytes, name: str, size: str) -> Parsed:
    """Look at the beginning of a file of ``size`` bytes; raises DataError where it holds no images for certain."""
    _check_beginning(data, name)
    beginning = _first(data, name) if data.startswith(GZIP) else data
    _check_beginning(beginning, name, inside=data.startswith(GZIP))
    known = data.startswith((*ZIP, GZIP)) or beginning.startswith(b"\0\0")
    if not known and (int(size) % cifar.RECORD or data[0] >= len(cifar.CLASSES)):
        raise DataError(f"{name} holds no images: {EXPECTED}.")
    return {}, {}


def look(data: bytes, name: str) -> Parsed:
    """Tell what a file is, as its ``kind``.

    idx: its ``shape``, with ``labels`` (n,) uint8 where it has one dimension. cifar: ``labels``. tar: ``members``,
    which are batches of CIFAR-10. zip: ``classes``, ``entries`` (see ``zipped.Entry``), ``dropped``. Raises DataError.
    """
    _check_beginning(data, name)
    if data.startswith(ZIP):
        found = zipped.index(data, name)
        return {"kind": "zip", "classes": found.classes, "entries": found.entries, "dropped": found.dropped}, {}
    if data.startswith(GZIP):
        beginning = _first(data, name)
        if beginning[TAR_AT : TAR_AT + len(TAR)] == TAR:
            return {"kind": "tar", "members": [member for member, _ in _members(data, name)]}, {}
        _check_beginning(beginning, name, inside=True)
    found = unpacked(data, name, MOST_UNPACKED_BYTES)
    if _is_idx(found):
        numbers = idx.read(found, name)
        return {"kind": "idx", "shape": numbers.shape}, {"labels": numbers} if numbers.ndim == 1 else {}
    labels = np.frombuffer(found, np.uint8)[:: cifar.RECORD]
    if found and len(found) % cifar.RECORD == 0 and int(labels.max()) < len(cifar.CLASSES):
        return {"kind": "cifar"}, {"labels": labels}
    if found.startswith(b"\0\0"):
        idx.read(found, name)  # says what is wrong with it
    if len(found) >= cifar.RECORD and found[0] < len(cifar.CLASSES) and not kind_of(found):
        raise DataError(
            f"{name} is cut, or no batch of CIFAR-10: expected records of {cifar.RECORD:,} bytes that begin with a "
            f"label of 0 to 9, received {len(found):,} bytes."
        )
    raise DataError(f"{name} holds no images: {EXPECTED}.")


def rows(data: bytes, name: str, member: str, start: str, count: str, side: str, colour: str) -> Parsed:
    """Return ``pixels`` (count, channels, side, side) uint8 of a file from the image ``start`` on.

    ``member`` is the one of a tar archive that is meant. Of a batch of CIFAR-10 come its ``labels`` too.
    """
    first, last = int(start), int(start) + int(count)
    if member:
        data = next((inside for one, inside in _members(data, name) if one == member), b"")
    found = unpacked(data, name, MOST_UNPACKED_BYTES)
    if _is_idx(found):
        images = idx.read(found, name)[first:last, None]
        return {}, {"pixels": squared(images, int(side), colour)}
    batch = cifar.read(found, member or name)
    pixels = squared(batch.pixels[first:last], int(side), colour)
    return {}, {"pixels": pixels, "labels": batch.labels[first:last].astype(np.uint8)}


def squared(images: np.ndarray, side: int, colour: str) -> np.ndarray:
    """Return images (n, 1 or 3, height, width) uint8 with so many pixels each way, grey or in colour."""
    n, channels = len(images), CHANNELS[colour]
    if images.shape[1:] == (channels, side, side):
        return images
    made = np.empty((n, channels, side, side), np.uint8)
    for given, taken in zip(images, made, strict=True):
        image = Image.fromarray(given[0] if len(given) == 1 else np.ascontiguousarray(given.transpose(1, 2, 0)))
        image = fitted(image.convert("L" if channels == 1 else "RGB"), side)
        taken[:] = np.asarray(image).reshape(side, side, channels).transpose(2, 0, 1)
    return made


def _check_beginning(data: bytes, name: str, *, inside: bool = False) -> None:
    if not data:
        raise DataError(f"{name} is empty: {EXPECTED}.")
    if inside and data.startswith(GZIP):
        raise DataError(f"{name} is packed twice: expected what is packed once.")
    kind = "" if data.startswith((*ZIP, GZIP)) else kind_of(data)
    if kind:
        one = " Put pictures into a zip, in a folder for each class." if "picture" in kind else ""
        raise DataError(f"{name} is {kind}: {EXPECTED}.{one}")


def _first(data: bytes, name: str) -> bytes:
    try:
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(data, 1_024)
    except zlib.error:
        raise DataError(f"{name} is damaged: its gzip data cannot be unpacked.") from None


def _is_idx(found: bytes) -> bool:
    """Tell whether a file is as its IDX header says: one that only begins so may be a batch of CIFAR-10."""
    try:
        idx.read(found, "")
    except DataError:
        return False
    return True


def _members(data: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    """Yield the batches of CIFAR-10 in a packed tar archive, by their names; raises DataError.

    Nothing of it is unpacked to a file; links and the like are left out.
    """
    total = 0
    try:
        with closing(tarfile.open(fileobj=io.BytesIO(data), mode="r|gz")) as archive:
            for number, member in enumerate(archive):
                total += member.size
                if number >= MOST_MEMBERS or total > MOST_TAR_BYTES:
                    raise DataError(f"{name} holds too much: expected CIFAR-10's batches, as it is published.")
                inside = archive.extractfile(member) if member.isreg() and _may_be_batch(member) else None
                if inside is not None:
                    yield member.name.rsplit("/", 1)[-1][:100], inside.read(MOST_MEMBER_BYTES)
    except (tarfile.TarError, EOFError, zlib.error, OSError, ValueError):
        raise DataError(f"{name} is cut, or damaged: it cannot be read as a tar archive.") from None


def _may_be_batch(member: tarfile.TarInfo) -> bool:
    return 0 < member.size <= MOST_MEMBER_BYTES and member.size % cifar.RECORD == 0
