"""What is in a zip archive, read in quarantine: where each file lies, how large it is; of pictures, of which class.

Nothing is unpacked here, and nothing ever to a file: names are names of classes, and text in messages.
"""

import io
import stat
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import IO, NamedTuple

from engine.data import layout
from engine.data.layout import MOST_ENTRIES
from engine.errors import DataError
from engine.keeping import size_in_words

MOST_DIRECTORY_BYTES = 16 * 2**20
MOST_RATIO, RATIO_FROM_BYTES = 500, 2**20
"""A file of more than so many bytes that unpacks to more than so many times its size is none."""
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
LOCAL_BYTES = 30
END_BYTES = 2**16 + 22
"""In so many at its end an archive tells where its list of files lies."""
EMPTY = "is empty"
ENCRYPTED = 1


class Wanted(NamedTuple):
    """What is wanted of an archive: what its files are, in words, the bytes of each, unpacked, and of all of them."""

    things: str
    most_bytes: int
    most_together: int


PICTURES = Wanted("pictures", 32 * 2**20, 2 * 2**30)


class Entry(NamedTuple):
    """One file: its bytes begin ``at`` and are so many ``packed`` by a ``method``; ``size`` and ``crc`` are those of
    what comes of them. ``label`` is a place in the classes, of those that have one.
    """

    at: int
    packed: int
    method: int
    size: int
    crc: int
    label: int
    name: str


class Index(NamedTuple):
    """What an archive holds; ``dropped`` are names with why they are none of its pictures."""

    classes: tuple[str, ...]
    entries: list[Entry]
    dropped: list[tuple[str, str]]


def index(data: bytes, name: str) -> Index:
    """Return what is in an archive of pictures; raises DataError."""
    kept, dropped = files(data, name, PICTURES)
    arranged = layout.arranged([parts(one.filename) for one in kept])
    entries = []
    for one, label in zip(kept, arranged.labels, strict=True):
        if label < 0:
            dropped.append((shown(one.filename), layout.NO_CLASS))
        else:
            entries.append(entry(data, one, label, name))
    return Index(arranged.classes, entries, dropped)


def files(data: bytes, name: str, wanted: Wanted) -> tuple[list[zipfile.ZipInfo], list[tuple[str, str]]]:
    """Return the files of an archive that may be read, and the others: names with why. Raises DataError."""
    return files_in(io.BytesIO(data), len(data), name, wanted)


def files_in(
    file: IO[bytes], size: int, name: str, wanted: Wanted
) -> tuple[list[zipfile.ZipInfo], list[tuple[str, str]]]:
    """Return the same of an archive that is a ``file`` of so many bytes."""
    dropped: list[tuple[str, str]] = []
    kept: list[zipfile.ZipInfo] = []
    seen: set[str] = set()
    for one in list(_files(_opened(file, size, name), name, wanted)):
        why = _why_not(one, seen, wanted)
        seen.add(one.filename)
        if why:
            dropped.append((shown(one.filename), why))
        else:
            kept.append(one)
    if sum(one.file_size for one in kept) > wanted.most_together:
        most = size_in_words(wanted.most_together)
        raise DataError(f"{name} is too large: expected {wanted.things} of at most {most}, unpacked.")
    if sum(one.compress_size for one in kept) > size:
        raise DataError(f"{name} is damaged: what is in it lies one over the other.")
    return kept, dropped


def shown(path: str) -> str:
    """Return the path of a file for a message: its folder and its name."""
    return "/".join(map(layout.plain, path.replace("\\", "/").split("/")[-2:]))


def _opened(file: IO[bytes], size: int, name: str) -> zipfile.ZipFile:
    file.seek(max(0, size - END_BYTES))
    tail = file.read(END_BYTES)
    end = tail.rfind(b"PK\x05\x06")
    listed = int.from_bytes(tail[end + 12 : end + 16], "little") if end >= 0 and len(tail) >= end + 22 else 0
    if listed > size:
        raise DataError(f"{name} is cut, or damaged: its list of files is not all there.")
    if listed > MOST_DIRECTORY_BYTES:
        raise _too_many(name)
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        raise DataError(f"{name} is cut, or damaged: it cannot be read as a zip archive.") from None


def _too_many(name: str) -> DataError:
    return DataError(f"{name} holds too many files: expected at most {MOST_ENTRIES:,}.")


def _files(archive: zipfile.ZipFile, name: str, wanted: Wanted) -> Iterator[zipfile.ZipInfo]:
    """Yield what might be a file of somebody's; raises DataError."""
    if len(archive.infolist()) > MOST_ENTRIES:
        raise _too_many(name)
    for one in archive.infolist():
        path = one.filename
        if one.is_dir() or (layout.is_ignored(parts(path)) and not layout.leads_out(path)):
            continue
        if one.flag_bits & ENCRYPTED:
            raise DataError(f"{name} is encrypted: expected {wanted.things} that can be read without a password.")
        yield one


def parts(path: str) -> tuple[str, ...]:
    """Return the parts of a path in an archive."""
    return tuple(part for part in path.split("/") if part not in ("", "."))


def _why_not(one: zipfile.ZipInfo, seen: set[str], wanted: Wanted) -> str:
    """Return why a file is not read; nothing where it is."""
    mode = one.external_attr >> 16
    if layout.leads_out(one.filename):
        return layout.OUT
    if stat.S_ISLNK(mode):
        return "is a link"
    if one.filename in seen:
        return "has the name of another"
    if not one.file_size:
        return EMPTY
    if one.compress_type not in METHODS:
        return "is packed in a way that is not read"
    if one.file_size > wanted.most_bytes:
        return f"is larger than {wanted.most_bytes >> 20} MB"
    if one.file_size > max(RATIO_FROM_BYTES, MOST_RATIO * one.compress_size):
        return f"unpacks to more than {MOST_RATIO} times its size"
    return ""


def entry(data: bytes, one: zipfile.ZipInfo, label: int, name: str) -> Entry:
    """Return where a file lies in an archive; raises DataError where it is not there."""
    head = data[one.header_offset : one.header_offset + LOCAL_BYTES]
    if len(head) < LOCAL_BYTES or not head.startswith(b"PK\x03\x04"):
        raise DataError(f"{name} is damaged: {shown(one.filename)} is not where its list says.")
    behind = int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
    at = one.header_offset + LOCAL_BYTES + behind
    if at + one.compress_size > len(data):
        raise DataError(f"{name} is cut: {shown(one.filename)} is not all there.")
    return Entry(at, one.compress_size, one.compress_type, one.file_size, one.CRC, label, shown(one.filename))


def counted(dropped: list[tuple[str, str]]) -> list[tuple[str, int, str]]:
    """Return reasons, how often each, and the first that was dropped for it."""
    firsts = {why: name for name, why in reversed(dropped)}
    return [(why, times, firsts[why]) for why, times in Counter(why for _, why in dropped).items()]
