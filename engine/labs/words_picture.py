"""The picture of the words lab: a map of the built-in world, its words in the colours of what they are."""

import json
import tempfile
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from engine.figures.picture import discs
from engine.frames import decode
from engine.jobs.job import Told, Work
from engine.words import trained, world
from engine.words.maps import MapSpec, keeping, map_order, work
from engine.words.training import train

SIZE = (860, 400)
MARGIN = 40
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9", "#7A6A00")
REST = "#B4BEC8"
GROUPS = ("countries", "capitals", "jobs", "animals", "months", "numbers", "colours")
SPEC = MapSpec(top=1_200, method="tsne", seed=4)


def draw() -> Image.Image:
    """Learn the world, lay its words out, and return what is seen."""
    with tempfile.TemporaryDirectory() as home:
        _over(train({"corpus": "world", "cache": f"{home}/words"}))
        order = map_order(trained.folder("world", f"{home}/words"), SPEC)
        key = _over(work.lay_out(json.loads(order.arguments)))["key"]
        folder = keeping.maps_folder() / str(key)
        found = decode((folder / keeping.MAP).read_bytes())
        words: list[str] = json.loads((folder / keeping.WORDS).read_bytes())
    return _drawn(words, found.arrays["positions"])


def _over(going: Work) -> Told:
    while True:
        try:
            next(going)
        except StopIteration as end:
            return end.value


def _drawn(words: Sequence[str], positions: np.ndarray) -> Image.Image:
    low, high = np.quantile(positions, 0.005, axis=0), np.quantile(positions, 0.995, axis=0)
    places = np.clip((positions - low) / (high - low), 0, 1) * (np.array(SIZE) - 2 * MARGIN) + MARGIN
    groups = world.groups()
    kind = {word: colour for name, colour in zip(GROUPS, COLOURS, strict=True) for word in groups[name]}
    picture = Image.new("RGBA", SIZE, (255, 255, 255, 255))
    rest = [place for place, word in enumerate(words) if word not in kind]
    shown = [place for place, word in enumerate(words) if word in kind]
    picture.alpha_composite(discs(SIZE, places[rest], [REST] * len(rest), 2.5))
    picture.alpha_composite(discs(SIZE, places[shown], [kind[words[place]] for place in shown], 5.0))
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(19)
    for name, colour in zip(GROUPS, COLOURS, strict=True):
        of_it = [place for place in shown if words[place] in groups[name]]
        middle = np.median(places[of_it], axis=0)
        pen.text((middle[0], middle[1] - 22), name, colour, font, "ms", stroke_width=3, stroke_fill="white")
    return picture.convert("RGB")
