"""Figures of feature maps: their colours are those of their numbers, and what is clicked on is where it is drawn."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from engine.figures.feature_maps import MOST_POINTS, bars_figure, map_figure, wall_figure, window_figure
from engine.figures.squares import FRAME, MARK
from engine.figures.style import DIVERGING, Figure

MAPS = np.random.default_rng(5).normal(size=(7, 4, 6)).astype(np.float32)


def colours(figure: Figure) -> np.ndarray:
    """Return the colours of a wall, (height, width, 4)."""
    file = base64.b64decode(figure["data"][0]["source"].partition("base64,")[2])
    return np.asarray(Image.open(io.BytesIO(file)))


def rgb(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def corners(figure: Figure, count: int, height: int, width: int) -> list[tuple[int, int]]:
    """Return where each map begins, from the points that are clicked on."""
    points = figure["data"][-1]
    assert len(points["x"]) == len(points["y"]) == len(points["text"]) == count
    return [
        (round(y - (height - 1) / 2), round(x - (width - 1) / 2)) for x, y in zip(points["x"], points["y"], strict=True)
    ]


def test_each_number_of_a_wall_has_its_colour_by_the_scale_of_its_map() -> None:
    reach = [float(np.abs(one).max()) * (1 + at) for at, one in enumerate(MAPS)]
    figure = wall_figure(MAPS, [(-one, one) for one in reach], [str(at) for at in range(7)], chosen=3)
    pixels = colours(figure)
    for one, largest, (top, left) in zip(MAPS, reach, corners(figure, 7, 4, 6), strict=True):
        part = pixels[top : top + 4, left : left + 6].astype(int)
        np.testing.assert_allclose(part[..., 3], np.abs(one) / largest * 255, atol=0.51)
        below = np.array([rgb(DIVERGING[int(value >= 0)]) for value in one.ravel()]).reshape(4, 6, 3)
        np.testing.assert_array_equal(part[..., :3], below)
    places = corners(figure, 7, 4, 6)
    assert len(set(places)) == 7
    marked = [shape for shape in figure["layout"]["shapes"] if shape["line"]["color"] == MARK]
    top, left = places[3]
    assert [(shape["x0"], shape["y0"]) for shape in marked] == [(left - 0.5, top - 0.5)]


def test_greys_go_from_the_darkest_to_the_brightest_and_what_is_no_number_has_a_colour_of_its_own() -> None:
    maps = np.array([[[0, 1], [3, np.nan]]], np.float32)
    grey = colours(wall_figure(maps, [(0.0, 3.0)], ["image"], grey=True))
    assert grey[0, 0].tolist() == [0, 0, 0, 255]
    assert grey[0, 1].tolist() == [85, 85, 85, 255]
    assert grey[1, 0].tolist() == [255] * 4
    assert grey[1, 1].tolist() == [*rgb(FRAME), 255]
    signed = colours(wall_figure(maps, [(-3.0, 3.0)], ["image"]))
    assert signed[1, 1].tolist() == [*rgb(FRAME), 255]
    assert signed[0, 0, 3] == 0, "zero lets the page through"


def test_a_window_is_marked_in_every_map_as_far_as_it_lies_in_it() -> None:
    figure = wall_figure(MAPS, [(-1, 1)] * 7, list("abcdefg"), window=(-1, 4, 1, 6))
    windows = [shape for shape in figure["layout"]["shapes"] if shape["line"]["color"] == MARK]
    places = corners(figure, 7, 4, 6)
    assert [(one["y0"], one["y1"], one["x0"], one["x1"]) for one in windows] == [
        (top - 0.5, top + 1.5, left + 3.5, left + 5.5) for top, left in places
    ]


def test_units_without_maps_stand_without_gaps() -> None:
    figure = wall_figure(np.arange(-60, 60, dtype=np.float32).reshape(120, 1, 1), [(-60, 60)] * 120, [""] * 120)
    pixels = colours(figure)
    assert pixels.shape[0] * pixels.shape[1] == 120
    assert [pixels[place][3] for place in corners(figure, 120, 1, 1)] == [
        round(abs(value) / 60 * 255) for value in range(-60, 60)
    ]


@pytest.mark.parametrize("side", [10, 80])
def test_cells_of_a_map_are_clicked_on_row_by_row_unless_there_are_too_many(side: int) -> None:
    values = np.arange(side * side, dtype=np.float32).reshape(side, side)
    figure = map_figure(values, (-1, 1), 3, 7)
    np.testing.assert_array_equal(figure["data"][0]["z"], values)
    (cell,) = [shape for shape in figure["layout"]["shapes"] if shape["line"]["color"] == MARK]
    assert (cell["x0"], cell["y0"]) == (6.5, 2.5)
    few = side * side <= MOST_POINTS
    assert len(figure["data"]) == 1 + few
    if few:
        points = figure["data"][-1]
        assert (points["x"][37], points["y"][37], points["text"][37]) == (7, 3, "row 3, column 7: 37")


def test_a_window_of_a_dilated_kernel_marks_the_cells_that_it_takes() -> None:
    figure = window_figure(MAPS[0], (-1, 1), (-2, -2, 2, 2), padding=2, dilation=2)
    cells = {
        (shape["x0"] + 0.5, shape["y0"] + 0.5) for shape in figure["layout"]["shapes"] if shape["line"]["width"] == 1.5
    }
    assert {(x, y) for x in (-2, 0, 2) for y in (-2, 0, 2)} <= cells


def test_bars_lie_on_their_side_of_zero() -> None:
    (bars,) = bars_figure(["a", "b"], [1.5, -2])["data"]
    assert bars["x"] == [1.5, -2.0]
    assert bars["marker"]["color"] == [DIVERGING[1], DIVERGING[0]]
