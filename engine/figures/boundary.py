"""The decision boundary: what the net tells about every place, under the points that it learns from."""

from typing import Any

from engine.data.catalogue import Problem
from engine.figures.panel import Bind, Key, PlotPanel
from engine.figures.style import CLASS_COLOURS, DIVERGING, INK, PAPER, Figure, curve, figure, transparent

HELP = {
    "binary": "The colour is the probability of the second class; the colour fades where the net is undecided.",
    "classes": "The colour is the class that wins, the stronger the surer.",
    "regression": "The colour is the number that the net predicts, that of a point the number it should predict.",
}
POINTS_HELP = " Discs are training points, diamonds are held out for validation."
CONFIDENT, UNSURE = 0.62, 0.06
MIDDLE = "#999999"
"""Of a point between two ends: it cannot fade as the surface does, and has to be seen on light and on dark paper."""


def boundary_panel(problem: Problem) -> PlotPanel:
    """Return the panel of the plane, or of the line with its curve."""
    on_a_line = problem.dimension == 1
    return PlotPanel(
        id="boundary",
        title="Fit" if on_a_line else "Prediction" if problem.kind == "regression" else "Decision boundary",
        width=5,
        height=380,
        help=("The line is what the net predicts for every x." if on_a_line else HELP[problem.kind]) + POINTS_HELP,
        alt=f"What the net predicts at every place of the data set {problem.title}, with its points.",
        figure=_line_figure(problem) if on_a_line else _plane_figure(problem),
        bindings=_line_bindings() if on_a_line else _plane_bindings(problem),
        key=None if on_a_line else _key(problem),
    )


def _plane_figure(problem: Problem) -> Figure:
    points = [_points(problem, "train"), _points(problem, "validation")]
    x, y = problem.axes
    # The plane gets narrower, rather than its axes longer: beyond the grid there is nothing to be seen. Plotly does so
    # only while a range is no narrower than the first, so that the first, before there are points, has to be narrow.
    across = {"showgrid": False, "constrain": "domain", "autorange": True, "range": [0, 1e-6]}
    up = across | ({"scaleanchor": "x"} if problem.has_distances else {})
    return figure([_surface(problem), *points], x, y, xaxis=across, yaxis=up)


def _key(problem: Problem) -> Key:
    """Return which colour is which class, or which numbers the colours run between."""
    if problem.kind == "regression":
        low, high = _range(problem)
        return Key(tuple(colour for _, colour in _diverging()), (f"−{-low:g}", f"{high:g}"), bar=True)
    colours = DIVERGING if problem.kind == "binary" else CLASS_COLOURS
    return Key(colours[: len(problem.classes)], problem.classes)


def _plane_bindings(problem: Problem) -> tuple[Bind, ...]:
    return (
        Bind(0, "z", "boundary.value", difference="classes" if problem.kind == "classes" else "numbers"),
        Bind(0, "x", "axis.x", "opening"),
        Bind(0, "y", "axis.y", "opening"),
        *_point_bindings(1, "train"),
        *_point_bindings(2, "validation"),
    )


def _point_bindings(trace: int, half: str, *, coloured: bool = True) -> tuple[Bind, ...]:
    places = (Bind(trace, "x", f"points.{half}_x", "opening"), Bind(trace, "y", f"points.{half}_y", "opening"))
    return (*places, Bind(trace, "marker.color", f"points.{half}_label", "opening")) if coloured else places


def _line_figure(problem: Problem) -> Figure:
    traces = [
        curve("net", CLASS_COLOURS[6], hoverinfo="skip"),
        _marks("train", {"color": CLASS_COLOURS[0]}),
        _marks("validation", {"color": CLASS_COLOURS[0]}),
    ]
    return figure(traces, problem.axes[0], problem.target)


def _line_bindings() -> tuple[Bind, ...]:
    curve_bindings = (Bind(0, "y", "boundary.value"), Bind(0, "x", "axis.x", "opening"))
    halves = enumerate(("train", "validation"), start=1)
    return (*curve_bindings, *(b for trace, half in halves for b in _point_bindings(trace, half, coloured=False)))


def _surface(problem: Problem) -> dict[str, Any]:
    low, high = _range(problem)
    stops = _segments(len(problem.classes)) if problem.kind == "classes" else _diverging()
    return {
        "type": "heatmap",
        "z": [],
        "zmin": low,
        "zmax": high,
        "colorscale": stops,
        "showscale": False,
        # Between two of several classes there is no class in the middle to blend over.
        "zsmooth": False if problem.kind == "classes" else "fast",
        # For several classes the number is a place on the colour scale, which tells a person nothing.
        "hovertemplate": f"%{{x:.2f}}, %{{y:.2f}}{'' if problem.kind == 'classes' else ': %{z:.3f}'}<extra></extra>",
    }


def _points(problem: Problem, half: str) -> dict[str, Any]:
    low, high = _range(problem)
    if problem.kind == "classes":
        high -= 1  # labels are 0 .. k-1, the surface goes up to k
    marker = {"cmin": low, "cmax": high, "colorscale": _point_scale(problem)}
    return _marks(half, marker)


def _marks(half: str, marker: dict[str, Any]) -> dict[str, Any]:
    """Return empty points: discs for training, diamonds that stand out by their rim for validation."""
    look: dict[str, Any] = {"symbol": "circle", "size": 6, "line": {"width": 1, "color": PAPER}}
    if half == "validation":
        look = {"symbol": "diamond", "size": 7, "line": {"width": 1.2, "color": INK}}
    return {
        "type": "scatter",
        "mode": "markers",
        "name": half,
        "x": [],
        "y": [],
        "marker": look | marker,
        "showlegend": False,
        "hovertemplate": f"%{{x:.3f}}, %{{y:.3f}}<extra>{half}</extra>",
    }


def _range(problem: Problem) -> tuple[float, float]:
    """Return the numbers at the ends of the surface's colours."""
    if problem.kind == "classes":
        return 0, len(problem.classes)
    if problem.kind == "binary":
        return 0, 1
    return (-2, 2) if problem.name == "csv" else (-1, 1)


def _diverging() -> list[list[Any]]:
    low, high = DIVERGING
    return [[0, transparent(low, CONFIDENT)], [0.5, transparent("#808080", 0.02)], [1, transparent(high, CONFIDENT)]]


def _segments(classes: int) -> list[list[Any]]:
    """Return a colour scale of one segment for each class, from unsure to confident."""
    stops: list[list[Any]] = []
    for index, colour in enumerate(CLASS_COLOURS[:classes]):
        stops.append([index / classes, transparent(colour, UNSURE)])
        stops.append([(index + 1) / classes, transparent(colour, CONFIDENT)])
    return stops


def _point_scale(problem: Problem) -> list[list[Any]]:
    if problem.kind == "classes":
        colours = CLASS_COLOURS[: len(problem.classes)]
        return [[index / (len(colours) - 1), colour] for index, colour in enumerate(colours)]
    low, high = DIVERGING
    return [[0, low], [1, high]] if problem.kind == "binary" else [[0, low], [0.5, MIDDLE], [1, high]]
