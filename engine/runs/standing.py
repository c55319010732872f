"""An experiment that is to stand where a run stood at a step: from the last checkpoint before it, by the same steps.

The run itself is left alone. Its worker writes about once a second, so what a person has just changed is waited for.
"""

import time
from collections.abc import Iterator

from engine.errors import RunError
from engine.readings import Arrays
from engine.runs.changes import ahead_of, changes_until
from engine.runs.past import PATIENCE, walk
from engine.runs.schema import default_url
from engine.runs.store import Store
from engine.training.experiment import Change, Experiment, Step
from engine.words.learnt import mark_of

WAITED_SECONDS = 4.0
LOOK_SECONDS = 0.1
CHANGED = "This run has been changed since, or what was changed is not recorded yet: ask again in a second."


def walked(experiment: Experiment, run: str, step: int, mark: str) -> Iterator[Step]:
    """Have ``experiment`` stand where a run of the same spec stood at ``step``; yield the steps that lead there.

    ``mark`` is that of what was changed in the run until then (see ``engine.words.learnt.mark_of``). Where nothing was
    recorded of the run yet, it is walked from its beginning. Raises RunError where it was changed otherwise.
    """
    checkpoint, ahead = _past(run, step, mark)
    yield from walk(experiment.steps(checkpoint), experiment, ahead, step)


def _past(run: str, step: int, mark: str) -> tuple[Arrays | None, list[Change]]:
    """Return the last checkpoint before a step, none where there is none, and the changes that are ahead of it."""
    store = Store.prepared(default_url(), patience=PATIENCE)
    end = time.monotonic() + WAITED_SECONDS
    try:
        while True:
            found, changes = store.checkpoint(run, step), store.events(run)
            if mark_of(changes_until(changes, step)) == mark:
                return ahead_of(found[1] if found else None, changes)
            if time.monotonic() >= end:
                raise RunError(CHANGED)
            time.sleep(LOOK_SECONDS)
    finally:
        store.close()
