"""The parallelogram of an analogy as a figure: the plane of three words, and where answers stand to it."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.figures.labels import free_sides, label_box, point_box, range_of
from engine.figures.style import CLASS_COLOURS, Figure, figure, written
from engine.words.parallelogram import Corner, Parallelogram, Role

GIVEN, ANSWER, REST = CLASS_COLOURS[0], CLASS_COLOURS[6], "#808080"
"""Of the words of the question, of the answer, and of all else: a grey that is seen on light and on dark paper."""
LARGEST, SMALLEST, FAINTEST = 16.0, 6.0, 0.35
"""Pixels of a point that lies in the plane, and of one at right angles to it, which is as faint as this too."""
SIDES: Mapping[Role, str] = {
    "a": "bottom center",
    "b": "bottom center",
    "c": "top center",
    "target": "top center",
    "answer": "top center",
}
PIXELS = 300.0
"""What a plane on a telephone measures across: who has room there has room everywhere."""


def analogy_figure(found: Parallelogram) -> Figure:
    """Return the figure: a -> b and c -> answer as arrows, dashed what would be a parallelogram; distances are true
    within the plane, and the farther outside of it a word is the smaller and fainter is its point.
    """
    a, b, c = (found.corner(role) for role in ("a", "b", "c"))
    target, answer = found.corner("target"), found.corner("answer")
    others = [corner for corner in found.corners if corner.role == "other"]
    traces = [
        _dashed([a, c, target, b]),
        _points([target], _fixed([target]), REST, "diamond-open"),
        _points(others, _labels(others, found.corners), REST),
        _points([a, b, c], _fixed([a, b, c]), GIVEN),
        _points([answer], _fixed([answer]), ANSWER),
    ]
    drawn = figure(traces, f"along {written(a.word, 20)} → {written(b.word, 20)}", "across, in the plane")
    drawn["layout"]["annotations"] = [_arrow(a, b, GIVEN), _arrow(c, answer, ANSWER)]
    for axis in ("xaxis", "yaxis"):
        drawn["layout"][axis]["automargin"] = True
        drawn["layout"][axis]["title"] |= {"standoff": 14}
    drawn["layout"] |= {"showlegend": False, "dragmode": False}
    # One unit is as long up as across, or no angle would be what it looks.
    drawn["layout"]["xaxis"] |= {"range": range_of([corner.x for corner in found.corners])}
    drawn["layout"]["yaxis"] |= {"range": range_of([corner.y for corner in found.corners]), "scaleanchor": "x"}
    drawn["layout"]["yaxis"] |= {"exponentformat": "none"}
    return drawn


def _fixed(corners: Sequence[Corner]) -> list[tuple[str, str]]:
    return [(written(corner.word), SIDES[corner.role]) for corner in corners]


def _points(
    corners: Sequence[Corner], labels: Sequence[tuple[str, str]], colour: str, symbol: str = "circle"
) -> dict[str, Any]:
    near = [max(0.0, 1.0 - corner.outside) for corner in corners]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [corner.x for corner in corners],
        "y": [corner.y for corner in corners],
        "text": [label for label, _ in labels],
        "textposition": [side for _, side in labels],
        "textfont": {"size": 13, "weight": 600},
        "cliponaxis": False,
        "marker": {
            "color": colour,
            "symbol": symbol,
            "size": [SMALLEST + (LARGEST - SMALLEST) * share for share in near],
            "opacity": [FAINTEST + (1 - FAINTEST) * share for share in near],
        },
        "hovertext": [_told(corner) for corner in corners],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _told(corner: Corner) -> str:
    if corner.role == "target":
        return "where the answer of a perfect parallelogram would be"
    where = "in the plane" if corner.outside < 0.0005 else f"{corner.outside:.3f} outside of the plane"
    return f"{written(corner.word)}: {where}"


def _dashed(corners: Sequence[Corner]) -> dict[str, Any]:
    around = [*corners, corners[0]]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [corner.x for corner in around],
        "y": [corner.y for corner in around],
        "line": {"color": REST, "width": 1, "dash": "dash"},
        "hoverinfo": "skip",
    }


def _arrow(start: Corner, end: Corner, colour: str) -> dict[str, Any]:
    return {
        "x": end.x,
        "y": end.y,
        "ax": start.x,
        "ay": start.y,
        **dict.fromkeys(("xref", "axref"), "x"),
        **dict.fromkeys(("yref", "ayref"), "y"),
        "text": "",
        "showarrow": True,
        "arrowhead": 2,
        "arrowwidth": 2,
        "arrowcolor": colour,
        "standoff": 7,
        "startstandoff": 7,
    }


def _labels(others: Sequence[Corner], corners: Sequence[Corner]) -> list[tuple[str, str]]:
    """Return the label of each word and on which side of its point it stands; "" where there is no room for it, for
    hovering tells it.
    """
    across = max(_width([corner.x for corner in corners]), _width([corner.y for corner in corners]))
    units = across / PIXELS, across / PIXELS
    taken = [point_box(corner.x, corner.y, units, LARGEST) for corner in corners]
    fixed = [corner for corner in corners if corner.role in SIDES]
    taken += [label_box(one.x, one.y, one.word, units, LARGEST, SIDES[one.role]) for one in fixed]
    found = free_sides([(corner.x, corner.y, corner.word) for corner in others], taken, units, LARGEST)
    return [
        (written(corner.word), side) if side else ("", SIDES["answer"])
        for corner, side in zip(others, found, strict=True)
    ]


def _width(values: Sequence[float]) -> float:
    low, high = range_of(values)
    return high - low
