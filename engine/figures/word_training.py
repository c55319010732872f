"""The panels of the lab in which vectors of words are learnt."""

from typing import Any

from engine.figures.gradients import CIVIDIS
from engine.figures.panel import Bind, PlotPanel, WordsPanel
from engine.figures.style import PAPER, TRAIN_COLOUR, curve, figure, figure_over_steps

REACH = 1.0
"""The map's axes end here: words that are all of length 1 hardly ever lie further out."""


def map_panel() -> PlotPanel:
    """Return the panel in which words take their places."""
    words: dict[str, Any] = {
        "type": "scatter",
        "name": "words",
        "mode": "markers+text",
        "x": [],
        "y": [],
        "text": [],
        "customdata": [],
        "textposition": "top center",
        "textfont": {"size": 12},
        "marker": {"size": 7, "color": TRAIN_COLOUR, "line": {"width": 1, "color": PAPER}},
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    pairs: dict[str, Any] = {
        "type": "scatter",
        "name": "relations",
        "mode": "lines",
        "x": [],
        "y": [],
        "line": {"width": 1, "color": "#999999"},
        "hoverinfo": "skip",
    }
    axis = {"range": [-REACH, REACH], "showticklabels": False, "ticks": ""}
    drawn = figure([pairs, words], "", "", xaxis=axis, yaxis=axis | {"scaleanchor": "x"})
    drawn["layout"] |= {"margin": {"l": 8, "r": 8, "t": 8, "b": 8}, "showlegend": False}
    return PlotPanel(
        id="word-map",
        title="Words on the move",
        width=6,
        height=520,
        help="Where some words point, flattened to the plane in which they differ most. The axes stay, and the picture "
        "is turned to where it was: what moves has moved in space. A line joins two words of a known relation. Where "
        "names would cover each other, the words named first keep theirs; point at a disc, or open the table, to read "
        "the others.",
        alt="A map of some words, which move as they are learnt.",
        figure=drawn,
        bindings=(
            Bind(1, "customdata", "watched", "words"),
            Bind(1, "x", "map.x", "frame"),
            Bind(1, "y", "map.y", "frame"),
            Bind(0, "x", "map.pair_x", "frame"),
            Bind(0, "y", "map.pair_y", "frame"),
        ),
    )


def nearest_panel() -> WordsPanel:
    """Return the panel that tells the nearest neighbours of one word."""
    return WordsPanel(
        id="word-nearest",
        title="Nearest neighbours",
        width=12,
        height=40,
        help="The ten words whose vectors point most nearly where that of the chosen word points, with their cosines.",
        alt="The nearest neighbours of a word at the step shown.",
        keys=("nearest", "warnings"),
    )


def relations_panel() -> PlotPanel:
    """Return the panel of the shares of analogies that hold, relation by relation."""
    return PlotPanel(
        id="word-relations",
        title="Analogies that hold, by relation",
        width=6,
        height=520,
        help="Of each relation some analogies are asked at every look (3CosAdd, the given words left out): the share "
        "that is answered with the right word. By chance it would be about none.",
        alt="Heatmap of the share of right analogies of each relation over steps.",
        figure=_heatmap([0.0, 1.0], "share right", ".0%"),
        bindings=(Bind(0, "z", "relation", "stack"),),
    )


def similar_panel() -> PlotPanel:
    """Return the panel of how near the words of the map are to one word."""
    return PlotPanel(
        id="word-similar",
        title="Who comes near the chosen word",
        width=6,
        height=420,
        help="The cosine of the chosen word with each word on the map: 1 where their vectors point the same way.",
        alt="Heatmap of the cosine of some words with one word over steps.",
        figure=_heatmap([-0.2, 1.0], "cosine", ".2f"),
        bindings=(Bind(0, "z", "similar", "stack"),),
    )


def loss_panel() -> PlotPanel:
    """Return the panel of the loss."""
    return PlotPanel(
        id="word-loss",
        title="Loss",
        width=6,
        height=260,
        help="How badly words tell their neighbours at a thousand places of the text, the same at every step; with "
        "GloVe, how badly vectors fit what was counted, at two thousand pairs of words.",
        alt="Curve of the loss over steps.",
        figure=figure_over_steps([curve("loss", TRAIN_COLOUR)], ""),
        bindings=(Bind(0, "y", "loss", "series"),),
        log=True,
    )


def score_panel() -> PlotPanel:
    """Return the panel of the share of all analogies that hold."""
    return PlotPanel(
        id="word-score",
        title="Analogies that hold",
        width=6,
        height=260,
        help="The share of all analogies asked, whatever their relation, that is answered with the right word.",
        alt="Curve of the share of right analogies over steps.",
        figure=figure_over_steps([curve("right", TRAIN_COLOUR)], "", yaxis={"range": [0, 1.03]}),
        bindings=(Bind(0, "y", "score", "series"),),
    )


def _heatmap(ends: list[float], name: str, form: str) -> dict[str, Any]:
    cells = {
        "type": "heatmap",
        "z": [],
        "zmin": ends[0],
        "zmax": ends[1],
        "colorscale": [list(stop) for stop in CIVIDIS],
        "colorbar": {"thickness": 10, "title": {"text": name, "side": "right"}, "outlinewidth": 0},
        "hovertemplate": f"step %{{x}}, %{{y}}: %{{z:{form}}}<extra></extra>",
    }
    return figure_over_steps([cells], "", yaxis={"type": "category", "automargin": True, "autorange": "reversed"})
