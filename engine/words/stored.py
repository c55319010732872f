"""The form in which a space lies on disk: plain arrays to be mapped, not read, and a record of where they came from.

    provenance.json   the source, its sha256, what was kept and what was left out, and why
    words.utf8        all words, one behind the other; words.ends (n,) int64 says where each ends
    index.hashes      (n,) uint64, sorted; index.rows (n,) int32 says whose they are
    vectors           (n, d) float32, in the order of the file
    inverse_norms     (n,) float32, 1 / |v|; 0 for a row of zeros
    frequency         (n,) int64, where the file tells it
    subwords          (buckets, d) float32, where the file has them
    codes...          of large spaces: see search_codes

Whoever opens it shares the same pages of memory, and opening takes milliseconds whatever its size.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, overload

import numpy as np

from engine.errors import DataError
from engine.words import search_codes
from engine.words.formats.rows import Dropped
from engine.words.formats.subwords import Subwords
from engine.words.holding import Hold
from engine.words.search_codes import Codes

FORM = 2
RECORD = "provenance.json"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a space came from, and what became of its rows; ``limit`` is None where all of them were wanted."""

    source: str
    sha256: str
    kind: str
    rows: int
    dimensions: int
    limit: int | None
    dropped: tuple[Dropped, ...]
    notes: tuple[str, ...]
    subwords: Subwords | None
    form: int = FORM

    def to_json(self) -> str:
        """Return the record as JSON; ``from_json`` undoes it."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False)

    def write(self, folder: Path) -> None:
        """Leave the record in the folder of its space."""
        (folder / RECORD).write_text(self.to_json(), encoding="utf-8")

    @classmethod
    def from_json(cls, text: str) -> "Provenance":
        """Read a record that ``to_json`` wrote."""
        values = json.loads(text)
        values["dropped"] = tuple(Dropped(**one) for one in values["dropped"])
        values["notes"] = tuple(values["notes"])
        values["subwords"] = Subwords(*values["subwords"]) if values["subwords"] else None
        return cls(**values)


class Words(Sequence[str]):
    """The words of a space in the order of their rows, decoded as one asks for them."""

    def __init__(self, text: np.ndarray, ends: np.ndarray, hashes: np.ndarray, rows: np.ndarray) -> None:
        self._text, self._ends, self._hashes, self._rows = text, ends, hashes, rows

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [self._word(row) for row in range(*index.indices(len(self)))]
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        return self._word(index % len(self))

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and self.find(word) is not None

    def find(self, word: str) -> int | None:
        """Return the row of a word, or None."""
        data = word.encode(errors="surrogatepass")
        wanted = np.uint64(word_hash(data))  # as Python's int, it would have all hashes made float64 first
        place = int(np.searchsorted(self._hashes, wanted))
        while place < len(self._hashes) and self._hashes[place] == wanted:
            row = int(self._rows[place])
            if self._bytes(row) == data:
                return row
            place += 1
        return None

    def first(self, count: int) -> "Words":
        """Return the first words alone."""
        among = self._rows < count
        return Words(self._text, self._ends[:count], self._hashes[among], self._rows[among])

    def rows_shared(self, other: "Words") -> tuple[np.ndarray, np.ndarray]:
        """Return the rows here, and those there, of all words that both have: (m,) int64 each, in the order of here."""
        places = np.flatnonzero(np.isin(self._hashes, other._hashes))
        first = other._rows[np.searchsorted(other._hashes, self._hashes[places])]
        pairs = []
        for here, there in zip(self._rows[places].tolist(), first.tolist(), strict=True):
            if self._bytes(here) == other._bytes(there):
                pairs.append((here, there))
            elif (found := other.find(self._word(here))) is not None:  # another word's hash is the same
                pairs.append((here, found))
        rows = np.array(sorted(pairs), np.int64).reshape(-1, 2)
        return rows[:, 0], rows[:, 1]

    def folded(self, first: int, last: int) -> list[str]:
        """Return the words of the rows from ``first`` up to ``last`` without regard to capitals, see ``str.casefold``;
        in a tenth of the time that they would take one by one.
        """
        ends = np.asarray(self._ends[first:last])
        if not len(ends):
            return []
        start = int(self._ends[first - 1]) if first else 0
        text = np.insert(self._text[start : int(ends[-1])], ends[:-1] - start, ord("\n"))
        found = text.tobytes().decode().casefold().split("\n")
        if len(found) == len(ends):
            return found
        return [word.casefold() for word in self[first:last]]  # one of them has a line break in it

    def _bytes(self, row: int) -> bytes:
        start = int(self._ends[row - 1]) if row else 0
        return self._text[start : int(self._ends[row])].tobytes()

    def _word(self, row: int) -> str:
        return self._bytes(row).decode()


@dataclass(frozen=True, slots=True, eq=False)
class Stored:
    """The arrays of a space, mapped read-only; ``frequency`` and ``subwords`` are None where the file has none, and
    ``codes`` where the space is small. ``folder`` is where they lie, which stays for as long as there is the ``hold``.
    """

    provenance: Provenance
    words: Words
    vectors: np.ndarray
    inverse_norms: np.ndarray
    frequency: np.ndarray | None
    subwords: np.ndarray | None
    codes: Codes | None = None
    folder: Path | None = None
    hold: Hold | None = None


def open_folder(folder: Path) -> Stored:
    """Map a space in place; raises DataError if what lies there is none, or is damaged."""
    try:
        hold = Hold(folder)
        record = Provenance.from_json((folder / RECORD).read_text(encoding="utf-8"))
        if record.form != FORM:
            raise ValueError("another form")
        n, d = record.rows, record.dimensions
        words = Words(
            mapped(folder / "words.utf8", np.uint8, -1),
            mapped(folder / "words.ends", np.int64, n),
            mapped(folder / "index.hashes", np.uint64, n),
            mapped(folder / "index.rows", np.int32, n),
        )
        has_counts = (folder / "frequency").exists()
        return Stored(
            record,
            words,
            mapped(folder / "vectors", np.float32, n * d).reshape(n, d),
            mapped(folder / "inverse_norms", np.float32, n),
            mapped(folder / "frequency", np.int64, n) if has_counts else None,
            mapped(folder / "subwords", np.float32, -1).reshape(-1, d) if record.subwords else None,
            search_codes.opened(folder, n, d),
            folder,
            hold,
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"The space kept in {folder.name} cannot be opened, so read its file again: {error}.") from None


def mapped(path: Path, dtype: Any, count: int) -> np.ndarray:
    """Return an array that lies in a file, mapped; raises ValueError where it does not hold ``count`` numbers."""
    found = np.memmap(path, dtype=dtype, mode="r")
    if count >= 0 and len(found) != count:
        raise ValueError(f"{path.name} holds {len(found)} numbers, expected {count}")
    return np.asarray(found)


def word_hash(word: bytes) -> int:
    """Return what a word is found by, 0 to 2^64 - 1."""
    return int.from_bytes(hashlib.blake2b(word, digest_size=8).digest(), "little")
