"""Accuracy against the number of examples, for nets that begin in several ways, as a figure: a line for the means, a
point for each seed.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Any

from engine.figures.style import CLASS_COLOURS, PLAIN, Figure, figure

HEIGHT = 400
BLUE, _, GREEN, *_, RED, _ = CLASS_COLOURS
ROOM = 0.08
"""Left and right of the outer points, in powers of ten."""
ASIDE = 1.05
"""The points of the outer two ways are drawn so many times further left and right, lest they hide each other."""


@dataclass(frozen=True, slots=True)
class Scores:
    """What nets with so many ``examples`` came to: the accuracy of each seed, by the way in which they began."""

    examples: int
    by_way: Mapping[Any, Sequence[float]]


@dataclass(frozen=True, slots=True)
class _Look:
    colour: str
    symbol: str
    dash: str
    aside: float


LOOKS = (
    _Look(BLUE, "circle", "solid", 1 / ASIDE),
    _Look(GREEN, "diamond", "dash", 1.0),
    _Look(RED, "square", "dot", ASIDE),
)


def transfer_figure(found: Sequence[Scores], ways: Mapping[Any, str], sizes: Sequence[int] = ()) -> Figure:
    """Return the figure; ``ways`` are their titles, at most three. ``sizes`` are numbers of examples of which something
    will be found, so that the axis has room for them.
    """
    known = sorted(found, key=lambda one: one.examples)
    traces = [
        trace
        for (way, title), look in zip(ways.items(), LOOKS, strict=False)
        for trace in (_points(known, way, title, look), _means(known, way, title, look))
    ]
    least = min((score for one in known for scores in one.by_way.values() for score in scores), default=0.0)
    low = max(0.0, math.floor(10 * least - 0.3) / 10)
    counts = sorted({*sizes, *(one.examples for one in known)})
    across: dict[str, Any] = {"type": "log", "tickvals": counts, "ticktext": list(map(_count, counts))}
    if counts:
        across["range"] = [math.log10(counts[0]) - ROOM, math.log10(counts[-1]) + ROOM]
    up = {"range": [low, 1.02], "tickformat": ".0%"} | PLAIN
    drawn = figure(traces, "examples", "told right, of images held out", xaxis=across, yaxis=up)
    legend = {"orientation": "h", "x": 0, "y": -0.17, "yanchor": "top"}
    drawn["layout"] |= {"height": HEIGHT, "legend": legend, "margin": {"l": 62, "r": 12, "t": 12, "b": 40}}
    return drawn


def _means(found: Sequence[Scores], way: str, title: str, look: _Look) -> dict[str, Any]:
    y = [mean(one.by_way[way]) for one in found]
    told = [
        f"<b>{title}</b><br>{_count(one.examples)} examples<br>{middle:.1%} on average, "
        f"{min(one.by_way[way]):.1%} to {max(one.by_way[way]):.1%}"
        for one, middle in zip(found, y, strict=True)
    ]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": title,
        "x": [one.examples for one in found],
        "y": y,
        "line": {"color": look.colour, "width": 2, "dash": look.dash},
        "marker": {"symbol": look.symbol, "size": 10, "color": look.colour},
        "hovertext": told,
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _points(found: Sequence[Scores], way: str, title: str, look: _Look) -> dict[str, Any]:
    """Return a faint point for each seed."""
    points = [(one.examples, score) for one in found for score in one.by_way[way]]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": f"{title}, each seed",
        "x": [examples * look.aside for examples, _ in points],
        "y": [score for _, score in points],
        "marker": {"symbol": look.symbol, "size": 6, "color": look.colour},
        "opacity": 0.4,
        "showlegend": False,
        "hovertext": [f"{title}<br>{_count(examples)} examples, one seed: {score:.1%}" for examples, score in points],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _count(examples: int) -> str:
    return f"{examples:,}"
