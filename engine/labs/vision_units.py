"""What excites a unit of a net for images: the training patches that do most, and an input that is made to.

Each function is work that takes a while: a generator that yields its progress and returns plain data.
"""

from collections.abc import Generator
from typing import Any

import numpy as np
import torch

from engine.errors import RunError
from engine.jobs import Progress
from engine.jobs.arrays import packed
from engine.labs.vision_experiment import VisionExperiment
from engine.labs.vision_why import brightness
from engine.labs.why_spec import UnitSpec, units_of
from engine.nets.images.fields import field_of
from engine.nets.images.layers import layers
from engine.nets.images.plan import title
from engine.probes.ascent import Regularised, answer, ascent
from engine.probes.images import pictures
from engine.probes.patches import Strongest, strongest
from engine.seeds import derive

Work = Generator[Progress, None, dict[str, Any]]
MOST = 9
"""Patches of a unit."""
NO_NUMBERS = "What this layer gives is no number: go back to a step before the weights were spoilt."


def patches(experiment: VisionExperiment, layer: str, spec: UnitSpec) -> Work:
    """Return which training images excite each unit of a layer most, and where.

    The result has the number of ``units``, the ``map`` (height, width) of each, none of a dense layer, and the
    ``field`` (side, stride, top, left) that its numbers see, none where it is the whole image. Of each unit's answers,
    the strongest first, (units, patches): ``values``, ``rows``, ``columns``, and in ``images`` places in the
    ``pictures`` (n, height, width, channels) uint8, whose ``labels`` are told too; ``looked`` is how many training
    images there were. Raises RunError.
    """
    shape, made = _output(experiment, layer)
    prepared = experiment.prepared
    chosen = prepared.train[: spec.looked]
    inputs = torch.from_numpy(prepared.inputs(prepared.images.pixels[chosen]))
    found: Strongest | None = None
    for done, found in strongest(experiment.net, layer, inputs, MOST):  # noqa: B007
        yield Progress(done / len(inputs), f"{done:,} of {len(inputs):,} training images")
    if found is None or not found.values.isfinite().all():
        raise RunError(NO_NUMBERS)
    used, places = np.unique(found.images.numpy(), return_inverse=True)
    field = field_of(experiment.net, shape, layer)
    return {
        "title": title(layer),
        "units": made[0],
        "map": list(made[1:]),
        "field": None if field is None else list(field),
        "values": packed(found.values.numpy()),
        "rows": packed(found.rows.numpy()),
        "columns": packed(found.columns.numpy()),
        "images": packed(places.reshape(found.images.shape)),
        "pictures": packed(pictures(prepared.images.pixels[chosen[used]])),
        "labels": [prepared.images.classes[label] for label in prepared.images.labels[chosen[used]]],
        "looked": len(inputs),
    }


def risen(experiment: VisionExperiment, layer: str, unit: int, spec: UnitSpec) -> Work:
    """Return the input that excites a unit most, by gradient ascent from noise.

    The result has the ``picture`` (height, width, channels) uint8, what the unit answers to just that: ``reached``, its
    ``answers`` before the first step and after each, the ``row`` and the ``column`` of its map that were asked, in the
    middle, and the ``field`` of the layer. Raises RunError.
    """
    shape, made = _output(experiment, layer)
    if not 0 <= unit < made[0]:
        raise RunError(f"There is no unit {unit} in {title(layer)}: expected 0 to {made[0] - 1}.")
    place = (made[1] // 2, made[2] // 2) if len(made) == 3 else (0, 0)
    bounds = tuple(brightness(experiment, name).expand(shape) for name in ("black", "white"))
    held = Regularised(spec.decay, spec.blur, spec.jitter)
    generator = torch.Generator().manual_seed(derive(spec.seed, "ascent", layer, unit))
    answers, image = [], bounds[0]
    for step, one in enumerate(
        ascent(experiment.net, layer, unit, place, (bounds[0], bounds[1]), spec.steps, held, generator)
    ):
        image = one.image
        answers.append(one.answer)
        if not np.isfinite(one.answer):
            raise RunError(NO_NUMBERS)
        yield Progress(step / max(1, spec.steps), f"{step:,} of {spec.steps:,} steps")
    prepared = experiment.prepared
    scaled = image.numpy() * prepared.deviation[:, None, None] + prepared.mean[:, None, None]
    written = np.rint(scaled.clip(0, 1) * 255).astype(np.uint8)
    field = field_of(experiment.net, shape, layer)
    return {
        "picture": packed(written.transpose(1, 2, 0)),
        "reached": answer(experiment.net, layer, unit, place, torch.from_numpy(prepared.inputs(written[None])[0])),
        "answers": answers,
        "row": place[0],
        "column": place[1],
        "field": None if field is None else list(field),
    }


def _output(experiment: VisionExperiment, layer: str) -> tuple[tuple[int, int, int], tuple[int, ...]]:
    """Return the shape of the images, and that of what a layer makes of one."""
    known = units_of(experiment.spec, experiment.plan)
    if layer not in known:
        raise RunError(f"There is no such layer to ask: expected one of {', '.join(map(title, known))}.")
    shape = experiment.prepared.images.shape
    return shape, next(one.output for one in layers(experiment.net, shape) if one.name == layer)
