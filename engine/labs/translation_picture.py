"""The picture of the translation lab: digits, and the words that each of them was taken from."""

from itertools import islice

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from engine.asking import Question
from engine.figures.style import TRAIN_COLOUR
from engine.labs.translation import TranslationSpec
from engine.labs.translation_experiment import TranslationExperiment
from engine.readings import arrays_of

STEPS = 500
SPEC = TranslationSpec()
SHOWN = "three hundred forty five thousand six hundred seventy eight"
SIZE = (1_000, 400)
INK = (31, 41, 55)
LEFT, BELOW, LETTER = 70, 60, 22


def draw() -> Image.Image:
    """Train, ask, and return what is seen."""
    experiment = TranslationExperiment(SPEC)
    next(islice(experiment.steps(), STEPS, None))
    answer = experiment.answer(Question("look", values=SHOWN.encode()))
    read, written = (answer.words[side].replace("␣", "").split("\n") for side in ("read", "written"))
    return _draw(read, written, arrays_of(answer.readings)["alignment.attention.0"])


def _draw(read: list[str], written: list[str], alignment: np.ndarray) -> Image.Image:
    picture = Image.new("RGB", SIZE, "white")
    drawing, font = ImageDraw.Draw(picture), ImageFont.load_default(size=LETTER)
    colour = np.array(list(bytes.fromhex(TRAIN_COLOUR[1:])), float)
    wide, high = (SIZE[0] - LEFT) / len(read), (SIZE[1] - BELOW) / len(written)
    for row, symbol in enumerate(written):
        drawing.text((LEFT / 2, (row + 0.5) * high), symbol.replace("⏎", "end"), INK, font, anchor="mm")
        for column in range(len(read)):
            left, top = LEFT + column * wide, row * high
            shade = np.rint(255 + alignment[row, column] * (colour - 255)).astype(int).tolist()
            drawing.rectangle((left, top, left + wide - 1, top + high - 1), fill=tuple(shade))
    for column, symbol in enumerate(read):
        middle = LEFT + (column + 0.5) * wide, SIZE[1] - BELOW / 2
        drawing.text(middle, symbol.replace("⏎", "end"), INK, font, anchor="mm")
    return picture
