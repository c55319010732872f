"""Numbers as squares: what figures of pictures, kernels and feature maps share.

Greys are those of a picture. Numbers on both sides of zero are blue below and orange above; zero lets the page through.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

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
MOST_GAPS, FEW = 32, 12
"""Between cells there is a line of the page where there are at most so many each way; of greys, which it cuts, few."""
Range = tuple[float, float]
Window = tuple[int, int, int, int]
"""First row and column, and the last ones; they may lie in a frame of zeros."""
HEIGHT = 245
MARGIN = 6


def window_figure(
    squares: dict[str, Any], shape: tuple[int, int], window: Window, padding: int = 0, dilation: int = 1
) -> Figure:
    """Return numbers of some ``shape`` as squares in a frame of ``padding`` zeros, and on them a ``window``: of a
    kernel, whose numbers lie ``dilation`` apart.
    """
    height, width = shape
    shapes = []
    if padding:
        around = 0.5 + padding
        zeros = box(-around, -around, width - 1 + around, height - 1 + around, color=FRAME, width=1)
        shapes.append(zeros | {"layer": "below", "fillcolor": transparent(FRAME, 0.25)})
    top, left, bottom, right = window
    outline = (left - 0.5, top - 0.5, right + 0.5, bottom + 0.5)
    if dilation > 1:
        taken = [(y, x) for y in range(top, bottom + 1, dilation) for x in range(left, right + 1, dilation)]
        shapes += [cell(y, x, color=MARK, width=1.5) for y, x in taken]
        shapes.append(box(*outline, color=MARK, width=1.5, dash="dot"))
    else:
        shapes.append(box(*outline, color=MARK, width=2.5))
    return drawn([squares], (-padding, height + padding), (-padding, width + padding), shapes)


def kernel_figure(weights: np.ndarray, written: Sequence[Sequence[str]]) -> Figure:
    """Return the kernel, with its numbers as they are ``written``."""
    reach = float(np.abs(weights).max()) or 1.0
    squares = heat(weights, (-reach, reach), BEHIND_NUMBERS)
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
    outline = box(-0.5, -0.5, side - 0.5, side - 0.5, color=FRAME, width=1)
    return drawn([squares, numbers], (0, side), (0, side), [outline])


def heat(values: np.ndarray, ends: Range, colours: list[list[Any]], first: int = 1) -> dict[str, Any]:
    """Return numbers (height, width) as squares; ``ends`` are those at both ends of the colours. Rows and columns are
    counted from ``first`` where one points at them.
    """
    gap = 1 if max(values.shape) <= (FEW if colours is GREYS else MOST_GAPS) else 0
    rows, columns = (range(first, side + first) for side in values.shape)
    return {
        "type": "heatmap",
        "z": values.tolist(),
        "zmin": ends[0],
        "zmax": ends[1],
        "colorscale": colours,
        "showscale": False,
        "customdata": [[[row, column] for column in columns] for row in rows],
        "hovertemplate": "row %{customdata[0]}, column %{customdata[1]}: %{z:,.5~g}<extra></extra>",
        "xgap": gap,
        "ygap": gap,
    }


def points(values: np.ndarray, first: int = 1) -> dict[str, Any]:
    """Return a point for each cell, row by row, that cannot be seen: it is what one clicks on."""
    height, width = values.shape
    hidden = {"marker": {"opacity": 0}}
    return {
        "type": "scatter",
        "mode": "markers",
        "x": list(range(width)) * height,
        "y": [row for row in range(height) for _ in range(width)],
        "text": [
            f"row {row + first}, column {column + first}: {values[row, column]:,.5g}"
            for row in range(height)
            for column in range(width)
        ],
        "marker": {"symbol": "square", "size": 5, "opacity": 0},
        "selected": hidden,
        "unselected": hidden,
        "showlegend": False,
        "hovertemplate": "%{text}<extra></extra>",
    }


def drawn(
    traces: list[dict[str, Any]],
    down: tuple[int, int],
    across: tuple[int, int],
    shapes: list[dict[str, Any]],
    height: int = HEIGHT,
) -> Figure:
    """Return traces on squares; ``down`` and ``across`` are the first place and the one behind the last. The figure is
    ``height`` pixels high.
    """
    plain = {"visible": False, "fixedrange": True, "constrain": "domain"}
    x = plain | {"range": [across[0] - 0.6, across[1] - 0.4]}
    y = plain | {"range": [down[1] - 0.4, down[0] - 0.6], "scaleanchor": "x"}
    found = figure(traces, "", "", xaxis=x, yaxis=y)
    found["layout"] |= {
        "height": height,
        "margin": dict.fromkeys("lrtb", MARGIN),
        "dragmode": False,
        "clickmode": "event+select",
        "shapes": shapes,
    }
    return found


def cell(row: int, column: int, **line: Any) -> dict[str, Any]:
    """Return the outline of one cell."""
    return box(column - 0.5, row - 0.5, column + 0.5, row + 0.5, **line)


def box(left: float, top: float, right: float, bottom: float, **line: Any) -> dict[str, Any]:
    """Return the outline of a part of the plane."""
    return {"type": "rect", "x0": left, "x1": right, "y0": top, "y1": bottom, "line": line}
