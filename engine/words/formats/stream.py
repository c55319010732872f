"""A file as a stream of bytes: unpacked where it is gzipped, hashed as it is read, under caps that no file escapes."""

import hashlib
import os
import stat
import zlib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from engine.errors import DataError

CHUNK_BYTES = 1 << 20
PIECE_BYTES = 1 << 14
GZIP = b"\x1f\x8b"
MAX_RATIO = 100
"""Unpacked bytes for each packed one; vectors written as text have about 2.5."""
RATIO_FROM_BYTES = 16 << 20
MAX_BYTES = 64 << 30


class Stream:
    """One pass over a file, called ``name`` in messages. ``sha256`` and ``read_bytes`` are those of the bytes on disk,
    as far as they were read; ``size`` is how many there are. ``packed`` is known once something was read.

    With ``exactly`` the file has to lie at ``path`` itself: one to which a link leads, be it of this moment, is not
    read.
    """

    def __init__(self, path: Path, name: str = "", *, exactly: bool = False) -> None:
        self.path = path
        self.name = (name or path.name).encode(errors="surrogateescape").decode(errors="replace")
        self._exactly = exactly
        self.size = path.stat().st_size
        self.read_bytes = 0
        self.packed = False
        self._hash = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """Return the hash of what was read, in hexadecimal."""
        return self._hash.hexdigest()

    def chunks(self) -> Iterator[bytes]:
        """Yield the file's bytes, unpacked; raises DataError where it cannot be read, or is a bomb, cut or damaged."""
        raw = self._raw()
        first = next(raw, b"")
        self.packed = first.startswith(GZIP)
        if not self.packed:
            yield first
            yield from raw
        else:
            yield from self._unpacked(*_in_pieces(first, raw))

    def rest(self, every: int) -> Iterator[None]:
        """Read what is left, so that the hash is that of the whole file; yields once for ``every`` so many bytes."""
        told = self.read_bytes
        for _ in self._rest:
            if self.read_bytes - told >= every:
                told = self.read_bytes
                yield

    def _raw(self) -> Iterator[bytes]:
        self._rest = self._read()
        return self._rest

    def _read(self) -> Iterator[bytes]:
        try:
            with os.fdopen(self._opened(), "rb") as file:
                while chunk := file.read(CHUNK_BYTES):
                    self._hash.update(chunk)
                    self.read_bytes += len(chunk)
                    yield chunk
        except OSError as error:
            raise DataError(f"{self.name} cannot be read: {error.strerror or error}.") from None

    def _opened(self) -> int:
        """Return a descriptor of the file; raises OSError, and DataError if there is another thing by now.

        Nothing is waited for: a pipe has no end that anybody knows of.
        """
        descriptor = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        elsewhere = self._exactly and os.readlink(f"/proc/self/fd/{descriptor}") != str(self.path)
        if elsewhere or not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise DataError(f"{self.name} is not the file any more that it was: choose it again.")
        return descriptor

    def _unpacked(self, first: bytes, raw: Iterator[bytes]) -> Iterator[bytes]:
        total, packed, unpacker = 0, first, _unpacker()
        ended = False
        while packed:
            try:
                out, ended = unpacker.decompress(packed, CHUNK_BYTES), unpacker.eof
            except zlib.error:
                raise DataError(f"{self.name} is damaged: its packed bytes (gzip) do not unpack.") from None
            total += len(out)
            if total > MAX_BYTES or total > max(RATIO_FROM_BYTES, MAX_RATIO * self.read_bytes):
                raise DataError(
                    f"{self.name} unpacks to more than {total >> 20:,} MB from {self.read_bytes >> 10:,} KB: "
                    f"expected at most {MAX_RATIO} times as much, as vectors have."
                )
            if out:
                yield out
            if not ended:
                packed = unpacker.unconsumed_tail or next(raw, b"")
            else:  # a file may hold several members, one behind the other, and zeros to fill a block
                packed = unpacker.unused_data.lstrip(b"\0") or next(raw, b"").lstrip(b"\0")
                unpacker = _unpacker()
        if not ended:
            raise DataError(f"{self.name} is cut short: its packed bytes (gzip) end in the middle.")


def _in_pieces(first: bytes, raw: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """Return small pieces of chunks: what is behind the end of a member is copied, and a file may have many."""
    pieces = (
        chunk[start : start + PIECE_BYTES]
        for chunk in chain([first], raw)
        for start in range(0, len(chunk), PIECE_BYTES)
    )
    return next(pieces), pieces


def _unpacker() -> "zlib._Decompress":
    return zlib.decompressobj(zlib.MAX_WBITS | 16)
