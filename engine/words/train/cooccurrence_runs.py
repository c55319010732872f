"""Sorted runs of counted pairs, on disk while they are not needed, and merged in a little memory."""

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from engine.words.stored import mapped
from engine.words.train import cooccurrence_kernels as kernels

LEAST_PIECE = 1 << 10


class Run(NamedTuple):
    """Pairs as numbers, (n,) int64, rising, each once; and their sums, (n,) int64."""

    pairs: np.ndarray
    sums: np.ndarray


class Runs:
    """Runs that lie in a folder as files ``run-...``, beside other things; ``memory`` bytes may be used to merge."""

    def __init__(self, folder: Path, memory: int) -> None:
        self._folder, self._memory = folder, memory
        self._count = 0

    def add(self, run: Run) -> None:
        """Write one more."""
        for name, numbers in zip(self._names(self._count), run, strict=True):
            numbers.tofile(name)
        self._count += 1

    def merging(self, last: Run) -> Generator[float, None, Run]:
        """Return all of them and one more as one: itself where there is no other, else mapped. Yield which share of
        their pairs is merged.
        """
        if not self._count:
            return last
        if len(last.pairs):
            self.add(last)
        names = self._names(-1)
        with names[0].open("wb") as pairs, names[1].open("wb") as sums:
            for share, piece in self._merge():
                piece.pairs.tofile(pairs)
                piece.sums.tofile(sums)
                yield share
        return Run(mapped(names[0], np.int64, -1), mapped(names[1], np.int64, -1))

    def remove(self) -> None:
        """Delete all files."""
        for file in self._folder.glob("run-*"):
            file.unlink()

    def _names(self, number: int) -> tuple[Path, Path]:
        name = "all" if number < 0 else f"{number:06}"
        return self._folder / f"run-{name}-pairs", self._folder / f"run-{name}-sums"

    def _merge(self) -> Iterator[tuple[float, Run]]:
        """Yield pieces of the merged run, each with the share that is done with it: of each run as much as no other can
        still have something smaller than.
        """
        runs = [Run(*(mapped(name, np.int64, -1) for name in self._names(number))) for number in range(self._count)]
        # A piece is held as it is read, put together, and once more in order: two numbers each.
        size = max(LEAST_PIECE, self._memory // (48 * len(runs)))
        at = [0] * len(runs)
        while any(start < len(run.pairs) for start, run in zip(at, runs, strict=True)):
            heads = [run.pairs[start : start + size] for start, run in zip(at, runs, strict=True)]
            bound = min(head[-1] for head, start, run in zip(heads, at, runs, strict=True) if len(head))
            counts = [int(np.searchsorted(head, bound, side="right")) for head in heads]
            some = [slice(start, start + count) for start, count in zip(at, counts, strict=True)]
            pairs = np.concatenate([run.pairs[here] for run, here in zip(runs, some, strict=True)])
            sums = np.concatenate([run.sums[here] for run, here in zip(runs, some, strict=True)])
            order = np.argsort(pairs, kind="stable")
            pairs, sums = pairs[order], sums[order]
            n = kernels.joined(pairs, sums)
            at = [start + count for start, count in zip(at, counts, strict=True)]
            yield sum(at) / sum(len(run.pairs) for run in runs), Run(pairs[:n], sums[:n])
