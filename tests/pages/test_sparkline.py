import math
from base64 import b64decode
from xml.etree import ElementTree

import numpy as np
import pytest

from engine.figures.style import TRAIN_COLOUR, VALIDATION_COLOUR
from engine.runs.curve import Curve, make_curve
from pages.ui.sparkline import HEIGHT, MARGIN, WIDTH, drawing, sparkline
from tests.engine.runs.test_shelf import OPENING, heads

NAN, INF = math.nan, math.inf


def curve_of(losses: list[float], val_losses: list[float], steps: list[int] | None = None) -> Curve:
    rows = [(loss, val_loss, 0.0, 0.0) for loss, val_loss in zip(losses, val_losses, strict=True)]
    curve = make_curve(OPENING, steps or list(range(len(losses))), heads(*rows))
    assert curve is not None
    return curve


def lines(curve: Curve) -> dict[str, list[np.ndarray]]:
    """Return the stretches of each line that is drawn, as points (n, 2), by its colour."""
    found: dict[str, list[np.ndarray]] = {}
    for group in ElementTree.fromstring(drawing(curve)):
        stretches = []
        for shape in group:
            if shape.tag.endswith("circle"):
                stretches.append(np.array([[float(shape.attrib["cx"]), float(shape.attrib["cy"])]]))
            else:
                pairs = shape.attrib["points"].split()
                stretches.append(np.array([[float(x) for x in pair.split(",")] for pair in pairs]))
        found[group.attrib["stroke"]] = stretches
    return found


def test_both_losses_are_drawn_to_one_scale_over_steps():
    steps = [0, 1, 10, 100]
    drawn = lines(curve_of([4.0, 2.0, 1.0, 0.5], [8.0, 3.0, 2.0, 2.5], steps))
    for colour, losses in ((TRAIN_COLOUR, [4.0, 2.0, 1.0, 0.5]), (VALIDATION_COLOUR, [8.0, 3.0, 2.0, 2.5])):
        (points,) = drawn[colour]
        x = MARGIN + np.array(steps) / 100 * (WIDTH - 2 * MARGIN)
        y = HEIGHT - MARGIN - (np.array(losses) - 0.5) / 7.5 * (HEIGHT - 2 * MARGIN)
        np.testing.assert_allclose(points, np.stack([x, y], axis=1), atol=0.051)


def test_a_loss_that_is_no_number_leaves_a_gap():
    drawn = lines(curve_of([4.0, 3.0, NAN, 2.0, INF], [1.0] * 5))
    assert [len(points) for points in drawn[TRAIN_COLOUR]] == [2, 1]
    assert [len(points) for points in drawn[VALIDATION_COLOUR]] == [5]


@pytest.mark.parametrize(
    "losses", [[2.0], [2.0, 2.0], [NAN], [INF, -INF], [1e308, -1e308], [5e-324, 0.0], [0.0, 1e-300, 1e300]]
)
def test_whatever_the_losses_are_the_drawing_stays_in_its_room(losses: list[float]):
    for stretches in lines(curve_of(losses, losses)).values():
        for points in stretches:
            assert np.isfinite(points).all()
            assert (points >= 0).all()
            assert (points <= [WIDTH, HEIGHT]).all()


def test_it_is_a_picture_with_words_and_keeps_its_room_without_a_curve():
    markup = ElementTree.fromstring(sparkline(curve_of([0.75, 0.5], [1.0, 1.0], [0, 1_200])).replace(">", "/>"))
    assert markup.attrib["alt"] == "Loss from 0.7500 at step 0 to 0.5000 at 1,200."
    kind, _, data = markup.attrib["src"].partition(",")
    assert kind == "data:image/svg+xml;base64"
    assert ElementTree.fromstring(b64decode(data)).tag.endswith("svg")
    empty = ElementTree.fromstring(sparkline(None).replace(">", "/>"))
    assert (empty.attrib["alt"], empty.attrib["width"]) == ("No losses yet.", str(WIDTH))
