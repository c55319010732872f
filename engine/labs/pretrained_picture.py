"""The picture of the lab Pretrained: who looks where in each head of a small GPT-2."""

import numpy as np
from PIL import Image

from engine.labs.pretrained import PretrainedSpec
from engine.labs.pretrained_experiment import PretrainedExperiment
from engine.readings import arrays_of

CELL, GAP, SYMBOLS = 4, 10, 24
PAPER, INK = np.array((238, 241, 245), float), np.array((0, 68, 136), float)


def draw() -> Image.Image:
    """Look, and return what is seen: a row for each block, a square for each head."""
    experiment = PretrainedExperiment(PretrainedSpec())
    seen = arrays_of(experiment.observe(next(experiment.steps())).readings)
    patterns = seen["patterns.attention"][:, :, :SYMBOLS, :SYMBOLS]
    blocks, heads = patterns.shape[:2]
    side = SYMBOLS * CELL + GAP
    picture = Image.new("RGB", (heads * side - GAP, blocks * side - GAP), "white")
    for block in range(blocks):
        for head in range(heads):
            share = np.nan_to_num(patterns[block, head])[..., None] ** 0.5
            pixels = np.rint(PAPER + share * (INK - PAPER)).astype(np.uint8)
            square = Image.fromarray(pixels).resize((SYMBOLS * CELL, SYMBOLS * CELL), Image.Resampling.NEAREST)
            picture.paste(square, (head * side, block * side))
    return picture
