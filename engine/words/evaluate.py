"""How good is a space: analogies with a right answer, and pairs of words whose likeness people have judged.

Both give gensim's results on the same file: the same words count, in either case of letters, among the same first rows.
"""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import DataError
from engine.words.space import Space

RESTRICT = 300_000
BLOCK_ROWS = 2_048
QUESTIONS_AT_ONCE = 64
MAX_FILE_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a suite of analogies: how many were right of those ``asked``; ``skipped`` have unknown words."""

    name: str
    correct: int
    asked: int
    skipped: int

    @property
    def accuracy(self) -> float:
        """The share of right answers, from 0 to 1; NaN where none was asked."""
        return self.correct / self.asked if self.asked else float("nan")


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The sections of a suite in the order of its file, and all of them together."""

    sections: tuple[Section, ...]

    @property
    def total(self) -> Section:
        """The sum of all sections."""
        return Section(
            "total", *(sum(getattr(s, what) for s in self.sections) for what in ("correct", "asked", "skipped"))
        )


@dataclass(frozen=True, slots=True)
class Likeness:
    """How well cosines agree with people, on ``pairs`` pairs of words: Spearman's and Pearson's correlation, from -1 to
    1, with their p-values; ``unknown`` is the share of the file's pairs with a word that is not there, from 0 to 1.
    """

    spearman: float
    spearman_p: float
    pearson: float
    pearson_p: float
    pairs: int
    unknown: float


class _Vocabulary:
    """The first rows of a space by their words, in capitals if case is not to matter: then the first of each counts."""

    def __init__(self, space: Space, restrict: int, case_insensitive: bool) -> None:
        self.rows: dict[str, list[int]] = {}
        self.size = min(restrict, len(space))
        self._fold = str.upper if case_insensitive else str
        for row, word in enumerate(space.words[: self.size]):
            self.rows.setdefault(self._fold(word), []).append(row)

    def find(self, word: str) -> str | None:
        """Return a word as it is looked up here; None if it is not there."""
        folded = self._fold(word)
        return folded if folded in self.rows else None


def question_words(
    space: Space, path: str | os.PathLike[str], restrict: int = RESTRICT, case_insensitive: bool = True
) -> Accuracy:
    """Return how many analogies of a file a space answers rightly by 3CosAdd, among its first ``restrict`` words.

    The file has a line ``: name`` for each section and four words in each other line: the first is to the second as the
    third to the fourth, which is to be found (Mikolov et al. 2013, arXiv 1301.3781). Raises DataError.
    """
    vocabulary = _Vocabulary(space, restrict, case_insensitive)
    sections: list[tuple[str, int]] = []
    skipped: list[int] = []
    quads: list[tuple[str, str, str, str]] = []
    for number, line in _lines(path):
        if line.startswith(":"):
            sections.append((line.removeprefix(":").strip(), len(quads)))
            skipped.append(0)
            continue
        words = line.split()
        if len(words) != 4 or not sections:
            what = "a section, as in ': capitals'," if not sections else "four words"
            raise DataError(f"{Path(path).name}, line {number:,}: expected {what} received {line[:60]!r}.")
        known = [vocabulary.find(word) for word in words]
        if None in known:
            skipped[-1] += 1
        else:
            quads.append(tuple(known))  # type: ignore[arg-type]
    right = _answered(space, vocabulary, quads)
    starts = [start for _, start in sections]
    ends = [*starts[1:], len(quads)]
    return Accuracy(
        tuple(
            Section(name, int(right[start:end].sum()), end - start, missed)
            for (name, start), end, missed in zip(sections, ends, skipped, strict=True)
        )
    )


def word_similarity(
    space: Space, path: str | os.PathLike[str], restrict: int = RESTRICT, case_insensitive: bool = True
) -> Likeness:
    """Return how well a space agrees with people about pairs of words, as in WordSim-353 and SimLex-999.

    The file has two words and a number in each line, with tabs between them; lines that begin with # are left out.
    Raises DataError.
    """
    from scipy.stats import pearsonr, spearmanr

    vocabulary = _Vocabulary(space, restrict, case_insensitive)
    judged: list[float] = []
    pairs: list[tuple[int, int]] = []
    unknown = 0
    for number, line in _lines(path):
        if line.startswith("#"):
            continue
        a, b, likeness = _pair(path, number, line)
        first, second = vocabulary.find(a), vocabulary.find(b)
        if first is None or second is None:
            unknown += 1
        else:
            pairs.append((vocabulary.rows[first][0], vocabulary.rows[second][0]))
            judged.append(likeness)
    if len(pairs) < 2:
        raise DataError(f"Of the pairs in {Path(path).name} this space knows {len(pairs)}: expected at least two.")
    units = _units(space, np.array(pairs))
    cosines = np.einsum("nd,nd->n", units[:, 0], units[:, 1])
    spearman: Any = spearmanr(judged, cosines)
    pearson: Any = pearsonr(judged, cosines)
    return Likeness(
        *(float(value) for value in (spearman.statistic, spearman.pvalue, pearson.statistic, pearson.pvalue)),
        pairs=len(pairs),
        unknown=unknown / (len(pairs) + unknown),
    )


def _answered(space: Space, vocabulary: _Vocabulary, quads: Sequence[tuple[str, str, str, str]]) -> np.ndarray:
    """Return which questions are answered rightly, (questions,) bool.

    The cosine of a row with b - a + c is a sum of three cosines of rows with words, up to a factor that is the same for
    all rows; so there is one product, of all rows with the suite's few distinct words, and the rest are sums.
    """
    if not quads:
        return np.zeros(0, dtype=bool)
    distinct = {word: index for index, word in enumerate(dict.fromkeys(w for quad in quads for w in quad[:3]))}
    words = _units(space, np.array([vocabulary.rows[word][0] for word in distinct]))
    a, b, c = (np.array([distinct[quad[place]] for quad in quads]) for place in range(3))
    questions, rows = _inputs(vocabulary, quads)

    def search(start: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the best score of each question among a block of rows, and its row."""
        end = min(start + BLOCK_ROWS, vocabulary.size)
        cosines = words @ _units(space, slice(start, end)).T
        inside = np.flatnonzero((rows >= start) & (rows < end))
        best, where = np.empty(len(quads), np.float32), np.empty(len(quads), np.int64)
        for first in range(0, len(quads), QUESTIONS_AT_ONCE):
            some = slice(first, first + QUESTIONS_AT_ONCE)
            scores = cosines[b[some]]
            scores -= cosines[a[some]]
            scores += cosines[c[some]]
            low, high = np.searchsorted(questions[inside], (first, first + QUESTIONS_AT_ONCE))
            scores[questions[inside[low:high]] - first, rows[inside[low:high]] - start] = -np.inf
            where[some] = scores.argmax(axis=1)
            best[some] = scores[np.arange(len(scores)), where[some]]
        return best, where + start

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(search, range(0, vocabulary.size, BLOCK_ROWS)))
    best = np.array([scores for scores, _ in found])
    answers = np.array([where for _, where in found])[best.argmax(axis=0), np.arange(len(quads))]
    return np.array([answer in vocabulary.rows[quad[3]] for answer, quad in zip(answers.tolist(), quads, strict=True)])


def _inputs(vocabulary: _Vocabulary, quads: Sequence[tuple[str, str, str, str]]) -> tuple[np.ndarray, np.ndarray]:
    """Return (question, row) of all rows that are words of their own question, in any case, in order of questions."""
    pairs = [
        (question, row) for question, quad in enumerate(quads) for word in quad[:3] for row in vocabulary.rows[word]
    ]
    found = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def _units(space: Space, rows: np.ndarray | slice) -> np.ndarray:
    """Return the vectors of some rows at length 1, float32; a row of zeros stays."""
    return space.vectors[rows] * space.inverse_norms[rows][..., None]


def _lines(path: str | os.PathLike[str]) -> Iterator[tuple[int, str]]:
    """Yield the lines of a file that are not empty, with their numbers; raises DataError."""
    name = Path(path).name
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise DataError(f"{name} cannot be read: {error.strerror or error}.") from None
    if len(data) > MAX_FILE_BYTES:
        raise DataError(f"{name} is too long for a suite: expected at most {MAX_FILE_BYTES >> 20} MB.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DataError(f"{name} is not written in UTF-8.") from None
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
