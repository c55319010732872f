"""The picture of the generation lab: a text held out, coloured by the unit that tells best whether somebody speaks."""

from itertools import islice

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from engine.figures.style import DIVERGING
from engine.labs.generation import GenerationSpec
from engine.labs.generation_experiment import GenerationExperiment
from engine.readings import arrays_of

STEPS = 900
SPEC = GenerationSpec(net="lstm", place=1_155)
SIZE = (1_000, 400)
INK = (31, 41, 55)
COLUMNS, LETTER = 24, 44
STRONGEST = 0.6


def draw() -> Image.Image:
    """Train, look, and return what is seen."""
    experiment = GenerationExperiment(SPEC)
    moment = experiment.observe(next(islice(experiment.steps(), STEPS, None)))
    symbols = moment.words["excerpt"].replace("␣", " ").split("\n")
    return _draw(symbols, arrays_of(moment.readings)["excerpt.unit"])


def _draw(symbols: list[str], activations: np.ndarray) -> Image.Image:
    picture = Image.new("RGB", SIZE, "white")
    drawing, font = ImageDraw.Draw(picture), ImageFont.load_default(size=LETTER)
    wide, high = SIZE[0] / COLUMNS, SIZE[1] / 5
    limit = float(np.nanmax(np.abs(activations)))
    for place, (symbol, value) in enumerate(zip(symbols, activations, strict=False)):
        row, column = divmod(place, COLUMNS)
        left, top = column * wide, row * high
        drawing.rectangle((left, top, left + wide, top + high), fill=_colour(float(value) / limit))
        if symbol.strip() and symbol != "⏎":
            drawing.text((left + wide / 2, top + high / 2), symbol, INK, font, anchor="mm")
    return picture


def _colour(share: float) -> tuple[int, ...]:
    """Return a colour for a number from -1 to 1; 0 is white."""
    end = np.array(list(bytes.fromhex(DIVERGING[share > 0][1:])), float)
    return tuple(np.rint(255 + abs(share) * STRONGEST * (end - 255)).astype(int).tolist())
