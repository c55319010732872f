"""Texts as numbers, for trainers to learn from."""

from collections import Counter
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

END = -1


class Numbered(NamedTuple):
    """The words of a text by falling frequency, how often each comes, and the text: -1 after each sentence."""

    words: list[str]
    counts: np.ndarray
    ids: np.ndarray


def numbered(sentences: Iterable[list[str]], min_count: int = 1) -> Numbered:
    """Number the words that come at least so often, those of equal frequency by the alphabet; leave out the others."""
    sentences = list(sentences)
    found = Counter(word for sentence in sentences for word in sentence)
    kept = sorted((-count, word) for word, count in found.items() if count >= min_count)
    rows = {word: row for row, (_, word) in enumerate(kept)}
    ids = [row for one in sentences for row in (*(rows[word] for word in one if word in rows), END)]
    return Numbered(list(rows), np.array([-count for count, _ in kept]), np.array(ids, np.int32))


def drained(work: Generator[Any, None, Any]) -> Any:
    """Let a generator run to its end; return what it returns."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value


def counted(ids: np.ndarray, folder: Path, words: int | None = None, pieces: int = 1, **settings: Any) -> Any:
    """Count a text, given in so many pieces."""
    from engine.words.train.cooccurrence import counting

    words = words or int(ids.max()) + 1
    return drained(counting(np.array_split(ids, pieces), words, folder / "counts", **settings))
