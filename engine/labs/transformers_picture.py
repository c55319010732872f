"""The picture of the transformer lab: who looks where, all heads of a net that learns letters that come again."""

from itertools import islice

import numpy as np
from PIL import Image

from engine.labs.transformers import TransformersSpec
from engine.labs.transformers_experiment import TransformersExperiment
from engine.readings import arrays_of

STEPS = 400
SPEC = TransformersSpec(length=32)
SIZE = (1_000, 400)
TILE, ROOM = 180, 12
PAPER, INK = (255, 255, 255), (0, 114, 178)


def draw() -> Image.Image:
    """Train, look, and return what is seen."""
    experiment = TransformersExperiment(SPEC)
    moment = experiment.observe(next(islice(experiment.steps(), STEPS, None)))
    patterns = arrays_of(moment.readings)["patterns.attention"]
    picture = Image.new("RGB", SIZE, PAPER)
    blocks, heads = patterns.shape[:2]
    left, top = ((SIZE[at] - count * (TILE + ROOM) + ROOM) // 2 for at, count in enumerate((heads, blocks)))
    for block in range(blocks):
        for head in range(heads):
            tile = _tile(patterns[block, head])
            picture.paste(tile, (left + head * (TILE + ROOM), top + block * (TILE + ROOM)))
    return picture


def _tile(pattern: np.ndarray) -> Image.Image:
    """Return attention weights as a square: the larger, the darker."""
    shares = np.nan_to_num(pattern)[..., None] ** 0.5
    colours = np.rint(245 + shares * (np.array(INK) - 245)).astype(np.uint8)
    return Image.fromarray(colours).resize((TILE, TILE), Image.Resampling.NEAREST)
