"""The gradient panels: how large gradients are in each layer and cell, how far they move the weights, who stays
silent.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from engine.figures.panel import Bind, Panel, PlotPanel, TensorPanel, WordsPanel
from engine.figures.style import CLASS_COLOURS, curve, figure_over_steps

# Cividis (Nuñez et al. 2018): even in lightness, the same with any colour vision.
CIVIDIS = ((0, "#00224e"), (0.25, "#434f6b"), (0.5, "#7d7c78"), (0.75, "#bcaf6f"), (1, "#fee838"))
GOOD_RATIO = 1e-3
MAP = "gradient_map"
"""The array of |dL/dp|, a tensor's name behind it."""
ROW_HEIGHT = 15
"""Pixels of a row of the sizes at least: the names of many would be written over each other."""

DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")

Titles = Mapping[str, str]
"""The layers, first to last: the name by which scalars call one (``layers.0``) -> what a person reads (``layer 1``)."""


def flow_panels(layers: Titles, cells: Panel | None = None, moved: Titles | None = None) -> tuple[Panel, ...]:
    """Return what every lab shows of how gradients flow through its net, and of what they do to its weights.

    ``cells`` shows single gradients, by itself those of the tensor ``<layer>.weight`` for each of ``layers``; ``moved``
    are the layers whose updates are told, by itself all.
    """
    weights = tuple(f"{layer}.weight" for layer in layers)
    return (
        words_panel(),
        size_panel(layers),
        cells or map_panel(weights, tuple(layers.values())),
        update_panel(layers if moved is None else moved),
    )


def words_panel() -> WordsPanel:
    """Return the panel that says in plain words how the gradients are."""
    return WordsPanel(
        id="gradient-words",
        title="Gradients in words",
        width=12,
        height=40,
        help="The worst found at this step: broken, exploding, blocked, dead, vanishing, saturated, restless; or fine.",
        alt="A sentence about the gradients at the step shown.",
        keys=("gradients",),
    )


def size_panel(titles: Titles) -> PlotPanel:
    """Return the panel of the gradients' sizes: layers by steps."""
    rows = {"tickmode": "array", "tickvals": list(titles), "ticktext": list(titles.values())}
    heatmap = {
        "type": "heatmap",
        "z": [],
        "colorscale": [list(stop) for stop in CIVIDIS],
        "colorbar": {"thickness": 10, "title": {"text": "log₁₀", "side": "right"}, "outlinewidth": 0},
        "hovertemplate": "step %{x}, %{y}: 10^%{z:.2f}<extra></extra>",
    }
    return PlotPanel(
        id="gradient-size",
        title="Gradient in each layer",
        width=6,
        height=max(240, ROW_HEIGHT * len(titles) + 60),
        help="The root mean square of dL/dW over the cells of each layer's weights, as a power of ten.",
        alt="Heatmap of the size of the gradient in each layer over steps.",
        figure=figure_over_steps([heatmap], "", yaxis={"type": "category", "automargin": True} | rows),
        bindings=(Bind(0, "z", "gradient", "stack", "log10"),),
    )


def map_panel(tensors: tuple[str, ...], names: tuple[str, ...] = ()) -> TensorPanel:
    """Return the panel of |dL/dp| cell by cell, for one of ``tensors``, which may have ``names`` of their own."""
    return TensorPanel(
        id="gradient-map",
        title="Gradient of one tensor",
        width=6,
        height=240,
        help="|dL/dp| for every cell of a tensor: a row for each unit, a column for each of its inputs.",
        alt="The absolute gradient of each cell of the chosen tensor.",
        array=MAP,
        tensors=tensors,
        names=names,
    )


def update_panel(titles: Titles) -> PlotPanel:
    """Return the panel of the update-to-weight ratios, with the line at which they are about right."""
    panel = figure_over_steps(_layer_curves(titles.values()), "|ΔW| / |W|", yaxis={"type": "log"})
    panel["layout"]["shapes"] = [
        {
            "type": "line",
            "xref": "paper",
            "x0": 0,
            "x1": 1,
            "y0": GOOD_RATIO,
            "y1": GOOD_RATIO,
            "line": {"color": "#999999", "width": 1, "dash": "dash"},
        }
    ]
    return PlotPanel(
        id="update-ratio",
        title="Update against weight",
        width=6,
        height=240,
        help="How far a step moves the weights of a layer, against their size; about 1/1000 (dashed) is healthy.",
        alt="Curves of the update-to-weight ratio of each layer over steps.",
        figure=panel,
        bindings=_layer_bindings("update", titles),
        smoothing=True,
    )


def units_panel(titles: Titles) -> PlotPanel:
    """Return the panel of the shares of dead and of saturated units in each hidden layer."""
    dead = _layer_curves(f"dead {title}" for title in titles.values())
    saturated = _layer_curves((f"saturated {title}" for title in titles.values()), dash="dot")
    return PlotPanel(
        id="units",
        title="Dead and saturated units",
        width=6,
        height=240,
        help="Dead (solid): silent on every training point. Saturated (dotted): the share of outputs at a flat end.",
        alt="Curves of the share of dead and of saturated units of each hidden layer over steps.",
        figure=figure_over_steps([*dead, *saturated], "share", yaxis={"range": [-0.02, 1.05]}),
        bindings=(*_layer_bindings("dead", titles), *_layer_bindings("saturated", titles, first=len(titles))),
    )


def _dash(index: int) -> str:
    """Return how a curve is dashed: where there are more of them than colours, each colour comes in other dashes."""
    return DASHES[index // len(CLASS_COLOURS) % len(DASHES)]


def _layer_curves(names: Iterable[str], dash: str = "") -> list[dict[str, Any]]:
    return [
        curve(name, CLASS_COLOURS[index % len(CLASS_COLOURS)], line={"width": 1.6, "dash": dash or _dash(index)})
        for index, name in enumerate(names)
    ]


def _layer_bindings(what: str, layers: Iterable[str], first: int = 0) -> tuple[Bind, ...]:
    return tuple(Bind(first + index, "y", f"{what}.{layer}", "series") for index, layer in enumerate(layers))
