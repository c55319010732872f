"""The files of suites: analogies in sections, and pairs of words whose likeness people have judged."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.errors import DataError

MAX_FILE_BYTES = 64 << 20
Question = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Analogies:
    """A suite of q questions: the first word is to the second as the third to the fourth, which is to be found.

    ``names`` are those of its sections in the order of the file, and ``section``, (q,) int64, says whose each is.
    """

    names: tuple[str, ...]
    section: np.ndarray
    questions: tuple[Question, ...]

    def relations(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """Return the pairs that each section asks about, each once, in the order in which they come."""
        found: dict[str, dict[tuple[str, str], None]] = {name: {} for name in self.names}
        for section, (a, b, c, d) in zip(self.section.tolist(), self.questions, strict=True):
            found[self.names[section]] |= {(a, b): None, (c, d): None}
        return {name: tuple(pairs) for name, pairs in found.items()}


def analogies(path: str | os.PathLike[str]) -> Analogies:
    """Read a file of analogies, see ``analogies_in``; raises DataError."""
    return analogies_in(_read(path), Path(path).name)


def analogies_in(text: str, name: str) -> Analogies:
    """Read a line ``: name`` for each section and four words in each other line (Mikolov et al. 2013, arXiv 1301.3781).

    Raises DataError, which calls the text by its ``name``.
    """
    names: list[str] = []
    sections: list[int] = []
    questions: list[Question] = []
    for number, line in _lines(text):
        if line.startswith(":"):
            names.append(line.removeprefix(":").strip())
            continue
        words = line.split()
        if len(words) != 4 or not names:
            what = "a section, as in ': capitals'," if not names else "four words"
            raise DataError(f"{name}, line {number:,}: expected {what} received {line[:60]!r}.")
        sections.append(len(names) - 1)
        questions.append((words[0], words[1], words[2], words[3]))
    return Analogies(tuple(names), np.array(sections, np.int64), tuple(questions))


def judged_pairs(path: str | os.PathLike[str]) -> list[tuple[str, str, float]]:
    """Read two words and a number in each line, with tabs between them; lines that begin with # are left out.

    Raises DataError.
    """
    return [_pair(path, number, line) for number, line in _lines(_read(path)) if not line.startswith("#")]


def _read(path: str | os.PathLike[str]) -> str:
    """Return the text of a file; raises DataError."""
    name = Path(path).name
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise DataError(f"{name} cannot be read: {error.strerror or error}.") from None
    if len(data) > MAX_FILE_BYTES:
        raise DataError(f"{name} is too long for a suite: expected at most {MAX_FILE_BYTES >> 20} MB.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DataError(f"{name} is not written in UTF-8.") from None


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not empty, with their numbers."""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield number, line.strip()


def _pair(path: str | os.PathLike[str], number: int, line: str) -> tuple[str, str, float]:
    fields = line.split("\t")
    try:
        a, b, likeness = fields[0], fields[1], float(fields[2])
        if np.isfinite(likeness):
            return a, b, likeness
    except (IndexError, ValueError):
        pass
    raise DataError(
        f"{Path(path).name}, line {number:,}: expected two words and a number with tabs between them, "
        f"received {line[:60]!r}."
    )
