"""Words on one axis of meaning, or between two, as figures."""

from collections.abc import Sequence
from typing import Any

from engine.figures.labels import SIDES, free_sides, label_box, meet, point_box, range_of
from engine.figures.style import CLASS_COLOURS, PLAIN, Figure, figure, written

SIZE = 10.0
PIXELS = (280.0, 340.0)
"""What the plot measures on a telephone, across and up: who has room there has room everywhere."""
MOST_LEVELS, LEVEL, BESIDES = 16, 24, 76
"""Rows one below the other, and pixels of a row and of what is around them."""
Ends = tuple[str, str]
"""What lies towards larger numbers, and what towards smaller ones."""


def one_axis(words: Sequence[str], places: Sequence[float], ends: Ends) -> Figure:
    """Return the figure of words along one axis; up and down means nothing but that they do not hide each other."""
    low, high = range_of(places)
    levels, sides = _levels(words, places, (high - low) / PIXELS[0], (low + high) / 2)
    shown = [written(word) if side else "" for word, side in zip(words, sides, strict=True)]
    told = [f"{written(word)}: {place:.3f}" for word, place in zip(words, places, strict=True)]
    trace = _points(places, [-level for level in levels], shown, [side or SIDES[0] for side in sides], told)
    drawn = figure([trace], _title(ends), "", xaxis=_range(low, high))
    count = max(levels) + 1
    drawn["layout"]["yaxis"] |= {"visible": False, "range": [0.6 - count, 0.6]}
    drawn["layout"] |= {"height": BESIDES + LEVEL * count, "margin": {"l": 12, "r": 12, "t": 8, "b": 48}}
    return drawn


def two_axes(
    words: Sequence[str], across: Sequence[float], up: Sequence[float], ends: Ends, ends_up: Ends, height: int = 440
) -> Figure:
    """Return the figure of words by their places on two axes; a word without room is told by hovering."""
    (left, right), (bottom, top) = range_of(across), range_of(up)
    units = (right - left) / PIXELS[0], (top - bottom) / PIXELS[1]
    taken = [point_box(x, y, units, SIZE) for x, y in zip(across, up, strict=True)]
    sides = free_sides(list(zip(across, up, words, strict=True)), taken, units, SIZE)
    shown = [written(word) if side else "" for word, side in zip(words, sides, strict=True)]
    told = [f"{written(word)}: {x:.3f} across, {y:.3f} up" for word, x, y in zip(words, across, up, strict=True)]
    trace = _points(across, up, shown, [side or SIDES[0] for side in sides], told)
    vertical = _range(bottom, top) | PLAIN
    drawn = figure([trace], _title(ends), _title(ends_up), xaxis=_range(left, right), yaxis=vertical)
    drawn["layout"] |= {"height": height}
    return drawn


def _levels(
    words: Sequence[str], places: Sequence[float], unit: float, middle: float
) -> tuple[list[int], list[str | None]]:
    """Return in which row each word has room, and on which side of its point; where there is none, in the last one,
    unwritten. Words are written towards the middle, where there is paper.
    """
    taken: list[list[tuple[float, float, float, float]]] = [[] for _ in range(MOST_LEVELS)]
    levels = [MOST_LEVELS - 1] * len(words)
    sides: list[str | None] = [None] * len(words)
    for index in sorted(range(len(words)), key=lambda at: places[at]):
        x, side = places[index], SIDES[1 if places[index] <= middle else 2]
        point, label = point_box(x, 0, (unit, 1), SIZE), label_box(x, 0, words[index], (unit, 1), SIZE, side)
        box = min(point[0], label[0]), -1.0, max(point[2], label[2]), 1.0
        level = next((at for at, row in enumerate(taken) if not any(meet(box, other) for other in row)), None)
        if level is not None:
            taken[level].append(box)
            levels[index], sides[index] = level, side
    return levels, sides


def _points(
    x: Sequence[float], y: Sequence[float], labels: Sequence[str], sides: Sequence[str], told: Sequence[str]
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": list(x),
        "y": list(y),
        "text": list(labels),
        "textposition": list(sides),
        "textfont": {"size": 13, "weight": 600},
        "cliponaxis": False,
        "marker": {"color": CLASS_COLOURS[0], "size": SIZE},
        "hovertext": list(told),
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _range(low: float, high: float) -> dict[str, Any]:
    return {"range": [low, high], "zeroline": True, "automargin": True}


def _title(ends: Ends) -> str:
    return f"← {written(ends[1], 24)}   ·   {written(ends[0], 24)} →"
