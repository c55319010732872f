"""Bytes of a file, unpacked where it is gzipped, told by its content; no more than a limit comes of it."""

import zlib

from engine.errors import DataError

GZIP = b"\x1f\x8b"
MAX_BYTES = 256 * 2**20
_MEMBER = 16 + zlib.MAX_WBITS


def unpacked(data: bytes, name: str, most: int = MAX_BYTES) -> bytes:
    """Return what is in a file; raises DataError where it is cut or damaged, or unpacks to more than ``most`` bytes."""
    found = bytearray()
    while data.startswith(GZIP):
        member = zlib.decompressobj(_MEMBER)
        try:
            found += member.decompress(data, most + 1 - len(found))
        except zlib.error:
            raise DataError(f"{name} is damaged: its gzip data cannot be unpacked.") from None
        if len(found) > most:
            raise _too_large(name, most)
        if not member.eof:
            raise DataError(f"{name} is cut: its gzip data ends too soon.")
        data = member.unused_data
        if not data.strip(b"\0"):  # some programs fill the last block with zeros
            return bytes(found)
    if found:
        raise DataError(f"{name} is damaged: something that is not gzip follows its gzip data.")
    if len(data) > most:
        raise _too_large(name, most)
    return data


def _too_large(name: str, most: int) -> DataError:
    return DataError(f"{name} is too large: expected at most {most >> 20} MB, unpacked, and this is more.")
