"""The panels of a net for images: its kernels, its feature maps, the image looked at, and the mistakes it makes."""

from collections.abc import Sequence

from engine.figures.gradients import map_panel
from engine.figures.panel import Bind, DrawPanel, Panel, PlotPanel, TilesPanel
from engine.figures.style import TRAIN_COLOUR, figure
from engine.nets.images.plan import Plan, title

MOST_MAPS = 256
"""Maps of a layer that are drawn: the first. Of the nets that are offered no layer has more."""
MOST_KERNELS = (16, 16)
MOST_CELLS = (64, 64)
"""Units and inputs of a large matrix that are drawn: the first."""
PEN, THIN_PEN = 0.14, 0.07
"""Widths of the pen: of nets that have learnt handwritten digits most are right about drawings in the first."""
FIT = 22 / 28
"""The larger side of a glyph in the images that are learnt, as a share of theirs."""
ONE_OF = "Of a large layer the first are drawn"


def draw_panel(side: int, channels: int, *, written: bool) -> DrawPanel:
    """Return the easel for images of ``side`` pixels each way; ``written`` are bright glyphs in the middle, on dark."""
    return DrawPanel(
        id="draw",
        title="Draw, and the net looks at it",
        width=6,
        height=300,
        help=(
            "While something is drawn here, the picture, the probabilities and the feature maps below are of it, and "
            "not of the image looked at: for you alone, and without any change to what is learnt. Clear ends that."
        ),
        alt="A pad to draw on.",
        side=side,
        channels=channels,
        pen=PEN if written else THIN_PEN,
        fit=FIT,
        centred=written,
        bright=written,
        words="watched",
    )


def image_panel() -> TilesPanel:
    """Return the panel of the image that is looked at."""
    return TilesPanel(
        id="image",
        title="The image looked at",
        width=6,
        height=316,
        help="One of the images held out, by its number in the settings; the feature maps are those of it.",
        alt="The image that is looked at.",
        arrays=("image.pixels",),
        names=("image",),
        pictures=True,
        single=True,
        captions="watched",
    )


def prediction_panel(classes: Sequence[str]) -> PlotPanel:
    """Return the panel of the probabilities that the net gives to each class for the image looked at."""
    bars = {
        "type": "bar",
        "x": list(classes),
        "y": [],
        "marker": {"color": TRAIN_COLOUR},
        "hovertemplate": "%{x}: %{y:.4f}<extra></extra>",
    }
    return PlotPanel(
        id="prediction",
        title="What the net predicts",
        width=12,
        height=180,
        help="The probability of each class: the softmax of the last layer's sums.",
        alt="Bars of the probability of each class for the image looked at.",
        figure=figure([bars], "", "", xaxis={"type": "category", "dtick": 1}, yaxis={"range": [0, 1.03]}),
        bindings=(Bind(0, "y", "image.probabilities"),),
    )


def maps_panel(plan: Plan) -> TilesPanel:
    """Return the panel of the feature maps of each layer for the image looked at."""
    return TilesPanel(
        id="maps",
        title="Feature maps",
        width=12,
        height=320,
        help=f"What each layer makes of the image looked at: all its maps, or the first {MOST_MAPS}.",
        alt="The feature maps of the chosen layer for the image looked at.",
        arrays=tuple(f"maps.{layer}" for layer in plan.drawn),
        names=tuple(title(layer) for layer in plan.drawn),
        low="maps_low",
        high="maps_high",
    )


def kernel_panels(plan: Plan) -> list[Panel]:
    """Return the panels of the kernels and of their gradients; none where nothing convolves."""
    if not plan.kernels:
        return []
    first = f"{ONE_OF}: {MOST_KERNELS[0]} units and inputs."
    kernels = TilesPanel(
        id="kernels",
        title="Filters",
        width=6,
        height=340,
        help=f"The kernels of a layer: a row for each unit, a tile for each of its inputs. {first}",
        alt="The kernels of the chosen layer.",
        arrays=tuple(f"weights.{layer}.weight" for layer in plan.kernels),
        names=tuple(title(layer) for layer in plan.kernels),
        signed=True,
    )
    gradients = TilesPanel(
        id="kernel-gradients",
        title="Gradient of the filters",
        width=6,
        height=340,
        help=f"|dL/dw| of each number of the kernels: what this step asks to change. {first}",
        alt="The absolute gradient of each number of the chosen layer's kernels.",
        arrays=tuple(f"gradient_map.{layer}.weight" for layer in plan.kernels),
        names=tuple(title(layer) for layer in plan.kernels),
    )
    return [kernels, gradients]


def matrix_panel(plan: Plan) -> Panel:
    """Return the panel of the gradients of dense layers, cell by cell."""
    return map_panel(tuple(f"{layer}.weight" for layer in plan.matrices))


def batch_panel() -> TilesPanel:
    """Return the wall of the images of a step's batch, as the net learns them."""
    return TilesPanel(
        id="batch",
        title="This step's batch",
        width=12,
        height=180,
        help="The first images of the batch that this step learns from, changed by what the augmentation is set to.",
        alt="Images of the batch of the step shown, with their labels.",
        arrays=("batch.pixels",),
        names=("batch",),
        pictures=True,
        captions="batch",
    )


def mistakes_panel() -> TilesPanel:
    """Return the wall of the worst mistakes on images held out."""
    return TilesPanel(
        id="mistakes",
        title="Worst mistakes",
        width=6,
        height=300,
        help="Images held out that are predicted wrongly, the largest loss first; in brackets how sure the net is.",
        alt="Images that are predicted wrongly, with what is predicted and what they are.",
        arrays=("mistakes.pixels",),
        names=("mistakes",),
        pictures=True,
        captions="mistakes",
        empty="Of the images looked at none is predicted wrongly.",
    )


def suspects_panel() -> TilesPanel:
    """Return the wall of training images whose labels may be wrong."""
    return TilesPanel(
        id="suspects",
        title="Suspected labels",
        width=6,
        height=300,
        help=(
            "Training images whose labels the net believes least. What is learnt by heart later is odd at first: look "
            "early in the training."
        ),
        alt="Training images of which the net predicts another class than their labels say.",
        arrays=("suspects.pixels",),
        names=("suspects",),
        pictures=True,
        captions="suspects",
        empty="Of the training images looked at the net predicts all as their labels say.",
    )
