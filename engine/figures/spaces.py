"""Spaces of words compared, as figures: each space has a colour and a shape of its own in all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.figures.labels import free_sides, point_box, range_of
from engine.figures.style import CLASS_COLOURS, Figure, figure, written

COLOURS = (CLASS_COLOURS[0], CLASS_COLOURS[6], CLASS_COLOURS[2])
SYMBOLS = ("circle", "diamond", "square")
DASHES = ("solid", "dash", "dot")
REST = "#808080"
"""A grey that is seen on light and on dark paper."""
GRID = "rgba(128,128,128,.3)"
ANGLES = tuple(range(0, 181, 30))
GRID = "rgba(128,128,128,.3)"
SIZE = 9.0
ROW, BESIDES = 26, 96
"""Pixels of a row of dots for each space, and of what is around all rows."""
PIXELS = (280.0, 340.0)
"""What a plane measures on a telephone, across and up: who has room there has room everywhere."""
HEIGHT = 360
LEGEND = {"orientation": "h", "x": 0, "y": 1.0, "xanchor": "left", "yanchor": "bottom"}
INTERVAL = tuple[float | None, float | None]
Mark = tuple[str, float]
"""What a line across a plot is called, and where it stands."""


@dataclass(frozen=True, slots=True)
class Dots:
    """What one space has in each row of a plot: a value, with its interval and what chance gives where these are known.

    What is None is not drawn.
    """

    name: str
    values: Sequence[float | None]
    intervals: Sequence[INTERVAL] = ()
    chance: Sequence[float | None] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """What one space has at each of some numbers."""

    name: str
    x: Sequence[float]
    y: Sequence[float | None]
    intervals: Sequence[INTERVAL] = ()


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of a relation in one space: what each is called, its angle in degrees, and its length."""

    name: str
    pairs: Sequence[tuple[str, str]]
    angles: Sequence[float]
    lengths: Sequence[float]


def histogram(
    counts: Sequence[int], first: float, width: float, x: str, told: Sequence[str], marks: Sequence[Mark] = ()
) -> Figure:
    """Return bars of how many words there are at equal steps of ``width``, the ``first`` of which has its middle there.

    ``told`` says what each bar stands for, and where ``marks`` are there is an upright line. Empty steps at the lower
    end, below all marks, are left out.
    """
    middles = [first + place * width for place in range(len(counts))]
    shown = [middle for middle, count in zip(middles, counts, strict=True) if count] or middles
    bars = {
        "type": "bar",
        "x": middles,
        "y": list(counts),
        "width": width * 0.92,
        "marker": {"color": COLOURS[0]},
        "hovertext": list(told),
        "hovertemplate": "%{hovertext}: %{y:,} words<extra></extra>",
        "showlegend": False,
    }
    most = max([1, *counts]) * 1.05
    lines = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": written(name),
            "x": [at, at],
            "y": [0, most],
            "line": {"color": colour, "width": 2, "dash": dash},
            "hoverinfo": "name",
        }
        for (name, at), colour, dash in zip(marks, (COLOURS[1], REST), DASHES[1:], strict=False)
    ]
    ends = [min([shown[0], *(at for _, at in marks)]) - width, middles[-1] + width / 2]
    drawn = figure([bars, *lines], x, "words", xaxis={"range": ends}, yaxis={"exponentformat": "none"})
    return _sized(drawn, HEIGHT)


def dots(rows: Sequence[str], spaces: Sequence[Dots], x: str, span: tuple[float, float]) -> Figure:
    """Return one row for each of ``rows``, from above, in it a dot for each space; hollow is what chance gives."""
    traces = [trace for place, one in enumerate(spaces) for trace in _dots(rows, one, place, len(spaces))]
    drawn = figure(traces, x, "", xaxis={"range": list(span), "zeroline": True})
    drawn["layout"]["yaxis"] |= {
        "automargin": True,
        "range": [0.5 - len(rows), 0.5],
        "tickvals": [-row for row in range(len(rows))],
        "ticktext": [written(row, 32) for row in rows],
    }
    return _sized(drawn, BESIDES + max(3, ROW * len(rows) * len(spaces) // 2))


def lines(spaces: Sequence[Line], x: str, y: str, *, log: bool = False, ticks: Sequence[float] = ()) -> Figure:
    """Return a line for each space; ``ticks`` make the axis of x one of ratios, ``log`` that of y."""
    traces = []
    for place, one in enumerate(spaces):
        look = _look(place) | {"line": {"color": COLOURS[place], "width": 2, "dash": DASHES[place]}}
        error = {"error_y": _error(one.y, one.intervals)} if one.intervals else {}
        mode = "lines+markers" if ticks else "lines"
        traces.append(
            {
                **look,
                **error,
                "mode": mode,
                "name": written(one.name),
                "x": list(one.x),
                "y": list(one.y),
                "hovertemplate": f"%{{x:,}}: %{{y:.4g}}<extra>{written(one.name)}</extra>",
            }
        )
    across = {"type": "log", "tickvals": list(ticks), "ticktext": [f"{tick:g}" for tick in ticks]} if ticks else {}
    up = {"type": "log", "dtick": 1} if log else {"exponentformat": "none"}
    return _sized(figure(traces, x, y, xaxis=across, yaxis=up), HEIGHT)


def steps(spaces: Sequence[Steps]) -> Figure:
    """Return the steps of a relation around the direction that they have in common, which points to the right."""
    traces = [
        {
            "type": "scatterpolar",
            "mode": "markers",
            "name": written(one.name),
            "r": list(one.lengths),
            "theta": list(one.angles),
            "marker": _marker(place) | {"opacity": 0.8},
            "hovertext": [
                f"{written(first)} → {written(second)}: {angle:.0f}°, length {length:.2f}"
                for (first, second), angle, length in zip(one.pairs, one.angles, one.lengths, strict=True)
            ],
            "hovertemplate": "%{hovertext}<extra>%{fullData.name}</extra>",
        }
        for place, one in enumerate(spaces)
    ]
    longest = max((length for one in spaces for length in one.lengths), default=1.0)
    drawn = figure(traces, "", "")
    del drawn["layout"]["xaxis"], drawn["layout"]["yaxis"]
    drawn["layout"]["polar"] = {
        "bgcolor": "rgba(0,0,0,0)",
        "sector": [0, 180],
        "angularaxis": {
            "tickvals": ANGLES,
            "ticktext": [f"{angle}°" for angle in ANGLES],
            "gridcolor": GRID,
        },
        "radialaxis": {"range": [0, longest * 1.08], "nticks": 4, "gridcolor": GRID},
    }
    drawn["layout"]["margin"] = {"l": 40, "r": 40, "t": 64, "b": 24}
    sized = _sized(drawn, HEIGHT)
    sized["layout"]["legend"] = LEGEND | {"y": 1.12}
    return sized


def overlaid(
    words: Sequence[str],
    first: Sequence[Sequence[float]],
    second: Sequence[Sequence[float]],
    names: tuple[str, str],
    colours: tuple[int, int] = (0, 1),
) -> Figure:
    """Return where words lie in the first space, laid over the second, and in the second, (m, 2) each; an arrow leads
    from one to the other. ``colours`` are the places of the two among all spaces.
    """
    both = [*first, *second]
    (left, right), (bottom, top) = range_of([x for x, _ in both]), range_of([y for _, y in both])
    units = max((right - left) / PIXELS[0], (top - bottom) / PIXELS[1])
    taken = [point_box(x, y, (units, units), SIZE) for x, y in both]
    sides = free_sides([(x, y, word) for (x, y), word in zip(second, words, strict=True)], taken, (units, units), SIZE)
    traces = []
    for at, (places, name) in enumerate(zip((first, second), names, strict=True)):
        labels = [written(word) if side and at else "" for word, side in zip(words, sides, strict=True)]
        traces.append(
            {
                "type": "scatter",
                "mode": "markers+text",
                "name": written(name),
                "x": [x for x, _ in places],
                "y": [y for _, y in places],
                "text": labels,
                "textposition": [side or "top center" for side in sides],
                "textfont": {"size": 13, "weight": 600},
                "cliponaxis": False,
                "marker": _marker(colours[at]),
                "hovertext": [f"{written(word)} in {written(name)}" for word in words],
                "hovertemplate": "%{hovertext}<extra></extra>",
            }
        )
    drawn = figure(traces, "", "")
    drawn["layout"]["annotations"] = [_arrow(a, b) for a, b in zip(first, second, strict=True)]
    # One unit is as long up as across, or no distance would be what it looks.
    drawn["layout"]["xaxis"] |= {"range": [left, right], "visible": False}
    drawn["layout"]["yaxis"] |= {"range": [bottom, top], "visible": False, "scaleanchor": "x"}
    drawn["layout"]["margin"] |= {"l": 12, "b": 12}
    return _sized(drawn, 460)


def _dots(rows: Sequence[str], one: Dots, place: int, count: int) -> list[dict[str, Any]]:
    """Return the trace of a space, a little above or below the middle of each row, and that of its chance."""
    aside = 0.22 * ((count - 1) / 2 - place)
    y = [aside - row for row in range(len(rows))]
    told = [
        "" if value is None else f"{written(row)}: {value:.3f}" + _between(one.intervals, at)
        for at, (row, value) in enumerate(zip(rows, one.values, strict=True))
    ]
    error = {"error_x": _error(one.values, one.intervals)} if one.intervals else {}
    name = written(one.name)
    found = [
        _look(place)
        | error
        | {
            "name": name,
            "x": list(one.values),
            "y": y,
            "hovertext": told,
            "hovertemplate": "%{hovertext}<extra>" + name,
        }
    ]
    if one.chance:
        hollow = _marker(place) | {"symbol": f"{SYMBOLS[place]}-open"}
        said = ["" if value is None else f"{value:.3f}" for value in one.chance]
        found.append(
            _look(place)
            | {"name": f"{name}, by chance", "x": list(one.chance), "y": y, "marker": hollow}
            | {"hovertext": said, "hovertemplate": f"by chance %{{hovertext}}<extra>{name}</extra>"}
        )
    return found


def _between(intervals: Sequence[INTERVAL], at: int) -> str:
    low, high = intervals[at] if intervals else (None, None)
    return "" if low is None or high is None else f" ({low:.3f} to {high:.3f})"


def _error(values: Sequence[float | None], intervals: Sequence[INTERVAL]) -> dict[str, Any]:
    both = [
        (0.0, 0.0) if value is None or low is None or high is None else (high - value, value - low)
        for value, (low, high) in zip(values, intervals, strict=True)
    ]
    more = {"array": [up for up, _ in both], "arrayminus": [down for _, down in both]}
    return {"type": "data", "symmetric": False, "thickness": 1.5, "width": 3, **more}


def _look(place: int) -> dict[str, Any]:
    return {"type": "scatter", "mode": "markers", "marker": _marker(place)}


def _marker(place: int) -> dict[str, Any]:
    return {"color": COLOURS[place], "symbol": SYMBOLS[place], "size": SIZE}


def _arrow(start: Sequence[float], end: Sequence[float]) -> dict[str, Any]:
    x, y = end
    ax, ay = start
    at = {"x": x, "y": y, "ax": ax, "ay": ay, "xref": "x", "yref": "y", "axref": "x", "ayref": "y"}
    look = {"showarrow": True, "arrowhead": 2, "arrowwidth": 1.2, "arrowcolor": REST, "standoff": 5, "startstandoff": 5}
    return at | look | {"text": ""}


def _sized(drawn: Figure, height: int) -> Figure:
    legend = {"showlegend": len([one for one in drawn["data"] if one.get("showlegend", True)]) > 0, "legend": LEGEND}
    drawn["layout"] |= {"height": height, "dragmode": False, **legend}
    for axis in {"xaxis", "yaxis"} & set(drawn["layout"]):
        drawn["layout"][axis]["automargin"] = True
        drawn["layout"][axis]["title"] |= {"standoff": 14}
    drawn["layout"]["margin"]["t"] = max(drawn["layout"]["margin"]["t"], 36)
    return drawn
