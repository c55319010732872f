"""Spaces made of words and numbers."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from engine.words import Space
from tests.engine.words.conftest import Open

Make = Callable[..., Space]


@pytest.fixture
def make(opened: Open) -> Make:
    """Return a function that opens words with their vectors (n, d), and their counts if these are given."""
    made = []

    def make_space(words: Sequence[str], vectors: np.ndarray, counts: Sequence[int] | None = None) -> Space:
        rows = [f"{word} ".encode() + row.tobytes() for word, row in zip(words, vectors.astype("<f4"), strict=True)]
        made.append(rows)
        space = opened(b"%d %d\n" % vectors.shape + b"".join(rows), f"{len(made)}.bin")
        if counts is None:
            return space
        return Space(replace(space._stored, frequency=np.array(counts, np.int64)))

    return make_space


def names(n: int) -> list[str]:
    return [f"w{row}" for row in range(n)]


def unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
