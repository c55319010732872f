"""Texts as numbers: the characters or the words that a net knows, each by its place in a list."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

PAD, UNKNOWN = 0, 1
"""What stands behind the end of a shorter text, and for what was not among the texts that are learnt from."""
NAMES = ("", "?")
Unit = Literal["characters", "words"]
MOST_SYMBOLS = 2_000
"""Of more the most frequent are known."""
MOST_CHARS = 30
"""Of a word: two longer ones that begin alike are one."""
_WORD = re.compile(r"\w+(?:'\w+)*|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All ``symbols`` that a net knows, by their tokens; of texts the ``unit`` is read at a time, large as small."""

    unit: Unit
    symbols: tuple[str, ...]

    @classmethod
    def of(cls, texts: Iterable[str], unit: Unit) -> "Vocabulary":
        """Return the vocabulary of ``texts``, in the order of the alphabet."""
        counts = Counter(part for text in texts for part in parts(text, unit))
        known = sorted(counts, key=lambda part: (-counts[part], part))[:MOST_SYMBOLS]
        return cls(unit, (*NAMES, *sorted(known)))

    def __len__(self) -> int:
        return len(self.symbols)

    def tokens(self, texts: Sequence[str], steps: int) -> np.ndarray:
        """Return texts as (n, steps) int64, ``PAD`` behind the end of each; of longer ones the first ``steps``."""
        places = {symbol: token for token, symbol in enumerate(self.symbols)}
        read = np.full((len(texts), steps), PAD, np.int64)
        for row, text in enumerate(texts):
            found = [places.get(part, UNKNOWN) for part in parts(text, self.unit)[:steps]]
            read[row, : len(found)] = found
        return read


def parts(text: str, unit: Unit) -> list[str]:
    """Return the characters or the words of a text, large letters as small; punctuation marks are words."""
    small = text.strip().lower()
    return list(small) if unit == "characters" else [word[:MOST_CHARS] for word in _WORD.findall(small)]
