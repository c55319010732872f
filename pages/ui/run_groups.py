"""Runs of a person and those that they opened beside them to compare with: the list shows these under their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from engine.runs.run import Run
from pages.ui import run_words
from pages.ui.compare import BESIDE, BETWEEN, MOST, SEED


@dataclass(frozen=True, slots=True)
class Group:
    """A run, and the ``others`` that were opened to be compared with it, the newest first."""

    run: Run
    others: tuple[Run, ...] = ()

    @property
    def all(self) -> tuple[Run, ...]:
        """Return all runs of the group, that of its row first."""
        return (self.run, *self.others)

    @property
    def title(self) -> str:
        """Return with what the run was compared: ``Compared with Optimizer SGD``."""
        words = [run_words.unlike(self.run, other) for other in self.others]
        return f"Compared with {words[0] if len(words) == 1 else f'{len(words)} other runs'}"

    @property
    def seeds(self) -> dict[str, str]:
        """Return what an address says of all seeds of the run together; nothing where there is no band of them."""
        by_spec = {other.spec: other.id for other in reversed(self.others) if differs_by_seed(self.run, other)}
        ids = list(by_spec.values())[-(MOST - 1) :]
        return self.address(*ids) if len(ids) > 1 else {}

    def address(self, *ids: str) -> dict[str, str]:
        """Return what the address says of the run beside those of ``ids``."""
        return {"run": self.run.id, BESIDE: BETWEEN.join(ids)}


def grouped(runs: Sequence[Run]) -> list[Group]:
    """Return ``runs``, in their order, with those that were compared with one of them under that one.

    One whose own is not among them stands for itself.
    """
    own = {run.id for run in runs if not run.beside}
    theirs = sorted((run for run in runs if run.beside in own), key=lambda run: run.beside)
    others = {run_id: tuple(found) for run_id, found in groupby(theirs, key=lambda run: run.beside)}
    return [Group(run, others.get(run.id, ())) for run in runs if run.beside not in own]


def differs_by_seed(run: Run, other: Run) -> bool:
    """Tell whether two runs are of the same settings but for the seed."""
    return run_words.differences(run, other) == (SEED,)
