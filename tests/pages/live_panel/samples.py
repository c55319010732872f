"""Panels, readings and scalars out of formulas, for tests that must know what the live panel ought to show."""

import math

import numpy as np

from engine.figures.panel import (
    Bind,
    Key,
    NetworkPanel,
    Panel,
    PlotPanel,
    TablePanel,
    TensorPanel,
    TilesPanel,
    TypePanel,
    UnrolledPanel,
    WordsPanel,
)

GRID = 50
MAP = 24
UNITS = (4, 8, 8, 6, 1)
LAYERS = len(UNITS) - 1
SCALARS = (
    *("loss", "val_loss", "score", "val_score", "batch_loss", "learning_rate", "epoch"),
    *(f"gradient.layers.{layer}" for layer in range(LAYERS)),
    *(f"update.layers.{layer}" for layer in range(LAYERS)),
)
FILTERS = {"c1": (6, 1, 5, 5), "c3": (8, 6, 5, 5)}
MAPS = {"c1": (6, 24, 24), "c3": (16, 8, 8), "f5": (40,)}
INPUTS = ("x", "y", "x squared", "sin y")
HOSTILE = "<img src=x onerror='window.hacked=true'>"


def scalars_at(step: int) -> np.ndarray:
    """Return the scalars of a step, (columns,) float64."""
    noise = 0.05 * math.sin(step * 12.9898)
    loss = 0.7 * math.exp(-step / 600) + 0.05 + 0.3 * noise
    gradients = [10.0 ** (-1 - layer / 2 + noise) * math.exp(-step / 2000) for layer in range(LAYERS)]
    updates = [10.0 ** (-3 + layer / 4 + noise) for layer in range(LAYERS)]
    return np.array([loss, loss * 1.15, 1 - loss / 1.6, 1 - loss / 1.45, loss, 0.03, step / 13, *gradients, *updates])


def boundary_at(step: int) -> np.ndarray:
    """Return the boundary of a step, (GRID, GRID) float32: a wave that turns, its first cell the step / 1e6."""
    axis = np.linspace(-6, 6, GRID, dtype=np.float32)
    x, y = np.meshgrid(axis, axis)
    angle = step / 400
    value = 1 / (1 + np.exp(-3 * np.sin(x * math.cos(angle) + y * math.sin(angle))))
    value[0, 0] = step / 1e6
    return value.astype(np.float32)


def opening() -> dict[str, np.ndarray]:
    """Return the arrays of the opening."""
    points = np.random.default_rng(7).uniform(-6, 6, (4, 100)).astype(np.float32)
    axis = np.linspace(-6, 6, GRID, dtype=np.float32)
    return {
        "axis.x": axis,
        "axis.y": axis,
        "points.train_x": points[0],
        "points.train_y": points[1],
        "points.train_label": (points[0] > 0).astype(np.float32),
        "points.validation_x": points[2],
        "points.validation_y": points[3],
        "points.validation_label": (points[2] > 0).astype(np.float32),
        "network.units": np.array(UNITS, dtype=np.int32),
    }


def sample_frame(step: int) -> dict[str, np.ndarray]:
    """Return the arrays of the frame of a step."""
    arrays = {"scalars": scalars_at(step), "boundary.value": boundary_at(step)}
    axis = np.linspace(-6, 6, MAP)
    x, y = np.meshgrid(axis, axis)
    turns = [step / 300 + unit for unit in range(sum(UNITS))]
    maps = np.stack([127.5 + 127.4 * np.sin(x * math.cos(turn) + y * math.sin(turn)) for turn in turns])
    arrays["neurons.maps"] = maps.astype(np.uint8)
    arrays["neurons.low"] = np.full(len(turns), -1, np.float32)
    arrays["neurons.high"] = np.full(len(turns), 1, np.float32)
    for layer in range(LAYERS):
        shape = (UNITS[layer + 1], UNITS[layer])
        weight = np.sin(np.arange(shape[0] * shape[1]) * (1.3 + layer) + step / 500).reshape(shape).astype(np.float32)
        arrays[f"weights.layers.{layer}.weight"] = weight
        arrays[f"weights.layers.{layer}.bias"] = weight[:, 0].copy()
        arrays[f"gradient_map.layers.{layer}.weight"] = np.abs(weight) / 10
    arrays |= tiles_at(step)
    right = 90 + min(9, step // 200)
    arrays["confusion.validation"] = np.array([[right, 100 - right], [12, 88]], np.int32)
    arrays["confusion.scores"] = np.array([[0.9, 0.91, 0.905], [0.88, 0.87, 0.875]], np.float32)
    return arrays


def tiles_at(step: int) -> dict[str, np.ndarray]:
    """Return the arrays of the panels of tiles: filters, feature maps in levels, and from none to three pictures."""
    arrays: dict[str, np.ndarray] = {}
    for layer, shape in FILTERS.items():
        count = math.prod(shape)
        wave = np.sin(np.arange(count) * 0.37 + step / 300) * np.linspace(0.2, 1, count)
        arrays[f"filters.features.{layer}.weight"] = wave.reshape(shape).astype(np.float32)
    for layer, shape in MAPS.items():
        levels = np.arange(math.prod(shape)) * 7 + step
        arrays[f"maps.features.{layer}"] = (levels % 256).astype(np.uint8).reshape(shape)
        arrays[f"maps_low.features.{layer}"] = -np.linspace(0, 2, shape[0], dtype=np.float32)
        arrays[f"maps_high.features.{layer}"] = np.linspace(1, 5, shape[0], dtype=np.float32) + np.float32(step / 1000)
    count = pictures_at(step)
    levels = np.arange(count * 28 * 28) * 5 + step
    arrays["mistakes.pictures"] = (levels % 256).astype(np.uint8).reshape(count, 28, 28, 1)
    arrays["walls.pictures"] = (np.arange(4 * 32 * 32 * 3) * 3 % 256).astype(np.uint8).reshape(4, 32, 32, 3)
    return arrays


def pictures_at(step: int) -> int:
    """Return how many pictures a frame has."""
    return step // 10 % 4


def captions_at(step: int) -> str:
    """Return the captions of its pictures, a line for each."""
    return "\n".join(f"{digit} taken for {digit + 2}, {90 - digit} %" for digit in range(pictures_at(step)))


def tiles_panels() -> tuple[TilesPanel, ...]:
    """Return a panel of each form of tiles."""
    filters = tuple(f"filters.features.{layer}.weight" for layer in FILTERS)
    maps = tuple(f"maps.features.{layer}" for layer in MAPS)
    return (
        TilesPanel("filters", "Filters", 6, 320, "A tile per kernel.", "Filters.", filters, ("C1", "C3"), signed=True),
        TilesPanel(
            "maps", "Feature maps", 6, 320, "A tile per channel.", "Feature maps.", maps, ("C1", "C3", "F5"),
            low="maps_low", high="maps_high",
        ),
        TilesPanel(
            "mistakes", "Worst mistakes", 6, 220, "The surest first.", "Images.", ("mistakes.pictures",),
            pictures=True, captions="captions", empty="Nothing is mistaken.",
        ),
        TilesPanel("walls", "Wall", 6, 220, "Colours.", "Images in colour.", ("walls.pictures",), pictures=True),
    )  # fmt: skip


def sample_panels() -> tuple[Panel, ...]:
    """Return one panel of each kind and some more plots, as the playground has them."""
    weights = tuple(f"weights.layers.{layer}.weight" for layer in range(LAYERS))
    tensors = tuple(f"layers.{layer}.weight" for layer in range(LAYERS))
    return (
        boundary_panel(),
        NetworkPanel("network", "Network", 7, 440, "A map per neuron.", "The net with its weights.", weights, INPUTS),
        curve_panel("loss", "Loss", ("loss", "val_loss")),
        curve_panel("score", "Score", ("score", "val_score")),
        WordsPanel("words", "In plain words", 4, 96, "What the probes say.", "The gradients in words.", ("gradients",)),
        curve_panel("gradients", "Gradient per layer", tuple(f"gradient.layers.{layer}" for layer in range(LAYERS)), 4),
        stack_panel(),
        TensorPanel("map", "Gradient map", 4, 260, "|dL/dp|.", "A cell per weight.", "gradient_map", tensors),
        TensorPanel("weights", "Weights", 4, 260, "Weights.", "A cell per weight.", "weights", tensors, signed=True),
        TablePanel(
            "confusion", "Confusion", 4, 160, "Rows are true.", "Confusion matrix with scores.",
            ("confusion.validation", "confusion.scores"), ("class 0", "class 1"),
            ("class 0", "class 1", "precision", "recall", "F1"), "true, told",
        ),
        *tiles_panels(),
    )  # fmt: skip


def hostile_panels() -> tuple[Panel, ...]:
    """Return panels whose every name is an attack."""
    return (
        WordsPanel("words", HOSTILE, 4, 96, HOSTILE, HOSTILE, ("gradients",)),
        NetworkPanel("network", HOSTILE, 8, 300, HOSTILE, HOSTILE, ("weights.layers.0.weight",), (HOSTILE,) * 4),
        TablePanel("confusion", HOSTILE, 6, 160, "", "", ("confusion.validation",), (HOSTILE,) * 2, (HOSTILE,) * 2),
        TensorPanel("map", HOSTILE, 6, 200, "", "", "gradient_map", ("layers.0.weight", HOSTILE)),
        TensorPanel(
            "hidden", HOSTILE, 6, 200, HOSTILE, HOSTILE, "hidden", ("rnn.0", HOSTILE),
            names=(HOSTILE, HOSTILE), rows=(HOSTILE,), columns="read",
        ),
        UnrolledPanel(
            "unrolled", HOSTILE, 6, 200, HOSTILE, HOSTILE, "unrolled.state", "unrolled.gradient",
            "read", "guess", (HOSTILE,) * 2,
        ),
        TypePanel("type", HOSTILE, 6, 120, HOSTILE, HOSTILE, "told", placeholder=HOSTILE),
        TilesPanel("filters", HOSTILE, 6, 200, "", "", ("filters.features.c1.weight", HOSTILE), (HOSTILE, HOSTILE)),
        TilesPanel(
            "walls", HOSTILE, 6, 200, HOSTILE, HOSTILE, ("walls.pictures",), (HOSTILE,),
            pictures=True, captions="gradients", empty=HOSTILE,
        ),
    )  # fmt: skip


def boundary_panel() -> PlotPanel:
    """Return the boundary with the points of both sets."""
    scale = [[0, "#0072b2"], [0.5, "#f5f3ee"], [1, "#d55e00"]]
    marker = {"size": 6, "cmin": 0, "cmax": 1, "colorscale": scale, "line": {"width": 1, "color": "paper"}}
    diamond = {**marker, "symbol": "diamond", "line": {"width": 1, "color": "ink"}}
    figure = {
        "data": [
            {"type": "heatmap", "colorscale": scale, "zmin": 0, "zmax": 1, "showscale": False, "zsmooth": False},
            {"type": "scatter", "mode": "markers", "name": "training", "marker": marker},
            {"type": "scatter", "mode": "markers", "name": "validation", "marker": diamond},
        ],
        "layout": {
            "margin": {"l": 40, "r": 16, "t": 8, "b": 32},
            "xaxis": {"range": [-6, 6]},
            "yaxis": {"range": [-6, 6]},
            "showlegend": False,
        },
    }
    points = [
        Bind(trace, attribute, f"points.{part}_{name}", "opening")
        for trace, part in ((1, "train"), (2, "validation"))
        for attribute, name in (("x", "x"), ("y", "y"), ("marker.color", "label"))
    ]
    binds = (
        Bind(0, "z", "boundary.value"),
        Bind(0, "x", "axis.x", "opening"),
        Bind(0, "y", "axis.y", "opening"),
        *points,
    )
    key = Key(("#0072b2", "#d55e00"), ("class 0", "class 1"))
    return PlotPanel(
        "boundary", "Boundary", 5, 440, "What the net says.", "A map of the plane.", figure, binds, key=key
    )


def curve_panel(name: str, title: str, scalars: tuple[str, ...], width: int = 6) -> PlotPanel:
    """Return curves of scalars over steps."""
    colours = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")
    figure = {
        "data": [
            {"type": "scatter", "mode": "lines", "name": scalar, "line": {"color": colours[index % 4], "width": 1.75}}
            for index, scalar in enumerate(scalars)
        ],
        "layout": {"margin": {"l": 48, "r": 16, "t": 8, "b": 32}, "legend": {"orientation": "h", "y": 1.12}},
    }
    binds = tuple(Bind(index, "y", scalar, "series") for index, scalar in enumerate(scalars))
    return PlotPanel(name, title, width, 260, "Over the steps.", f"{title} over the steps.", figure, binds, True, True)


def stack_panel() -> PlotPanel:
    """Return a heatmap of layers over steps."""
    figure = {
        "data": [{"type": "heatmap", "colorscale": "Cividis", "colorbar": {"thickness": 8}}],
        "layout": {"margin": {"l": 64, "r": 16, "t": 8, "b": 32}},
    }
    binds = (Bind(0, "z", "update", "stack", "log10"),)
    return PlotPanel("update", "Update to weight ratio", 4, 260, "log10.", "Layers over steps.", figure, binds)
