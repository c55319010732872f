"""How often words stand near each other: for each word its neighbours, on disk, mapped and not read; light.

record.json   how it was counted
offsets       (words + 1,) int64: where the neighbours of each word begin
columns       (pairs,) int32: the neighbours of word 0, rising, then those of word 1, ...
values        (pairs,) float32: how often, each time weighed by 1 / distance
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.errors import DataError
from engine.words.stored import mapped

FORM = 1


@dataclass(frozen=True, slots=True, eq=False)
class Cooccurrences:
    """A sparse matrix (words, words): the value of (i, j) is the sum of 1 / distance wherever j stands near i.

    Words are numbered by falling frequency. ``symmetric``: j may stand before or behind i, else only behind it.
    """

    offsets: np.ndarray
    columns: np.ndarray
    values: np.ndarray
    window: int
    symmetric: bool

    @classmethod
    def open(cls, folder: Path) -> "Cooccurrences":
        """Map what was counted; raises DataError if nothing whole lies there."""
        try:
            record = json.loads((folder / "record.json").read_text(encoding="utf-8"))
            if record["form"] != FORM:
                raise ValueError("another form")
            words, pairs = record["words"], record["pairs"]
            return cls(
                mapped(folder / "offsets", np.int64, words + 1),
                mapped(folder / "columns", np.int32, pairs),
                mapped(folder / "values", np.float32, pairs),
                record["window"],
                record["symmetric"],
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DataError(
                f"The counts kept in {folder.name} cannot be opened, so count the text again: {error}."
            ) from None

    def write_record(self, folder: Path) -> None:
        """Write how it was counted, beside the numbers."""
        record = {
            "form": FORM,
            "words": self.words,
            "pairs": len(self),
            "window": self.window,
            "symmetric": self.symmetric,
        }
        (folder / "record.json").write_text(json.dumps(record, indent=2), encoding="utf-8")

    def __len__(self) -> int:
        """Return how many pairs of words stand near each other at least once."""
        return len(self.columns)

    @property
    def words(self) -> int:
        """Return how many words there are."""
        return len(self.offsets) - 1

    @property
    def rows(self) -> np.ndarray:
        """Return the first word of each pair, (pairs,) int32, beside ``columns`` and ``values``; made each time."""
        return np.repeat(np.arange(self.words, dtype=np.int32), np.diff(self.offsets))

    def neighbours(self, word: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the words that stand near one, rising, and their values."""
        some = slice(int(self.offsets[word]), int(self.offsets[word + 1]))
        return self.columns[some], self.values[some]

    def strongest(self, word: int, k: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the k words with the largest values near one, and these, falling; of equal ones the frequent first."""
        columns, values = self.neighbours(word)
        best = np.argsort(-values, kind="stable")[:k]
        return columns[best], values[best]

    def block(self, m: int) -> np.ndarray:
        """Return the upper left corner (m, m) float32: the most frequent words with each other, 0 where never."""
        m = min(m, self.words)
        corner = np.zeros((m, m), np.float32)
        for word in range(m):
            columns, values = self.neighbours(word)
            inside = int(np.searchsorted(columns, m))
            corner[word, columns[:inside]] = values[:inside]
        return corner
