"""The tree of hierarchical softmax as a figure: its top, from the root at the left, with the way to a word."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.figures.style import CLASS_COLOURS, Figure, figure, written
from engine.words.corpus.tree import Tree

ROW, BESIDES = 30, 40
"""Pixels of a row of the picture, and of what is around them."""
BRANCH, WAY = "#808080", CLASS_COLOURS[6]
NAMED = 3
"""Words that stand for all others below a node at which the picture ends."""
LETTERS = 12


@dataclass(frozen=True, slots=True)
class Drawn:
    """A place of the tree in the picture: how many turns lead there, in which row it lies, and the place above it.

    ``label`` is what is written there, empty within the picture; ``share`` how much of the text lies below it.
    """

    place: int
    depth: int
    row: float
    above: int
    bit: int
    label: str
    share: float


def top(tree: Tree, levels: int, words: Sequence[str]) -> list[Drawn]:
    """Return the places that at most so many turns lead to; each comes before those below it."""
    found: list[Drawn] = []
    rows = iter(range(len(tree.counts)))

    def put(place: int, depth: int, above: int, bit: int) -> float:
        at = len(found)
        found.append(Drawn(place, depth, 0.0, above, bit, "", 0.0))
        ends = depth == levels or place < tree.words
        below = [] if ends else tree.children[place - tree.words].tolist()
        own = [put(child, depth + 1, place, side) for side, child in enumerate(below)]
        row = sum(own) / len(own) if own else float(next(rows))
        share = float(tree.counts[place] / tree.counts[tree.root])
        found[at] = Drawn(place, depth, row, above, bit, _label(tree, place, words) if ends else "", share)
        return row

    put(tree.root, 0, -1, 0)
    return found


def tree_figure(tree: Tree, levels: int, words: Sequence[str], word: int | None = None) -> Figure:
    """Return the figure of the first ``levels`` turns; the way to ``word`` stands out as far as it is to be seen."""
    drawn = top(tree, levels, words)
    places = {one.place: one for one in drawn}
    way = _way(tree, word)
    branches = [(places[one.above], one) for one in drawn if one.above in places]
    traces = [
        _branches([pair for pair in branches if pair[1].place not in way], BRANCH, 1),
        _branches([pair for pair in branches if pair[1].place in way], WAY, 3),
        _points(drawn, way),
    ]
    ends = [one for one in drawn if one.label]
    shown = figure(traces, "", "")
    layout = shown["layout"]
    layout["xaxis"] |= {"visible": False, "range": [-0.15, levels * 1.02 + 0.1], "fixedrange": True}
    layout["yaxis"] |= {"visible": False, "range": [len(ends) - 0.5, -0.5], "fixedrange": True}
    layout |= {
        "height": BESIDES + ROW * len(ends),
        "margin": {"l": 4, "r": 190, "t": 8, "b": 8},
        "showlegend": False,
        "dragmode": False,
        "annotations": [_bit(above, one, one.place in way) for above, one in branches],
    }
    return shown


def _way(tree: Tree, word: int | None) -> set[int]:
    found: set[int] = set()
    place = -1 if word is None else word
    while place >= 0:
        found.add(place)
        place = int(tree.parents[place])
    return found


def _label(tree: Tree, place: int, words: Sequence[str]) -> str:
    share = tree.counts[place] / tree.counts[tree.root]
    if place < tree.words:
        return f"<b>{written(words[place], LETTERS)}</b> {share:.1%}"
    below = tree.below(place)
    named = ", ".join(written(words[int(row)], LETTERS) for row in below[:NAMED])
    more = f" +{len(below) - NAMED:,}" if len(below) > NAMED else ""
    return f"{named}{more} · {share:.1%}"


def _branches(pairs: Sequence[tuple[Drawn, Drawn]], colour: str, width: int) -> dict[str, Any]:
    """Return lines from places to those below them, with a corner each."""
    x: list[float | None] = []
    y: list[float | None] = []
    for above, one in pairs:
        x += [above.depth, above.depth, one.depth, None]
        y += [above.row, one.row, one.row, None]
    line = {"color": colour, "width": width}
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": line, "hoverinfo": "skip"}


def _points(drawn: Sequence[Drawn], way: set[int]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [one.depth for one in drawn],
        "y": [one.row for one in drawn],
        "text": [f" {one.label}" if one.label else "" for one in drawn],
        "textposition": "middle right",
        "cliponaxis": False,
        "marker": {"size": 8, "color": [WAY if one.place in way else CLASS_COLOURS[0] for one in drawn]},
        "hovertext": [f"{one.depth} turns, {one.share:.2%} of the text below" for one in drawn],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _bit(above: Drawn, one: Drawn, on_way: bool) -> dict[str, Any]:
    return {
        "x": (above.depth + one.depth) / 2,
        "y": one.row,
        "text": f"<b>{one.bit}</b>" if on_way else str(one.bit),
        "showarrow": False,
        "yanchor": "bottom",
        "font": {"size": 11} | ({"color": WAY} if on_way else {}),
    }
