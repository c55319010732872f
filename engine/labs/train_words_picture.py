"""The picture of the lab in which words are trained: pairs of words, where they lie when they are learnt."""

import os
import tempfile

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from engine.figures.picture import discs
from engine.figures.style import CLASS_COLOURS
from engine.labs.train_words import TrainWordsSpec
from engine.labs.train_words_experiment import TrainWordsExperiment
from engine.readings import arrays_of

SIZE = (860, 400)
MARGIN = np.array((90, 40))
PAIRS = ("dog puppy", "cow calf", "sheep lamb", "velora sarnel", "tazmar quello", "oskany lindrum")
LINE = "#9AA5B1"
SPEC = TrainWordsSpec(watched=" ".join(PAIRS), epochs=4, learning_rate=0.05, sample=3e-4)


def draw() -> Image.Image:
    """Learn the made-up world, look, and return what is seen."""
    with tempfile.TemporaryDirectory() as home:
        before = os.environ.get("LEARNSCOPE_HOME")
        os.environ["LEARNSCOPE_HOME"] = home
        try:
            experiment = TrainWordsExperiment(SPEC)
            *_, last = experiment.steps()
        finally:
            os.environ.pop("LEARNSCOPE_HOME")
            if before is not None:
                os.environ["LEARNSCOPE_HOME"] = before
    seen = arrays_of(experiment.observe(last).readings)
    return _drawn(experiment.watched, np.stack([seen["map.x"], -seen["map.y"]], axis=1).astype(float))


def _drawn(words: list[str], positions: np.ndarray) -> Image.Image:
    low, high = positions.min(axis=0), positions.max(axis=0)
    places = (positions - low) / (high - low) * (np.array(SIZE) - 2 * MARGIN) + MARGIN
    colours = [CLASS_COLOURS[place // 2 % len(CLASS_COLOURS)] for place in range(len(words))]
    picture = Image.new("RGBA", SIZE, (255, 255, 255, 255))
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(19)
    for place in range(0, len(words), 2):
        pen.line([tuple(places[place]), tuple(places[place + 1])], LINE, 2)
    picture.alpha_composite(discs(SIZE, places, colours, 7.0))
    for name, (x, y), colour in zip(words, places, colours, strict=True):
        pen.text((x, y - 12), name, colour, font, "ms", stroke_width=3, stroke_fill="white")
    return picture.convert("RGB")
