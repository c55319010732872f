"""What indexes find against what that costs, as a figure: a line for each sort of index, a point for each setting."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from engine.figures.style import CLASS_COLOURS, PLAIN, Figure, figure
from engine.words.indexes import told
from engine.words.indexes.front import front
from engine.words.indexes.spec import TITLES

Finding = Mapping[str, Any]
Cost = Literal["median_ms", "bytes", "build_seconds"]
HEIGHT, SIZE = 520, 11
GREY = "#8A94A0"
FAINT = 0.3
FRONT = "Pareto front"


@dataclass(frozen=True, slots=True)
class _Look:
    colour: str
    symbol: str
    dash: str = "solid"


BLUE, ORANGE, GREEN, PINK, SKY, _, RED, VIOLET = CLASS_COLOURS
LOOKS: Mapping[str, _Look] = {
    "numpy": _Look(GREY, "line-ns", "dash"),
    "flat": _Look(SKY, "square"),
    "ivf": _Look(ORANGE, "circle"),
    "hnsw": _Look(BLUE, "diamond"),
    "pq": _Look(PINK, "x"),
    "ivf_pq": _Look(RED, "triangle-up"),
    "ivf_pq_refined": _Look(GREEN, "triangle-down"),
    "hnsw_sq": _Look(VIOLET, "star"),
    "annoy": _Look(RED, "cross", "dot"),
    "hnswlib": _Look(BLUE, "pentagon", "dot"),
}
AXES: Mapping[Cost, tuple[str, float]] = {
    "median_ms": ("milliseconds for a question, the median", 1.0),
    "bytes": ("megabytes", 1e-6),
    "build_seconds": ("seconds to build", 1.0),
}
"""The title of an axis, and what one of its units is of what was measured."""


def weighing(findings: Sequence[Finding], cost: Cost, waiting: Sequence[Finding] = ()) -> Figure:
    """Return the figure of findings among equally many words; ``waiting`` are those among fewer words whose turn is
    still to come, drawn faint. Plain numpy is a line across, but for the time to build: it builds nothing.
    """
    title, unit = AXES[cost]
    if cost == "build_seconds":
        findings, waiting = _without_numpy(findings), _without_numpy(waiting)
    shown = [*findings, *waiting]
    low = _floor([one["recall"] for one in shown])
    traces = [_front(_without_numpy(findings), cost, unit)]
    for kind in TITLES:
        traces += _line([one for one in findings if one["kind"] == kind], cost, unit, low)
        traces += _line([one for one in waiting if one["kind"] == kind], cost, unit, low, faint=True)
    ticks = {"range": [low, 1.03], "tickformat": ".0%"} | PLAIN
    drawn = figure(traces, title, "recall@10", xaxis=_decades([one[cost] * unit for one in shown]), yaxis=ticks)
    legend = {"orientation": "h", "x": 0, "y": -0.16, "yanchor": "top"}
    drawn["layout"] |= {"height": HEIGHT, "legend": legend, "margin": {"l": 62, "r": 12, "t": 12, "b": 40}}
    return drawn


def hover(one: Finding) -> str:
    """Return all numbers of a finding, line by line."""
    knob = f"<br>{one['knob']} {one['value']:,}" if one["knob"] else ""
    return (
        f"<b>{one['title']}</b>{knob}<br>finds {told.share(one['recall'])} of the 10 nearest among {one['n']:,}"
        f"<br>{told.milliseconds(one['median_ms'])}, 95 of 100 below {told.milliseconds(one['p95_ms'])}"
        f"<br>{told.size(one['bytes'])}, built in {told.seconds(one['build_seconds'])}"
    )


def _line(findings: Sequence[Finding], cost: Cost, unit: float, low: float, *, faint: bool = False) -> list[dict]:
    if not findings:
        return []
    ordered = sorted(findings, key=lambda one: one["value"])
    kind, look = ordered[0]["kind"], LOOKS[ordered[0]["kind"]]
    across = kind == "numpy"
    x, y = [one[cost] * unit for one in ordered], [one["recall"] for one in ordered]
    texts = [hover(one) for one in ordered]
    return [
        {
            "type": "scatter",
            "mode": "lines" if across else "lines+markers",
            "name": TITLES[kind],
            "x": [x[0], x[0]] if across else x,
            "y": [low, 1.03] if across else y,
            "line": {"color": look.colour, "width": 2, "dash": look.dash},
            "marker": {"symbol": look.symbol, "size": SIZE, "color": look.colour},
            "opacity": FAINT if faint else 1,
            "showlegend": not faint,
            "hovertext": 2 * texts if across else texts,
            "hovertemplate": "%{hovertext}<extra></extra>",
        }
    ]


def _front(findings: Sequence[Finding], cost: Cost, unit: float) -> dict[str, Any]:
    best = front(findings, cost)
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": FRONT,
        "x": [one[cost] * unit for one in best],
        "y": [one["recall"] for one in best],
        "line": {"color": GREY, "width": 8},
        "opacity": 0.4,
        "marker": {"symbol": "circle", "size": 24, "color": GREY},
        "hoverinfo": "skip",
    }


def _without_numpy(findings: Sequence[Finding]) -> list[Finding]:
    return [one for one in findings if one["kind"] != "numpy"]


def _floor(recalls: Sequence[float]) -> float:
    """Return where the axis of recalls begins: at a tenth below the least."""
    return max(0.0, math.floor(10 * min(recalls, default=0.5) - 0.5) / 10)


def _decades(values: Sequence[float]) -> dict[str, Any]:
    """Return an axis of logarithms, with 1, 2 and 5 of each decade written out, or fewer of many decades."""
    first, last = (math.log10(max(some, 1e-9)) for some in (min(values, default=1), max(values, default=1)))
    marks = (1, 2, 5) if last - first < 2 else (1, 3) if last - first < 3 else (1,)
    at = [float(f"{mark}e{ten}") for ten in range(math.floor(first) - 1, math.ceil(last) + 2) for mark in marks]
    room = 0.06 * max(1.0, last - first)
    span = {"type": "log", "range": [first - room, last + room]}
    return span | {"tickmode": "array", "tickvals": at, "ticktext": [told.digits(value) for value in at]}
