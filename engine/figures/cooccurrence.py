"""Which words stand near each other, as a figure: a matrix in colours, of which a cell can be chosen."""

from collections.abc import Sequence

import numpy as np

from engine.figures.gradients import CIVIDIS
from engine.figures.style import Figure, figure, written

CELL, BESIDES = 17, 205
"""Pixels of a row, and of the words below the matrix and the key above it."""
MARK = "#D55E00"
LETTERS = 14


def cooccurrence_figure(words: Sequence[str], values: np.ndarray, chosen: tuple[int, int] | None = None) -> Figure:
    """Return the picture of a matrix (m, m) of sums of 1 / distance, on a logarithmic scale; never is nothing.

    The second trace holds a point for each cell, row by row, that cannot be seen: it is what one clicks on.
    """
    m = len(words)
    shown = np.where(values > 0, np.log10(np.where(values > 0, values, 1)), np.nan)
    names = [written(word, LETTERS) for word in words]
    low, high = _decades(values)
    cells = {
        "type": "heatmap",
        "z": [[None if np.isnan(value) else value for value in row] for row in shown.tolist()],
        "zmin": low,
        "zmax": high,
        "colorscale": [list(stop) for stop in CIVIDIS],
        "colorbar": {
            "orientation": "h",
            "y": 1.0,
            "yanchor": "bottom",
            "thickness": 10,
            "outlinewidth": 0,
            "tickvals": list(range(low, high + 1)),
            "ticktext": [f"{10.0**power:,g}" for power in range(low, high + 1)],
            "title": {"text": "sum of 1/distance", "side": "top"},
        },
        "hoverinfo": "skip",
        "xgap": 1,
        "ygap": 1,
    }
    hidden = {"opacity": 0}
    points = {
        "type": "scatter",
        "mode": "markers",
        "x": [column for _ in range(m) for column in range(m)],
        "y": [row for row in range(m) for _ in range(m)],
        "text": [
            f"{names[row]} near {names[column]}: {values[row, column]:,.4g}" for row in range(m) for column in range(m)
        ],
        "marker": {"symbol": "square", "size": CELL - 4, "opacity": 0},
        "selected": {"marker": hidden},
        "unselected": {"marker": hidden},
        "showlegend": False,
        "hovertemplate": "%{text}<extra></extra>",
    }
    ticks = {"tickmode": "array", "tickvals": list(range(m)), "ticktext": names, "showgrid": False, "fixedrange": True}
    across = ticks | {"range": [-0.5, m - 0.5], "tickangle": 90, "automargin": True}
    down = ticks | {"range": [m - 0.5, -0.5], "automargin": True}
    drawn = figure([cells, points], "", "", xaxis=across, yaxis=down)
    drawn["layout"] |= {"height": BESIDES + CELL * m, "dragmode": False, "clickmode": "event+select"}
    drawn["layout"]["shapes"] = [_frame(*chosen)] if chosen else []
    return drawn


def _frame(row: int, column: int) -> dict[str, object]:
    ends = {"x0": column - 0.5, "x1": column + 0.5, "y0": row - 0.5, "y1": row + 0.5}
    return {"type": "rect", "line": {"color": MARK, "width": 3}, **ends}


def _decades(values: np.ndarray) -> tuple[int, int]:
    """Return the powers of ten between which all values above 0 lie, two different ones."""
    some = values[values > 0]
    low = int(np.floor(np.log10(some.min()))) if len(some) else 0
    return low, max(low + 1, int(np.ceil(np.log10(some.max()))) if len(some) else 1)
