"""The stages of a map: each says how far it has come, and together they come to 1."""

from collections.abc import Generator
from typing import TypeVar

T = TypeVar("T")


def part(stage: Generator[float, None, T], begin: float, end: float) -> Generator[float, None, T]:
    """Yield the shares, 0 to 1, of a stage as those of a whole in which it goes from ``begin`` to ``end``."""
    while True:
        try:
            share = next(stage)
        except StopIteration as over:
            return over.value
        yield begin + (end - begin) * min(share, 1.0)
