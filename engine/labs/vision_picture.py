"""The picture of the vision lab: a digit held out, and what the first two convolutions of a net that has learnt make of
it.
"""

from itertools import islice

import numpy as np
from PIL import Image

from engine.figures.style import CLASS_COLOURS
from engine.labs.vision import VisionSpec
from engine.labs.vision_experiment import VisionExperiment
from engine.readings import Arrays, arrays_of

STEPS = 300
HEIGHT, GAP = 400, 8
INK = (31, 41, 55)
SPEC = VisionSpec(images="drawn_digits", image=7)


def draw() -> Image.Image:
    """Train, look, and return what is seen."""
    experiment = VisionExperiment(SPEC)
    step = next(islice(experiment.steps(), STEPS, None))
    return _draw(arrays_of(experiment.observe(step).readings))


def _draw(seen: Arrays) -> Image.Image:
    parts = [
        _tile(seen["image.pixels"][0, :, :, 0] / 255, INK, HEIGHT),
        _grid(seen["maps.features.relu1"], 2),
        _grid(seen["maps.features.relu3"], 4),
    ]
    picture = Image.new("RGB", (sum(part.width for part in parts) + 6 * GAP, HEIGHT), "white")
    left = 0
    for part in parts:
        picture.paste(part, (left, 0))
        left += part.width + 3 * GAP
    return picture


def _grid(maps: np.ndarray, columns: int) -> Image.Image:
    """Return maps (maps, height, width) uint8 side by side, each from its lowest number, white, to its highest."""
    rows = -(-len(maps) // columns)
    side = (HEIGHT - (rows - 1) * GAP) // rows
    grid = Image.new("RGB", (columns * (side + GAP) - GAP, HEIGHT), "white")
    for place, levels in enumerate(maps):
        row, column = divmod(place, columns)
        colour = tuple(bytes.fromhex(CLASS_COLOURS[0][1:]))
        grid.paste(_tile(levels / 255, colour, side), (column * (side + GAP), row * (side + GAP)))
    return grid


def _tile(shares: np.ndarray, colour: tuple[int, ...], side: int) -> Image.Image:
    """Return numbers from 0, a light grey, to 1, the ``colour``, as a square."""
    paper = np.array((238, 241, 245), float)
    pixels = paper + shares[..., None] * (np.array(colour) - paper)
    return Image.fromarray(np.rint(pixels).astype(np.uint8)).resize((side, side), Image.Resampling.NEAREST)
