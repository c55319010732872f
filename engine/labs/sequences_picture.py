"""The picture of the sequences lab: what the units of a net that has learnt names hold while it reads one."""

from itertools import islice

import numpy as np
from PIL import Image

from engine.figures.style import DIVERGING
from engine.labs.sequences import SequencesSpec
from engine.labs.sequences_experiment import SequencesExperiment
from engine.readings import arrays_of

STEPS = 500
CELL, GAP = 26, 3
SPEC = SequencesSpec(units=14, example=3)
PAPER = (238, 241, 245)


def draw() -> Image.Image:
    """Train, look, and return what is seen."""
    experiment = SequencesExperiment(SPEC)
    step = next(islice(experiment.steps(), STEPS, None))
    seen = arrays_of(experiment.observe(step).readings)
    hidden = seen["states.0.ahead.hidden"]
    return _draw(hidden[:, np.isfinite(hidden[0])])


def _draw(hidden: np.ndarray) -> Image.Image:
    """Return numbers (units, steps) from -1 to 1 as squares: one colour below 0, another above, paper between."""
    units, steps = hidden.shape
    below, above = (np.array(tuple(bytes.fromhex(colour[1:])), float) for colour in DIVERGING)
    ends = np.where(hidden[..., None] < 0, below, above)
    pixels = np.rint(PAPER + np.abs(hidden[..., None]).clip(0, 1) * (ends - PAPER)).astype(np.uint8)
    side = CELL + GAP
    picture = Image.new("RGB", (steps * side * 2 - GAP, units * side - GAP), "white")
    for unit in range(units):
        for step in range(steps):
            square = Image.new("RGB", (2 * CELL + GAP, CELL), tuple(int(part) for part in pixels[unit, step]))
            picture.paste(square, (step * side * 2, unit * side))
    return picture
