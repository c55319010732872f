"""The form in which a space lies on disk: plain arrays to be mapped, not read, and a record of where they came from.

    provenance.json   the source, its sha256, what was kept and what was left out, and why
    words.utf8        all words, one behind the other; words.ends (n,) int64 says where each ends
    index.hashes      (n,) uint64, sorted; index.rows (n,) int32 says whose they are
    vectors           (n, d) float32, in the order of the file
    inverse_norms     (n,) float32, 1 / |v|; 0 for a row of zeros
    frequency         (n,) int64, where the file tells it
    subwords          (buckets, d) float32, where the file has them

Whoever opens it shares the same pages of memory, and opening takes milliseconds whatever its size.
"""

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, overload

import numpy as np

from engine.errors import DataError
from engine.words.formats import telling
from engine.words.formats.fasttext import Model, Subwords
from engine.words.formats.rows import Dropped, Report, Rows
from engine.words.formats.telling import Contents

FORM = 1
Progress = Callable[[int, int, int], None]
"""Told now and then how many bytes of how many were read, and how many rows there are."""


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
        wanted = _hash(data)
        place = int(np.searchsorted(self._hashes, wanted))
        while place < len(self._hashes) and self._hashes[place] == wanted:
            row = int(self._rows[place])
            if self._bytes(row) == data:
                return row
            place += 1
        return None

    def _bytes(self, row: int) -> bytes:
        start = int(self._ends[row - 1]) if row else 0
        return self._text[start : int(self._ends[row])].tobytes()

    def _word(self, row: int) -> str:
        return self._bytes(row).decode()


@dataclass(frozen=True, slots=True, eq=False)
class Stored:
    """The arrays of a space, mapped read-only; ``frequency`` and ``subwords`` are None where the file has none."""

    provenance: Provenance
    words: Words
    vectors: np.ndarray
    inverse_norms: np.ndarray
    frequency: np.ndarray | None
    subwords: np.ndarray | None


def open_folder(folder: Path) -> Stored:
    """Map a space in place; raises DataError if what lies there is none, or is damaged."""
    try:
        record = Provenance.from_json((folder / "provenance.json").read_text(encoding="utf-8"))
        if record.form != FORM:
            raise ValueError("another form")
        n, d = record.rows, record.dimensions
        words = Words(
            _mapped(folder / "words.utf8", np.uint8, -1),
            _mapped(folder / "words.ends", np.int64, n),
            _mapped(folder / "index.hashes", np.uint64, n),
            _mapped(folder / "index.rows", np.int32, n),
        )
        has_counts = (folder / "frequency").exists()
        return Stored(
            record,
            words,
            _mapped(folder / "vectors", np.float32, n * d).reshape(n, d),
            _mapped(folder / "inverse_norms", np.float32, n),
            _mapped(folder / "frequency", np.int64, n) if has_counts else None,
            _mapped(folder / "subwords", np.float32, -1).reshape(-1, d) if record.subwords else None,
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"The space kept in {folder.name} cannot be opened, so read its file again: {error}.") from None


def _mapped(path: Path, dtype: Any, count: int) -> np.ndarray:
    found = np.memmap(path, dtype=dtype, mode="r")
    if count >= 0 and len(found) != count:
        raise ValueError(f"{path.name} holds {len(found)} numbers, expected {count}")
    return np.asarray(found)


def write_folder(path: Path, folder: Path, limit: int | None = None, progress: Progress | None = None) -> None:
    """Read a file of vectors and leave its space in ``folder``, whole or not at all.

    With ``limit`` only its first rows are kept. Raises DataError where it is no such file, or holds no row.
    """
    source, report = telling.open_source(path), Report()
    contents = telling.read(source, report)
    aside = folder.with_name(f".{folder.name}.{secrets.token_hex(6)}")
    aside.mkdir(parents=True)
    try:
        size = path.stat().st_size

        def tell(count: int) -> None:
            if progress is not None:
                progress(source.read_bytes, size, count)

        rows = _write_rows(aside, contents, report, limit, tell)
        if not rows:
            first = report.dropped[0] if report.dropped else None
            why = f": {first.why} (row {first.first:,})" if first else ""
            raise DataError(f"{source.name} holds not one row that can be used{why}.")
        if limit is None or rows < limit:
            source.finish()
        record = Provenance(
            source.name,
            source.sha256,
            contents.kind,
            rows,
            contents.dimensions,
            limit,
            report.dropped,
            tuple(report.notes),
            contents.model.subwords if contents.model and contents.model.subwords.buckets else None,
        )
        (aside / "provenance.json").write_text(record.to_json(), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(aside, folder)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise


def _write_rows(
    folder: Path, contents: Contents, report: Report, limit: int | None, tell: Callable[[int], object]
) -> int:
    """Write the rows; return how many there are."""
    seen: set[bytes] = set()
    hashes: list[int] = []
    ends: list[int] = []
    kept_rows: list[int] = []
    end = 0
    with (
        (folder / "vectors").open("wb") as vectors,
        (folder / "words.utf8").open("wb") as text,
        (folder / "inverse_norms").open("wb") as norms,
    ):
        for some in contents.rows:
            some = _first_of_each(some, seen, report, None if limit is None else limit - len(ends))
            vectors.write(np.ascontiguousarray(some.vectors).data)
            norms.write(telling.unit(some.vectors).data)
            text.write(b"".join(some.words))
            for word in some.words:
                end += len(word)
                ends.append(end)
                hashes.append(_hash(word))
            kept_rows += (some.places - 1).tolist() if contents.model else []
            tell(len(ends))
            if limit is not None and len(ends) >= limit:
                break
    order = np.argsort(np.array(hashes, dtype=np.uint64), kind="stable")
    np.array(hashes, dtype=np.uint64)[order].tofile(folder / "index.hashes")
    order.astype(np.int32).tofile(folder / "index.rows")
    np.array(ends, dtype=np.int64).tofile(folder / "words.ends")
    if contents.model:
        _write_model(folder, contents.model, kept_rows)
    return len(ends)


def _write_model(folder: Path, model: Model, rows: list[int]) -> None:
    model.counts[rows].tofile(folder / "frequency")
    if model.subwords.buckets:
        model.matrix[len(model.words) :].tofile(folder / "subwords")


def _first_of_each(some: Rows, seen: set[bytes], report: Report, room: int | None) -> Rows:
    """Leave out words that were there before, and those for which there is no room."""
    good: list[int] = []
    for index, word in enumerate(some.words):
        if room is not None and len(good) >= room:
            break
        if word in seen:
            report.drop("the word was there before", int(some.places[index]))
        else:
            seen.add(word)
            good.append(index)
    if len(good) == len(some.words):
        return some
    return Rows([some.words[index] for index in good], some.vectors[good], some.places[good])


def _hash(word: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(word, digest_size=8).digest(), "little")


def folders(home: Path) -> Iterator[Path]:
    """Yield the folders of all spaces kept in ``home``."""
    if home.is_dir():
        yield from (entry for entry in sorted(home.iterdir()) if (entry / "provenance.json").exists())
