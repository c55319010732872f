"""Asking the net of a run why it answers as it does: jobs, done with the net as it was at a step, aside.

Each function carries an order out, see ``engine.jobs``; ``asked`` makes one.
"""

from collections.abc import Generator, Mapping, Sequence
from typing import Any

from engine.jobs import Forge, Limits, Order, Progress
from engine.labs.catalogue import get_lab
from engine.labs.why_spec import PixelsSpec, UnitSpec
from engine.memory import usual_limit
from engine.runs.changes import changes_until
from engine.runs.run import Run
from engine.runs.standing import walked
from engine.spec import Spec
from engine.training.experiment import Change
from engine.words.learnt import mark_of

SECONDS = 900
TOLD_EVERY = 20

Work = Generator[Progress, None, dict[str, Any]]


def asked(what: str, run: Run, step: int, changes: Sequence[Change], spec: Spec, **about: Any) -> Order:
    """Return the order to ask the net of ``run`` at ``step``: ``what`` is a function of this module, ``changes`` are
    all that were made in the run. Equal orders have equal answers.
    """
    of = {"run": run.id, "lab": run.lab, "spec": run.spec, "step": step, "mark": mark_of(changes_until(changes, step))}
    return Order.of(f"engine.runs.why:{what}", **of, settings=spec.to_json(), **about)


def forge() -> Forge:
    """Return what starts the processes of such orders; each may take as much memory as a run."""
    return Forge(("engine.runs.why",), Limits(memory=usual_limit(), seconds=SECONDS))


def warm() -> None:
    """Import what all orders need; a forge calls it once."""
    import torch

    from engine.labs import vision_units, vision_why  # noqa: F401

    torch.set_num_threads(1)


def pixels(arguments: Mapping[str, Any]) -> Work:
    """Return which pixels an answer comes from, see ``engine.labs.vision_why.pixels``. Raises LearnscopeError."""
    from engine.labs import vision_why

    experiment = yield from _standing(arguments)
    spec = PixelsSpec.from_json(arguments["settings"])
    return (yield from vision_why.pixels(experiment, arguments["image"], arguments["target"], spec))


def forgetting(arguments: Mapping[str, Any]) -> Work:
    """Return what is left of it where layers forget, see ``engine.labs.vision_why.forgetting``."""
    from engine.labs import vision_why

    experiment = yield from _standing(arguments)
    spec = PixelsSpec.from_json(arguments["settings"])
    return (yield from vision_why.forgetting(experiment, arguments["image"], arguments["target"], spec))


def patches(arguments: Mapping[str, Any]) -> Work:
    """Return which training images excite the units of a layer, see ``engine.labs.vision_units.patches``."""
    from engine.labs import vision_units

    experiment = yield from _standing(arguments)
    spec = UnitSpec.from_json(arguments["settings"])
    return (yield from vision_units.patches(experiment, arguments["layer"], spec))


def risen(arguments: Mapping[str, Any]) -> Work:
    """Return the input that excites a unit most, see ``engine.labs.vision_units.risen``."""
    from engine.labs import vision_units

    experiment = yield from _standing(arguments)
    spec = UnitSpec.from_json(arguments["settings"])
    return (yield from vision_units.risen(experiment, arguments["layer"], arguments["unit"], spec))


def _standing(arguments: Mapping[str, Any]) -> Generator[Progress, None, Any]:
    """Return the run's experiment, as the run stood at the step that is asked about."""
    yield Progress(None, "reading the images")
    lab, last = get_lab(arguments["lab"]), arguments["step"]
    experiment = lab.open(lab.spec.from_json(arguments["spec"]))
    for step in walked(experiment, arguments["run"], last, arguments["mark"]):
        if step.number % TOLD_EVERY == 0:
            yield Progress(None, f"going to step {last:,}: at {step.number:,}")
    return experiment
