"""Many small files as one, to be read in quarantine in one go, each packed as it was in an archive.

A batch is the length of a header (uint32), the header (JSON), then the bytes of all files. The header has for each
[bytes, method, bytes unpacked, CRC-32]; the method is 0 where it is not packed, 8 where it is deflated. The CRC is -1
where it is not known, and the bytes unpacked are ``UNREAD`` where there were none to be had.
"""

import json
import struct
import zlib
from collections.abc import Iterator, Sequence

from engine.errors import DataError

LENGTH = struct.Struct("<I")
DEFLATED = 8
UNREAD = -1
Packed = tuple[bytes, int, int, int]
"""The bytes of a file, the method, the bytes unpacked, the CRC-32."""


def packed(files: Sequence[Packed]) -> bytes:
    """Return a batch as one file."""
    head = json.dumps([[len(data), *rest] for data, *rest in files]).encode()
    return b"".join([LENGTH.pack(len(head)), head, *(data for data, *_ in files)])


def opened(data: bytes) -> Iterator[Packed]:
    """Yield the files of a batch."""
    (length,) = LENGTH.unpack_from(data)
    at = LENGTH.size + length
    for size, method, unpacked, crc in json.loads(data[LENGTH.size : at]):
        yield data[at : at + size], method, unpacked, crc
        at += size


def unpacked(data: bytes, method: int, size: int, crc: int) -> bytes:
    """Return the bytes of one file; raises DataError, the end of a sentence that begins with its name."""
    if size == UNREAD:
        raise DataError("cannot be read")
    if method == DEFLATED:
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            data = unpacker.decompress(data, size + 1)
        except zlib.error:
            raise DataError("is damaged") from None
    if len(data) != size or (crc >= 0 and zlib.crc32(data) != crc):
        raise DataError("is damaged")
    return data
