"""A stream of bytes from which one takes what one needs next."""

from collections.abc import Iterator

from engine.errors import DataError


class Reader:
    """Takes bytes from the front of a stream of chunks; ``position`` is the byte at which it is."""

    def __init__(self, name: str, chunks: Iterator[bytes], position: int = 0) -> None:
        self.name = name
        self.position = position
        self._chunks = chunks
        self._held = b""
        self._start = 0

    def take(self, count: int, what: str) -> bytes:
        """Return the next ``count`` bytes; raises DataError, which names ``what`` they are, where the file ends."""
        found = self.take_some(count)
        if len(found) < count:
            raise DataError(
                f"{self.name} is cut short: expected {count:,} bytes of {what} at byte {self.position - len(found):,}, "
                f"received {len(found):,}."
            )
        return found

    def take_some(self, count: int) -> bytes:
        """Return the next ``count`` bytes, or fewer where the file ends."""
        self._fill(count)
        found = self._held[self._start : self._start + count]
        self._start += len(found)
        self.position += len(found)
        return found

    def take_until(self, mark: bytes, most: int, what: str) -> bytes:
        """Return the bytes before ``mark``, which is taken too; raises DataError if it is not among ``most`` bytes."""
        self._fill(most)
        end = self._held.find(mark, self._start, self._start + most)
        if end < 0:
            raise DataError(
                f"{self.name} is no such file, or is damaged: expected the end of {what} within {most:,} bytes of byte "
                f"{self.position:,}."
            )
        found = self._held[self._start : end]
        self.position += end + len(mark) - self._start
        self._start = end + len(mark)
        return found

    def held(self, at_least: int) -> memoryview:
        """Return what is there without taking it: ``at_least`` so many bytes, unless the file ends before."""
        self._fill(at_least)
        return memoryview(self._held)[self._start :]

    def window(self, at_least: int) -> tuple[bytes, int]:
        """Return bytes and where in them those begin that ``held`` shows; nothing is copied."""
        self._fill(at_least)
        return self._held, self._start

    def skip(self, count: int) -> None:
        """Take bytes that ``held`` has shown."""
        self._start += count
        self.position += count

    def _fill(self, count: int) -> None:
        if len(self._held) - self._start >= count:
            return
        parts, size = [self._held[self._start :]], len(self._held) - self._start
        while size < count and (chunk := next(self._chunks, b"")):
            parts.append(chunk)
            size += len(chunk)
        self._held, self._start = b"".join(parts), 0
