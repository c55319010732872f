"""The picture of the index lab: words of real vectors in cells on a plane, and a look into a few of these."""

import tempfile

import numpy as np
from PIL import Image, ImageDraw

from engine.figures.cells import box
from engine.figures.picture import discs
from engine.words import load
from engine.words.indexes.cells import borders, cells, hard_question, probe
from engine.words.packaged import packaged

SIZE = (860, 400)
LOOKED_AT = 2
REST, SEEN, FOUND, MISSED, QUESTION = "#B4BEC8", "#0072B2", "#009E73", "#D55E00", "#8040E0"
GROUND, LINE = "#E3EEF6", "#9AA5B1"


def draw() -> Image.Image:
    """Put the packaged news' words into cells, ask the question that misses most, and return what is seen."""
    with tempfile.TemporaryDirectory() as home:
        made = cells(load(packaged("lee-fasttext").path, cache=home))
    place = hard_question(made)
    probed = probe(made, place, LOOKED_AT)
    left, bottom, right, top = box(made)
    scale = np.array([SIZE[0] / (right - left), -SIZE[1] / (top - bottom)])

    def on_paper(points: np.ndarray) -> np.ndarray:
        return (points - [left, top]) * scale

    picture = Image.new("RGBA", SIZE, (255, 255, 255, 255))
    pen = ImageDraw.Draw(picture)
    corners = borders(made, (left, bottom, right, top))
    for cell, polygon in enumerate(corners):
        ground = GROUND if cell in probed.cells else "white"
        pen.polygon([(x, y) for x, y in on_paper(polygon).tolist()], ground, LINE)
    points, looked = on_paper(made.points), np.isin(made.cell, probed.cells)
    missed = np.setdiff1d(probed.nearest, probed.found)
    for places, colour, radius in (
        (np.flatnonzero(~looked), REST, 2.5),
        (np.flatnonzero(looked), SEEN, 3.0),
        (missed, MISSED, 6.0),
        (probed.found, FOUND, 6.0),
        (np.array([place]), QUESTION, 8.0),
    ):
        picture.alpha_composite(discs(SIZE, points[places], [colour] * len(places), radius))
    return picture.convert("RGB")
