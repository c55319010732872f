"""Orders to ask the net of a run why it answers as it does, with the net as it was at a step; light, for pages.

``engine.runs.why_work`` carries them out, beside the run's worker.
"""

from collections.abc import Sequence
from typing import Any

from engine.jobs import Forge, Limits, Order
from engine.memory import usual_limit
from engine.runs.changes import changes_until
from engine.runs.run import Run
from engine.spec import Spec
from engine.training.experiment import Change
from engine.words.learnt import mark_of

SECONDS = 900
WORK = "engine.runs.why_work"


def asked(what: str, run: Run, step: int, changes: Sequence[Change], spec: Spec, **about: Any) -> Order:
    """Return the order to ask the net of ``run`` at ``step``: ``what`` is a function of that module, ``changes`` are
    all that were made in the run. Equal orders have equal answers.
    """
    of = {"run": run.id, "lab": run.lab, "spec": run.spec, "step": step, "mark": mark_of(changes_until(changes, step))}
    return Order.of(f"{WORK}:{what}", **of, settings=spec.to_json(), **about)


def forge() -> Forge:
    """Return what starts the processes of such orders; each may take as much memory as a run."""
    return Forge((WORK,), Limits(memory=usual_limit(), seconds=SECONDS))
