"""Counts how often words stand near each other: windowed, weighed by 1 / distance, in as little memory as one likes.

Co-occurrence as in GloVe (Pennington, Socher and Manning 2014, aclanthology D14-1162): each word counts the words at
most ``window`` places before it, and they it. Words that were left out of the text are no distance, and no sentence
sees into another.

The sums are of whole numbers: up to window 24 each weight is a whole share of the smallest number that all distances
divide, and so every sum is exact; beyond that a weight is rounded to 2^-33 of a token. Hence the result is the same to
the last bit whatever the memory, the chunks and what had to go to disk; it is kept as float32.
"""

import math
from collections.abc import Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np

from engine.errors import DataError
from engine.jobs import Progress
from engine.keeping import drafts
from engine.words.train import cooccurrence_kernels as kernels
from engine.words.train.cooccurrence_runs import Run, Runs
from engine.words.train.matrix import Cooccurrences
from engine.words.train.room import room

MEMORY = 1 << 28
LEAST_MEMORY = 1 << 20
MOST_WINDOW = 50
EXACT_UNIT = 1 << 33
"""Above this a pair's sum might outgrow 64 bits in a text of some hundred billion words."""
MOST_WORDS = 1 << 28
READ, MERGED = 0.5, 0.75
"""Of a long text: the share of the work that is done when all is counted, and when what lay on the disk is one."""
PAIRS_AT_ONCE = 1 << 21


def counting(
    chunks: Iterable[np.ndarray],
    words: int,
    folder: Path,
    window: int = 15,
    symmetric: bool = True,
    total: int | None = None,
    memory: int = MEMORY,
) -> Generator[Progress, None, Cooccurrences]:
    """Count a text of the words 0 to ``words - 1``, numbered by falling frequency; yield after each chunk.

    ``chunks`` are arrays of int32, cut anywhere; a negative number ends a sentence. One is counted while the next is
    made. ``symmetric``: both words of a pair count each other, else the earlier one the later one only. ``total`` is
    how many numbers come in all, if known. About ``memory`` bytes are used, and the disk for what does not fit. The
    counts come to lie in ``folder``, whole or not at all; nothing else stays there.

    Raises DataError where no two words stand near each other, or the disk is full.
    """
    with drafts.drafted(folder) as aside:
        count = _Count(aside, words, window, symmetric, memory)
        with ThreadPoolExecutor(1) as worker:
            running: Future[None] | None = None
            seen = 0
            for chunk in chunks:
                if running:
                    running.result()
                running = worker.submit(count.add, chunk)
                seen += len(chunk)
                share = READ * min(1.0, seen / total) if total else None
                yield Progress(share, f"{seen:,} tokens counted")
            if running:
                running.result()
        yield Progress(READ, "putting the counts in order")
        for share in count.writing(aside):
            yield Progress(share, "putting the counts in order")
    return Cooccurrences.open(folder)


def weights(window: int) -> tuple[int, np.ndarray]:
    """Return the unit in which is counted, and what each distance from 0 (no such) to ``window`` counts, (w + 1,)."""
    unit = math.lcm(*range(1, window + 1))
    if unit > EXACT_UNIT:
        unit = 1 << 32
    return unit, np.array([0, *(round(unit / distance) for distance in range(1, window + 1))], dtype=np.int64)


class _Count:
    """What is counted so far: a table of the frequent pairs, notes of others, and runs of notes on disk."""

    def __init__(self, folder: Path, words: int, window: int, symmetric: bool, memory: int) -> None:
        if not 0 < words < MOST_WORDS:
            raise DataError(f"There are {words:,} words to count: expected 1 to {MOST_WORDS - 1:,}.")
        memory = max(memory, LEAST_MEMORY)
        self.window, self.symmetric = window, symmetric
        self.unit, self.shares = weights(window)
        self.starts, self.limits, cells = table_of(words, symmetric, memory // 16)
        self.table = np.zeros(cells, np.int64)
        self.notes = np.empty(max(memory // 32, 4 * window), np.int64)
        self.filled = 0
        self.runs = Runs(folder, memory // 4)
        self.before = np.empty(0, np.int32)

    def add(self, chunk: np.ndarray) -> None:
        """Count one more piece of the text."""
        ids = np.concatenate([self.before, np.asarray(chunk, np.int32)])
        if len(ids) and ids.max() >= len(self.starts):
            raise DataError(f"The text holds a word {int(ids.max())}: expected 0 to {len(self.starts) - 1}.")
        at = len(self.before)
        while at < len(ids):
            at, self.filled = kernels.tally(
                ids,
                at,
                self.window,
                self.symmetric,
                self.shares,
                self.starts,
                self.limits,
                self.table,
                self.notes,
                self.filled,
            )
            if at < len(ids):
                self.runs.add(self._sorted())
        self.before = ids[-self.window :]

    def _sorted(self) -> Run:
        """Return the notes as a run, each pair once; it lies in their own memory, which is used again."""
        notes = self.notes[: self.filled]
        notes.sort()
        sums = np.empty(len(notes), np.int64)
        n = kernels.summed(notes, self.shares, sums)
        self.filled = 0
        return Run(notes[:n], sums[:n])

    def writing(self, folder: Path) -> Generator[float]:
        """Write all that was counted, see ``engine.words.train.matrix``; yield the share of the whole work that is
        done. Raises DataError where nothing was counted.
        """
        both, seldom = self.symmetric, (yield from self._merged())
        degrees = np.zeros(len(self.starts), np.int64)
        kernels.degrees_of_table(self.starts, self.limits, both, self.table, degrees)
        kernels.degrees_of_pairs(seldom.pairs, both, degrees)
        offsets = np.concatenate([[0], np.cumsum(degrees)])
        if not offsets[-1]:
            raise DataError("No two of the words stand near each other: expected sentences of at least two of them.")
        with (folder / "columns").open("w+b") as one, (folder / "values").open("w+b") as other:
            columns, values = room(one, np.int32, int(offsets[-1])), room(other, np.float32, int(offsets[-1]))
        ends = offsets[:-1].copy()
        target = (both, self.unit, ends, columns, values)
        # A word's frequent neighbours come before all that are seldom: so each row rises.
        kernels.lay_table(self.starts, self.limits, both, self.table, *target[1:])
        for start in range(0, len(seldom.pairs), PAIRS_AT_ONCE):
            some = slice(start, start + PAIRS_AT_ONCE)
            kernels.lay_pairs(seldom.pairs[some], seldom.sums[some], *target)
            yield MERGED + (1 - MERGED) * min(1.0, some.stop / len(seldom.pairs))
        offsets.tofile(folder / "offsets")
        Cooccurrences(offsets, columns, values, self.window, both).write_record(folder)
        self.runs.remove()

    def _merged(self) -> Generator[float, None, Run]:
        merging = self.runs.merging(self._sorted())
        while True:
            try:
                yield READ + (MERGED - READ) * next(merging)
            except StopIteration as end:
                return end.value


def table_of(words: int, symmetric: bool, cells: int) -> tuple[np.ndarray, np.ndarray, int]:
    """Return where each word's row of the table begins and up to which word it reaches, (words,), and its cells.

    It holds the pairs whose product of ranks is at most p, the largest p for which there are at most ``cells``.
    """
    rows = np.arange(words, dtype=np.int64)
    low, high = 0, words * words
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _cells(rows, symmetric, middle).sum() <= cells else (low, middle - 1)
    lengths = _cells(rows, symmetric, low)
    first = rows if symmetric else np.zeros_like(rows)
    starts = np.cumsum(lengths) - lengths - first
    limits = np.where(lengths > 0, first + lengths, 0)
    return starts.astype(np.uint64), limits.astype(np.uint64), int(lengths.sum())


def _cells(rows: np.ndarray, symmetric: bool, product: int) -> np.ndarray:
    """Return how many cells each row has if pairs up to a product of ranks are held."""
    reach = np.minimum(len(rows), product // (rows + 1))
    return np.maximum(0, reach - rows) if symmetric else reach
