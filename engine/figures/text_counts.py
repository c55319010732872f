"""How often the words of a text come, as figures: Zipf's law, and how much of the text the frequent ones make up."""

from typing import Any

import numpy as np

from engine.figures.style import CLASS_COLOURS, PLAIN, Figure, figure
from engine.words.corpus.counts import Zipf, coverage

MOST_POINTS = 400
"""Of a curve of ranks: evenly spread on the logarithmic axis, more cannot be told apart."""
COUNTED, FITTED, CUT = CLASS_COLOURS[0], CLASS_COLOURS[6], "#808080"
HEIGHT = 320
RANKS = {"type": "log", "dtick": 1, "separatethousands": True, "exponentformat": "none"}


def ranks(n: int) -> np.ndarray:
    """Return some of the ranks 1 to n, both ends among them, rising."""
    return np.unique(np.geomspace(1, n, MOST_POINTS).round().astype(np.int64))


def fitted(line: Zipf, shown: np.ndarray) -> np.ndarray:
    """Return what the line that fits has at some ranks (n,), (n,) float64."""
    return 10 ** (line.intercept - line.exponent * np.log10(shown))


def zipf_figure(counts: np.ndarray, line: Zipf, kept: int) -> Figure:
    """Return the plot of falling counts (n,) over ranks, the line that fits them, and where ``kept`` words end."""
    shown = ranks(len(counts))
    by_line = fitted(line, shown)
    above = by_line >= 0.5  # below half a word the line tells nothing
    traces = [
        _line("counted", shown, counts[shown - 1], COUNTED, "rank %{x:,}: %{y:,} times"),
        _line("fitted", shown[above], by_line[above], FITTED, "rank %{x:,}: the line has %{y:,.1f}", dash="dash"),
    ]
    drawn = figure(traces, "rank of the word", "times in the text", xaxis=RANKS, yaxis=RANKS | {"title": _up("count")})
    finished = _finished(drawn, kept, len(counts), up=0.98)
    # The curves fall from the upper left to the lower right: here they leave room.
    finished["layout"]["legend"] = {"x": 0, "y": 0, "xanchor": "left", "yanchor": "bottom"}
    return finished


def coverage_figure(counts: np.ndarray, kept: int) -> Figure:
    """Return the plot of which share of a text the most frequent words make up, and where ``kept`` words end."""
    shown = ranks(len(counts))
    traces = [_line("covered", shown, coverage(counts)[shown - 1], COUNTED, "the first %{x:,} words: %{y:.1%}")]
    up = {"range": [0, 1.03], "tickformat": ".0%", "title": _up("share of the text")}
    return _finished(figure(traces, "most frequent words", "", xaxis=RANKS, yaxis=up), kept, len(counts))


def _line(name: str, x: np.ndarray, y: np.ndarray, colour: str, told: str, **line: Any) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": x.tolist(),
        "y": y.tolist(),
        "line": {"color": colour, "width": 2} | line,
        "hovertemplate": f"{told}<extra></extra>",
    }


def _up(title: str) -> dict[str, Any]:
    return {"text": title, "standoff": 6}


def _finished(drawn: Figure, kept: int, n: int, up: float = 0.02) -> Figure:
    layout = drawn["layout"]
    layout |= {"height": HEIGHT, "dragmode": False, "legend": {"x": 1, "y": 1, "xanchor": "right", "yanchor": "top"}}
    for axis in ("xaxis", "yaxis"):
        layout[axis] |= PLAIN | {"automargin": True, "fixedrange": True}
    if 0 < kept < n:
        at_right = np.log10(kept) > 0.7 * np.log10(n)  # there the words would be cut off
        layout["shapes"] = [
            {
                "type": "line",
                "x0": kept,
                "x1": kept,
                "y0": 0,
                "y1": 1,
                "yref": "paper",
                "line": {"color": CUT, "width": 1, "dash": "dot"},
            }
        ]
        layout["annotations"] = [
            {
                "x": float(np.log10(kept)),
                "y": up,
                "yref": "paper",
                "text": "left out →",
                "showarrow": False,
                "xanchor": "right" if at_right else "left",
                "yanchor": "top" if up > 0.5 else "bottom",
            }
        ]
    return drawn
