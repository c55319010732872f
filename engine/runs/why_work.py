"""Asking the net of a run why it answers as it does: jobs, done with the net as it was at a step.

Each function carries an order out that ``engine.runs.why.asked`` makes, see ``engine.jobs``.
"""

from collections.abc import Generator, Mapping
from typing import Any

import torch

from engine.jobs import Progress
from engine.labs import vision_units, vision_why
from engine.labs.catalogue import get_lab
from engine.labs.why_spec import PixelsSpec, UnitSpec
from engine.runs.standing import walked
from engine.translation.blame_spec import BlameSpec

TOLD_EVERY = 20

Work = Generator[Progress, None, dict[str, Any]]


def warm() -> None:
    """Have torch compute in one thread; a forge calls it once."""
    torch.set_num_threads(1)


def pixels(arguments: Mapping[str, Any]) -> Work:
    """Return which pixels an answer comes from, see ``engine.labs.vision_why.pixels``. Raises LearnscopeError."""
    experiment = yield from _standing(arguments)
    spec = PixelsSpec.from_json(arguments["settings"])
    return (yield from vision_why.pixels(experiment, arguments["image"], arguments["target"], spec))


def forgetting(arguments: Mapping[str, Any]) -> Work:
    """Return what is left of it where layers forget, see ``engine.labs.vision_why.forgetting``."""
    experiment = yield from _standing(arguments)
    spec = PixelsSpec.from_json(arguments["settings"])
    return (yield from vision_why.forgetting(experiment, arguments["image"], arguments["target"], spec))


def patches(arguments: Mapping[str, Any]) -> Work:
    """Return which training images excite the units of a layer, see ``engine.labs.vision_units.patches``."""
    experiment = yield from _standing(arguments)
    spec = UnitSpec.from_json(arguments["settings"])
    return (yield from vision_units.patches(experiment, arguments["layer"], spec))


def risen(arguments: Mapping[str, Any]) -> Work:
    """Return the input that excites a unit most, see ``engine.labs.vision_units.risen``."""
    experiment = yield from _standing(arguments)
    spec = UnitSpec.from_json(arguments["settings"])
    return (yield from vision_units.risen(experiment, arguments["layer"], arguments["unit"], spec))


def blame(arguments: Mapping[str, Any]) -> Work:
    """Return who is to blame for wrong translations, see ``TranslationExperiment.blamed``. Raises LearnscopeError."""
    experiment = yield from _standing(arguments)
    return (yield from experiment.blamed(BlameSpec.from_json(arguments["settings"])))


def _standing(arguments: Mapping[str, Any]) -> Generator[Progress, None, Any]:
    """Return the run's experiment, as the run stood at the step that is asked about."""
    yield Progress(None, "reading what is learnt from")
    lab, last = get_lab(arguments["lab"]), arguments["step"]
    experiment = lab.open(lab.spec.from_json(arguments["spec"]))
    for step in walked(experiment, arguments["run"], last, arguments["mark"]):
        if step.number % TOLD_EVERY == 0:
            yield Progress(None, f"going to step {last:,}: at {step.number:,}")
    return experiment
