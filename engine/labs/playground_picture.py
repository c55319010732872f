"""The playground's picture: two spirals and the boundary of a net that has learnt them, and the maps of its units."""

from itertools import islice

import numpy as np
from PIL import Image

from engine.figures.picture import discs, diverging
from engine.figures.style import DIVERGING
from engine.labs.playground import PlaygroundSpec
from engine.labs.playground_experiment import PlaygroundExperiment
from engine.readings import Arrays, arrays_of

STEPS = 800
HEIGHT, GAP = 400, 8
COLUMNS = 4
RADIUS = 5.0
SPEC = PlaygroundSpec(units=(12, 12), learning_rate=0.02, noise=0.0)


def draw() -> Image.Image:
    """Train, look, and return what is seen."""
    experiment = PlaygroundExperiment(SPEC)
    step = next(islice(experiment.steps(), STEPS, None))
    seen = arrays_of(experiment.observe(step).readings) | arrays_of(experiment.opening())
    return _draw(seen)


def _draw(seen: Arrays) -> Image.Image:
    inputs, outputs = int(seen["network.units"][0]), int(seen["network.units"][-1])
    maps = _maps(seen)[inputs : len(seen["neurons.maps"]) - outputs]
    rows = -(-len(maps) // COLUMNS)
    side = (HEIGHT - (rows - 1) * GAP) // rows
    width = HEIGHT + 3 * GAP + COLUMNS * (side + GAP) - GAP
    picture = Image.new("RGBA", (width, HEIGHT), (255, 255, 255, 0))
    picture.alpha_composite(_plane(seen))
    for place, values in enumerate(maps):
        row, column = divmod(place, COLUMNS)
        small = diverging(values, float(np.abs(values).max()) or 1.0).resize((side, side), Image.Resampling.BILINEAR)
        picture.alpha_composite(small, (HEIGHT + 3 * GAP + column * (side + GAP), row * (side + GAP)))
    return picture


def _plane(seen: Arrays) -> Image.Image:
    surface = diverging(seen["boundary.value"] - 0.5, 0.5).resize((HEIGHT, HEIGHT), Image.Resampling.BICUBIC)
    x, y = seen["axis.x"], seen["axis.y"]
    across = (seen["points.train_x"] - x[0]) / (x[-1] - x[0])
    up = (seen["points.train_y"] - y[0]) / (y[-1] - y[0])
    places = np.stack([across, 1 - up], axis=1) * HEIGHT
    colours = [DIVERGING[int(label)] for label in seen["points.train_label"]]
    surface.alpha_composite(discs(surface.size, places, colours, RADIUS))
    return surface


def _maps(seen: Arrays) -> np.ndarray:
    """Return what each unit puts out at each place (units, g, g), from its 256 levels."""
    low, high = (seen[f"neurons.{end}"][:, None, None].astype(float) for end in ("low", "high"))
    return low + seen["neurons.maps"] / 255 * (high - low)
