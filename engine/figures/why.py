"""Why a net answers so, as figures: maps over the picture that they are of, and what becomes of them.

Numbers on both sides of zero are blue below and orange above, as everywhere; zero lets the picture through, in grey.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from engine.figures.kernel import FRAME, GREYS, SIGNED, WHITE
from engine.figures.style import CLASS_COLOURS, Figure, curve, figure, transparent, written

SIDE = 152
"""Pixels of a map, each way."""
MARGIN = 1
CURVE_HEIGHT = 260
BEHIND = [[0, transparent(FRAME, 0)], [1, transparent(FRAME, 0.55)]]


def picture_figure(picture: np.ndarray) -> Figure:
    """Return a picture (height, width, channels) uint8 as it is."""
    if picture.shape[2] == 1:
        traces = [_heat(picture[..., 0], picture.shape[:2], (0, WHITE), GREYS)]
    else:
        hover = "row %{y}, column %{x}: %{z}<extra></extra>"
        traces = [{"type": "image", "z": picture.tolist(), "x0": 1, "y0": 1, "hovertemplate": hover}]
    return _square(traces, picture.shape[:2])


def map_figure(values: np.ndarray, picture: np.ndarray) -> Figure:
    """Return a map over its picture (height, width, channels) uint8, from minus its largest size to that.

    A map of fewer cells is stretched over the whole picture: each cell is one number.
    """
    reach = float(np.abs(values).max()) or 1.0
    behind = _heat(picture.mean(axis=2), picture.shape[:2], (0, WHITE), BEHIND) | {"hoverinfo": "skip"}
    del behind["hovertemplate"]
    return _square([behind, _heat(values, picture.shape[:2], (-reach, reach), SIGNED)], picture.shape[:2])


def forgetting_figure(layers: Sequence[str], alike: Mapping[str, Sequence[float | None]]) -> Figure:
    """Return how alike each method's map is to that of the net that forgot nothing, layer by layer from the head down.

    ``alike`` has the rank correlations by the methods' titles; none where there is no order.
    """
    places = ["as it learnt", *map(written, layers)]
    traces = [
        curve(name, colour, mode="lines+markers")
        | {"x": places, "y": [1.0, *found], "hovertemplate": f"{name}: %{{y:.2f}}<extra>%{{x}}</extra>"}
        for (name, found), colour in zip(alike.items(), CLASS_COLOURS, strict=False)
    ]
    drawn = figure(
        traces,
        "",
        "rank correlation",
        xaxis={"type": "category", "fixedrange": True},
        yaxis={"range": [-1.05, 1.05], "fixedrange": True, "exponentformat": "none"},
    )
    drawn["layout"] |= {"height": CURVE_HEIGHT, "dragmode": False, "legend": {"orientation": "h", "y": -0.2}}
    return drawn


def ascent_figure(answers: Sequence[float], best: float) -> Figure:
    """Return the answers of a unit while its input rises, beside ``best``, that to the best of the training patches."""
    steps = list(range(len(answers)))
    rising = curve("the input that is made", CLASS_COLOURS[0]) | {"x": steps, "y": list(answers)}
    level = curve("the best training patch", CLASS_COLOURS[1], line={"dash": "dash"})
    level |= {"x": [0, steps[-1]], "y": [best, best]}
    drawn = figure([rising, level], "step", "answer", xaxis={"fixedrange": True}, yaxis={"fixedrange": True})
    drawn["layout"] |= {"height": CURVE_HEIGHT, "dragmode": False, "legend": {"orientation": "h", "y": -0.25}}
    return drawn


def _heat(values: np.ndarray, over: tuple[int, ...], ends: tuple[float, float], colours: Any) -> dict[str, Any]:
    """Return values (rows, columns) drawn over a picture (height, width): cells are counted from 1."""
    (rows, columns), (height, width) = values.shape, over
    high, wide = height / rows, width / columns
    return {
        "type": "heatmap",
        "z": values.tolist(),
        "x0": 0.5 + wide / 2,
        "dx": wide,
        "y0": 0.5 + high / 2,
        "dy": high,
        "zmin": ends[0],
        "zmax": ends[1],
        "colorscale": colours,
        "showscale": False,
        "customdata": [[[row, column] for column in range(1, columns + 1)] for row in range(1, rows + 1)],
        "hovertemplate": "row %{customdata[0]}, column %{customdata[1]}: %{z:,.4~g}<extra></extra>",
    }


def _square(traces: list[dict[str, Any]], shape: tuple[int, ...]) -> Figure:
    """Return traces in the frame of a picture (height, width)."""
    height, width = shape
    plain = {"visible": False, "fixedrange": True, "constrain": "domain"}
    drawn = figure(
        traces,
        "",
        "",
        xaxis=plain | {"range": [0.4, width + 0.6]},
        yaxis=plain | {"range": [height + 0.6, 0.4], "scaleanchor": "x"},
    )
    edge = {"type": "rect", "x0": 0.5, "x1": width + 0.5, "y0": 0.5, "y1": height + 0.5}
    drawn["layout"] |= {
        "height": SIDE,
        "margin": dict.fromkeys("lrtb", MARGIN),
        "dragmode": False,
        "shapes": [edge | {"line": {"color": FRAME, "width": 1}}],
    }
    return drawn
