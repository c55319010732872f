"""Words in cells on a plane, a question among them, and what a look into some cells finds, as a figure."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.figures.style import CLASS_COLOURS, Figure, figure, transparent, written
from engine.words.indexes.cells import Cells, Probed, borders

HEIGHT = 480
BLUE, _, GREEN, *_, RED, VIOLET = CLASS_COLOURS
GREY = "#8A94A0"


def cells_figure(made: Cells, probed: Probed, place: int, words: Sequence[str]) -> Figure:
    """Return the figure; ``words`` are those of the points, and the question is asked at a place."""
    names = [written(word) for word in words]
    looked = np.isin(made.cell, probed.cells)
    special = {place, *probed.nearest.tolist()}
    rest = np.array([point not in special for point in range(len(names))])
    missed = np.setdiff1d(probed.nearest, probed.found)

    def some(name: str, places: np.ndarray, **marker: Any) -> dict[str, Any]:
        return {
            "type": "scatter",
            "mode": "markers",
            "name": name,
            "x": made.points[places, 0].tolist(),
            "y": made.points[places, 1].tolist(),
            "marker": marker,
            "hovertext": [names[one] for one in places],
            "hovertemplate": "%{hovertext}<extra></extra>",
        }

    corners = borders(made, box(made))
    traces = [
        _outlines("Cells looked at", [corners[one] for one in probed.cells], transparent(BLUE, 0.14)),
        _outlines("Cells", corners),
        some("Not looked at", np.flatnonzero(rest & ~looked), size=5, color=GREY, opacity=0.6),
        some("Looked at", np.flatnonzero(rest & looked), size=5, color=BLUE),
        some("Nearest, found", probed.found, size=11, color=GREEN, symbol="circle"),
        some("Nearest, missed", missed, size=11, color=RED, symbol="x"),
        some("Question", np.array([place]), size=15, color=VIOLET, symbol="star"),
    ]
    drawn = figure(traces, "first principal component", "second")
    left, bottom, right, top = box(made)
    plain = {"showgrid": False, "showticklabels": False}
    drawn["layout"]["xaxis"] |= plain | {"range": [left, right]}
    drawn["layout"]["yaxis"] |= plain | {"range": [bottom, top], "scaleanchor": "x"}  # near is what looks near
    legend = {"orientation": "h", "x": 0, "y": -0.08, "yanchor": "top"}
    drawn["layout"] |= {"height": HEIGHT, "legend": legend, "margin": {"l": 30, "r": 12, "t": 8, "b": 40}}
    return drawn


def box(made: Cells) -> tuple[float, float, float, float]:
    """Return left, bottom, right and top of what is drawn: all points, and a little around them."""
    low, high = made.points.min(axis=0), made.points.max(axis=0)
    room = 0.04 * (high - low)
    (left, bottom), (right, top) = (low - room).tolist(), (high + room).tolist()
    return left, bottom, right, top


def _outlines(name: str, polygons: Sequence[np.ndarray], fill: str = "") -> dict[str, Any]:
    """Return polygons as one trace: filled, or their borders alone."""
    x: list[float | None] = []
    y: list[float | None] = []
    for corners in polygons:
        if len(corners):
            x += [*corners[:, 0].tolist(), float(corners[0, 0]), None]
            y += [*corners[:, 1].tolist(), float(corners[0, 1]), None]
    line = {"color": GREY, "width": 0 if fill else 1}
    filled = {"fill": "toself", "fillcolor": fill} if fill else {"showlegend": False}
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": x,
        "y": y,
        "line": line,
        "hoverinfo": "skip",
    } | filled
