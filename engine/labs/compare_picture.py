"""The picture of the page that compares spaces: words in two spaces learnt from one text, one turned onto the other."""

import tempfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from engine.figures.picture import discs
from engine.figures.spaces import COLOURS
from engine.words import world
from engine.words.compare import procrustes
from engine.words.compare.overlay import Overlay, overlay
from engine.words.train import Word2VecSpec, word2vec

SIZE = (860, 400)
MARGIN = 46
FINER = 4
SENTENCES = 12_000
SHOWN = {"animals": 10, "countries": 10, "colours": 8, "months": 8}
"""So many words of each of these groups."""
LINE = "#8A97A3"


def draw() -> Image.Image:
    """Learn a part of the world's text twice, lay one space over the other, and return what is seen."""
    text = list(world.sentences(count=SENTENCES))
    words = [word for name, count in SHOWN.items() for word in world.groups()[name][:count]]
    with tempfile.TemporaryDirectory() as home:
        first, second = (
            word2vec(text, Word2VecSpec(dimensions=50, epochs=8, learning_rate=0.05, seed=seed), cache=Path(home))
            for seed in (1, 2)
        )
        return _drawn(overlay(procrustes(first, second), words))


def _drawn(found: Overlay) -> Image.Image:
    both = np.concatenate([found.first, found.second])
    low, high = both.min(axis=0), both.max(axis=0)
    room = np.array(SIZE) - 2 * MARGIN
    places = (both - low) / (high - low) * room + MARGIN  # (2m, 2)
    count = len(found.words)
    large = Image.new("RGB", (SIZE[0] * FINER, SIZE[1] * FINER), "white")
    pen = ImageDraw.Draw(large)
    for start, end in zip(places[:count] * FINER, places[count:] * FINER, strict=True):
        pen.line([tuple(start), tuple(end)], LINE, 2 * FINER)
    picture = large.resize(SIZE, Image.Resampling.LANCZOS).convert("RGBA")
    for some, colour in ((places[:count], COLOURS[0]), (places[count:], COLOURS[1])):
        picture.alpha_composite(discs(SIZE, some, [colour] * count, 6.0))
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(19)
    groups = world.groups()
    for name in SHOWN:
        of_it = [place for place, word in enumerate(found.words) if word in groups[name]]
        x, y = places[of_it].mean(axis=0)
        pen.text((x, y - 30), name, "#3C4854", font, "ms", stroke_width=3, stroke_fill="white")
    return picture.convert("RGB")
