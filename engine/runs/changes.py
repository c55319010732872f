"""What a person changes while a run goes on: live settings, and numbers of the net; and how a checkpoint counts them.

A change of a setting may be made twice at its step, and nothing is lost. A number of the net that is put in has the
batch of its step pass once more, which draws chance: so each checkpoint says how many changes it has behind it.
"""

from collections.abc import Sequence

import numpy as np

from engine.errors import DataError
from engine.readings import Arrays
from engine.training.edits import is_edit
from engine.training.experiment import Change

COUNT = "run.changes"


def counted(checkpoint: Arrays, changes: int) -> Arrays:
    """Return a checkpoint of an experiment with the number of changes that it has behind it."""
    return {**checkpoint, COUNT: np.array(changes, np.int32)} if changes else checkpoint


def ahead_of(arrays: Arrays | None, changes: Sequence[Change]) -> tuple[Arrays | None, list[Change]]:
    """Return the checkpoint of an experiment without that number, and those of ``changes`` that are still to be made.

    Raises DataError where the number is none, for it may come from a file.
    """
    if arrays is None or COUNT not in arrays:
        return arrays, list(changes)
    rest = {name: array for name, array in arrays.items() if name != COUNT}
    count = arrays[COUNT]
    if count.shape != () or count.dtype.kind != "i" or not 0 <= int(count) <= len(changes):
        raise DataError(
            f"This checkpoint has more behind it than was changed: expected at most {len(changes):,} changes."
        )
    return rest, list(changes[int(count) :])


def changes_until(changes: Sequence[Change], last: int) -> list[Change]:
    """Return those changes that were made at step ``last`` or before."""
    return [change for change in changes if change[0] <= last]


def settings_in(changes: Sequence[Change]) -> dict[str, str]:
    """Return the settings that were changed, as they were at last."""
    return {name: value for _, name, value in changes if not is_edit(name)}


def by_hand(changes: Sequence[Change]) -> list[Change]:
    """Return those changes by which a number was put into the net."""
    return [change for change in changes if is_edit(change[1])]
