"""The past of a run that goes on: where it stood, and how to stand there again.

A run is its spec and what a person did to it while it went on. The same steps from the same checkpoint give the same
numbers bit for bit, so nothing but checkpoints, some seconds apart, is needed to be at any step again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from engine.readings import Arrays
from engine.runs.changes import ahead_of, settings_in
from engine.runs.run import Run
from engine.runs.store import Kept, Store
from engine.training.edits import is_edit
from engine.training.experiment import Change, Experiment, Step

PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Past:
    """What the store has of a run until ``step``: the last checkpoint before it, and what was changed, in order, as
    (step, name, value); ``ahead`` are those changes that the checkpoint does not have behind it. ``message`` is what
    there is to say of it to a person, or empty.
    """

    step: int
    message: str
    kept: Kept
    checkpoint: Arrays | None
    changes: list[Change]
    ahead: list[Change]

    @classmethod
    def read(cls, database: str, run: Run) -> Self:
        """Read the past of ``run`` until ``run.step``; raises StoreError, DataError."""
        store = Store.prepared(database, patience=PATIENCE)
        try:
            found = store.checkpoint(run.id, run.step)
            kept = store.kept(run.id)
            branched = f"Branched from another run at step {run.parent_step:,}; what came before, the two share."
            message = branched if run.parent and run.step == run.parent_step else ""
            if not kept.frames:
                message = f"Opened from a file at step {run.step:,}; what came before is not in the file."
            changes = store.events(run.id)
            checkpoint, ahead = ahead_of(found[1] if found else None, changes)
            return cls(run.step, message, kept, checkpoint, changes, ahead)
        finally:
            store.close()

    @property
    def settings(self) -> dict[str, str]:
        """Return the settings that were changed, as they were at last."""
        return settings_in(self.changes)

    def walk(self, steps: Iterator[Step], experiment: Experiment) -> Iterator[Step]:
        """Walk the ``steps`` of ``experiment``, which begin at the checkpoint, to ``step``; yield them."""
        return walk(steps, experiment, self.ahead, self.step)


def walk(steps: Iterator[Step], experiment: Experiment, changes: Sequence[Change], last: int) -> Iterator[Step]:
    """Walk the ``steps`` of ``experiment`` to ``last``; yield them. Each change is made where it was made before."""
    ahead = list(changes)
    for step in steps:
        if _change(experiment, ahead, step):
            continue  # it comes once more, with the net as it is now
        yield step
        if step.number >= last:
            return


def _change(experiment: Experiment, ahead: list[Change], step: Step) -> bool:
    """Make the changes ``ahead`` that are due at ``step``, up to the first of the net; tell if there was one."""
    while ahead and ahead[0][0] <= step.number:
        _, name, value = ahead.pop(0)
        experiment.set(name, value)
        if is_edit(name):
            return True
    return False


def past_rate(past: Past | None) -> float | None:
    """Return the learning rate that a person had chosen last, if one did."""
    chosen = past.settings.get("learning_rate") if past else None
    return None if chosen is None else float(chosen)
