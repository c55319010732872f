"""A kernel that slides, as figures: the picture, the kernel, the output and its pools, each cell a square.

Greys are those of a picture. Numbers on both sides of zero are blue below and orange above; zero lets the page through.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.data.images.kernel_spec import POOL
from engine.data.images.slid import Slid
from engine.figures.style import DIVERGING, Figure, figure, transparent

MARK = "#00A077"
FRAME = "#8A94A0"
GREYS = [[0, "#000000"], [1, "#FFFFFF"]]


def _signed(strongest: float) -> list[list[Any]]:
    below, above = DIVERGING
    return [
        [0, transparent(below, strongest)],
        [0.5, transparent(below, 0)],
        [0.5, transparent(above, 0)],
        [1, transparent(above, strongest)],
    ]


SIGNED, BEHIND_NUMBERS = _signed(1), _signed(0.55)
"""Behind numbers colours are weaker: these are written in the colour of the page's words, whichever that is."""
WHITE = 255.0
MOST_GAPS, FEW = 32, 12
"""Between cells there is a line of the page where there are at most so many each way; of greys, which it cuts, few."""
Range = tuple[float, float]
HEIGHT = 245
MARGIN = 6


def input_figure(slid: Slid, row: int, column: int) -> Figure:
    """Return the picture with its frame of zeros, and on it what one place of the output sees."""
    around = slid.sliding.padding
    height, width = slid.image.shape
    shapes = []
    if around:
        zeros = _box(-0.5 - around, -0.5 - around, width - 0.5 + around, height - 0.5 + around, color=FRAME, width=1)
        shapes.append(zeros | {"layer": "below", "fillcolor": transparent(FRAME, 0.25)})
    top, left, bottom, right = slid.window(row, column)
    step = slid.sliding.dilation
    if step > 1:
        taken = [(y, x) for y in range(top, bottom + 1, step) for x in range(left, right + 1, step)]
        shapes += [_cell(y, x, color=MARK, width=1.5) for y, x in taken]
        shapes.append(_box(left - 0.5, top - 0.5, right + 0.5, bottom + 0.5, color=MARK, width=1.5, dash="dot"))
    else:
        shapes.append(_box(left - 0.5, top - 0.5, right + 0.5, bottom + 0.5, color=MARK, width=2.5))
    heat = _heat(slid.image, (0, WHITE), GREYS)
    return _drawn([heat], (-around, height + around), (-around, width + around), shapes)


def kernel_figure(weights: np.ndarray, written: Sequence[Sequence[str]]) -> Figure:
    """Return the kernel, with its numbers as they are ``written``."""
    reach = float(np.abs(weights).max()) or 1.0
    heat = _heat(weights, (-reach, reach), BEHIND_NUMBERS)
    side = len(weights)
    numbers = {
        "type": "scatter",
        "mode": "text",
        "x": list(range(side)) * side,
        "y": [row for row in range(side) for _ in range(side)],
        "text": [number for row in written for number in row],
        "hoverinfo": "skip",
        "showlegend": False,
    }
    outline = _box(-0.5, -0.5, side - 0.5, side - 0.5, color=FRAME, width=1)
    return _drawn([heat, numbers], (0, side), (0, side), [outline])


def output_figure(slid: Slid, row: int, column: int) -> Figure:
    """Return the output; the last trace holds a point for each cell, row by row, that cannot be seen: it is what one
    clicks on. The place that is written out is marked, and its pool, where it goes into one.
    """
    height, width = slid.output.shape
    shapes = [_box(-0.5, -0.5, width - 0.5, height - 0.5, color=FRAME, width=1)]
    if slid.pools is not None:
        top, left = row // POOL * POOL, column // POOL * POOL
        if top + POOL <= height and left + POOL <= width:
            shapes.append(_box(left - 0.5, top - 0.5, left + 1.5, top + 1.5, color=MARK, width=1.5, dash="dot"))
    shapes.append(_cell(row, column, color=MARK, width=2.5))
    low, high = output_range(slid)
    heat = _heat(slid.output, (low, high), GREYS if slid.like_a_picture else SIGNED) | {"hoverinfo": "skip"}
    del heat["hovertemplate"]
    return _drawn([heat, _points(slid.output)], (0, height), (0, width), shapes)


def pool_figure(slid: Slid, row: int, column: int) -> Figure:
    """Return what was pooled, in the colours of the output; raises ValueError where nothing was."""
    if slid.pools is None:
        raise ValueError("nothing was pooled")
    height, width = slid.pools.shape
    shapes = [_box(-0.5, -0.5, width - 0.5, height - 0.5, color=FRAME, width=1)]
    if row // POOL < height and column // POOL < width:
        shapes.append(_cell(row // POOL, column // POOL, color=MARK, width=2.5))
    heat = _heat(slid.pools, output_range(slid), GREYS if slid.like_a_picture else SIGNED)
    return _drawn([heat], (0, height), (0, width), shapes)


def output_range(slid: Slid) -> Range:
    """Return the numbers at both ends of the colours of the output: black and white, or blue and orange."""
    low, high = float(slid.output.min()), float(slid.output.max())
    if slid.like_a_picture:
        return min(0.0, low), max(WHITE, high)
    reach = max(-low, high) or 1.0
    return -reach, reach


def _heat(values: np.ndarray, ends: Range, colours: list[list[Any]]) -> dict[str, Any]:
    gap = 1 if max(values.shape) <= (FEW if colours is GREYS else MOST_GAPS) else 0
    rows = list(range(1, values.shape[0] + 1))
    return {
        "type": "heatmap",
        "z": values.tolist(),
        "zmin": ends[0],
        "zmax": ends[1],
        "colorscale": colours,
        "showscale": False,
        "customdata": [[[row, column] for column in range(1, values.shape[1] + 1)] for row in rows],
        "hovertemplate": "row %{customdata[0]}, column %{customdata[1]}: %{z:,.5~g}<extra></extra>",
        "xgap": gap,
        "ygap": gap,
    }


def _points(values: np.ndarray) -> dict[str, Any]:
    height, width = values.shape
    hidden = {"marker": {"opacity": 0}}
    return {
        "type": "scatter",
        "mode": "markers",
        "x": list(range(width)) * height,
        "y": [row for row in range(height) for _ in range(width)],
        "text": [
            f"row {row + 1}, column {column + 1}: {values[row, column]:,.5g}"
            for row in range(height)
            for column in range(width)
        ],
        "marker": {"symbol": "square", "size": 5, "opacity": 0},
        "selected": hidden,
        "unselected": hidden,
        "showlegend": False,
        "hovertemplate": "%{text}<extra></extra>",
    }


def _drawn(
    traces: list[dict[str, Any]], down: tuple[int, int], across: tuple[int, int], shapes: list[dict[str, Any]]
) -> Figure:
    """Return traces on squares; ``down`` and ``across`` are the first place and the one behind the last."""
    plain = {"visible": False, "fixedrange": True, "constrain": "domain"}
    x = plain | {"range": [across[0] - 0.6, across[1] - 0.4]}
    y = plain | {"range": [down[1] - 0.4, down[0] - 0.6], "scaleanchor": "x"}
    drawn = figure(traces, "", "", xaxis=x, yaxis=y)
    drawn["layout"] |= {
        "height": HEIGHT,
        "margin": dict.fromkeys("lrtb", MARGIN),
        "dragmode": False,
        "clickmode": "event+select",
        "shapes": shapes,
    }
    return drawn


def _cell(row: int, column: int, **line: Any) -> dict[str, Any]:
    return _box(column - 0.5, row - 0.5, column + 0.5, row + 0.5, **line)


def _box(left: float, top: float, right: float, bottom: float, **line: Any) -> dict[str, Any]:
    return {"type": "rect", "x0": left, "x1": right, "y0": top, "y1": bottom, "line": line}
