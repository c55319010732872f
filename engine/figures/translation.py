"""The panels of a translating net: where it looks as it writes, what it takes from there, how good it is."""

from collections.abc import Mapping

from engine.figures.panel import Bind, PlotPanel, TensorPanel, TypePanel, WordsPanel
from engine.figures.style import TRAIN_COLOUR, VALIDATION_COLOUR, curve, figure, figure_over_steps

MOST_TYPED = 200


def type_panel(example: str) -> TypePanel:
    """Return the field in which a person types what is to be translated, such as ``example``."""
    return TypePanel(
        id="type",
        title="Your own source",
        width=12,
        height=110,
        help="Type what is to be translated: the panels below show what the net writes, and where it looks.",
        alt="A field for a text to be translated.",
        words="told",
        most=MOST_TYPED,
        placeholder=example,
    )


def written_panel() -> WordsPanel:
    """Return the panel that tells the pair looked at and what is written for it."""
    return WordsPanel(
        id="written",
        title="What it writes",
        width=12,
        height=100,
        help="The pair looked at is one that was held out, see the settings under Watching; or what you typed. The net "
        "writes by itself, in the way that the settings under Writing say. Below: how many pairs there are, and what "
        "of a file of yours is not among them.",
        alt="The source looked at, what the net writes for it, and what is asked for.",
        keys=("pair", "written_text", "pairs"),
    )


def alignment_panel(heads: Mapping[str, str]) -> TensorPanel:
    """Return the heatmap of where the net looks, for one of its ``heads``."""
    return TensorPanel(
        id="alignment",
        title="Alignment",
        width=6,
        height=360,
        help="A row for each symbol written, a column for each symbol read: how much of what the net took came from "
        "there. Each row sums to 1. ⏎ is the end of a text, ␣ a blank.",
        alt="Heatmap of the attention of each symbol written to each symbol read.",
        array="alignment",
        tensors=tuple(heads),
        names=tuple(heads.values()),
        rows="written",
        columns="read",
        axes=("symbol written", "symbol read"),
        why=("unattended",),
    )


def energies_panel(heads: Mapping[str, str]) -> TensorPanel:
    """Return the heatmap of the energies, for one of the ``heads``."""
    return TensorPanel(
        id="energies",
        title="Energies",
        width=6,
        height=360,
        help="The same before the softmax: how well each symbol read fits what the net asks for. In each row only "
        "differences count: e to the power of the difference of two is how much more is taken from one than from the "
        "other.",
        alt="Heatmap of the energies of each symbol written for each symbol read.",
        array="energies",
        tensors=tuple(heads),
        names=tuple(heads.values()),
        signed=True,
        rows="written",
        columns="read",
        axes=("symbol written", "symbol read"),
        why=("unattended",),
    )


def context_panel(contexts: Mapping[str, str]) -> TensorPanel:
    """Return the heatmap of what was taken from the source."""
    return TensorPanel(
        id="context",
        title="Context",
        width=6,
        height=300,
        help="What the net has of the source as it writes each symbol, a row for each number of it: with attention the "
        "mean of what stands at the symbols read, weighted by the alignment; without, the same at every step.",
        alt="Heatmap of the context vector at each symbol written.",
        array="context",
        tensors=tuple(contexts),
        names=tuple(contexts.values()),
        signed=True,
        columns="written",
        axes=("number", "symbol written"),
        why=("untaken",),
    )


def length_panel(symbols: str) -> PlotPanel:
    """Return the bars of the share that is right, by the length of what is read in ``symbols``."""
    bars = {
        "type": "bar",
        "name": "right",
        "x": [],
        "y": [],
        "customdata": [],
        "marker": {"color": TRAIN_COLOUR},
        "hovertemplate": "%{x} read: %{y:.0%} of %{customdata} right<extra></extra>",
    }
    drawn = figure([bars], f"{symbols} read", "", yaxis={"range": [0, 1.03]})
    drawn["layout"]["showlegend"] = False
    return PlotPanel(
        id="by-length",
        title="Right, by length",
        width=6,
        height=300,
        help=f"The share of the pairs held out that are written without a fault, by how many {symbols} are read. A net "
        "that has to press the source into one vector forgets what is long.",
        alt="Bars of the share of pairs that are right, for each length of the source.",
        figure=drawn,
        bindings=(
            Bind(0, "y", "by_length.share"),
            Bind(0, "x", "by_length.steps"),
            Bind(0, "customdata", "by_length.count"),
        ),
    )


def exact_panel() -> PlotPanel:
    """Return the panel of the share of pairs that are written without a fault."""
    return PlotPanel(
        id="score",
        title="Without a fault",
        width=6,
        height=260,
        help="The share of the pairs that the net writes right from beginning to end, by itself.",
        alt="Curves over steps of the share of pairs written without a fault.",
        figure=figure_over_steps(_halves(), "", yaxis={"range": [0, 1.03]}),
        bindings=(Bind(0, "y", "score", "series"), Bind(1, "y", "val_score", "series")),
        smoothing=True,
        spread=("score", "val_score"),
    )


def symbols_panel() -> PlotPanel:
    """Return the panel of the share of symbols that are right."""
    return PlotPanel(
        id="symbols",
        title="Right symbols",
        width=6,
        height=260,
        help="The share of the symbols that the net tells right where all those before them are shown to it.",
        alt="Curves over steps of the share of symbols that are right.",
        figure=figure_over_steps(_halves(), "", yaxis={"range": [0, 1.03]}),
        bindings=(Bind(0, "y", "symbols", "series"), Bind(1, "y", "val_symbols", "series")),
        smoothing=True,
        spread=("symbols", "val_symbols"),
    )


def weights_panel(matrices: Mapping[str, str]) -> TensorPanel:
    """Return the panel of the weights, cell by cell, for one of the ``matrices``: their names, what they are called."""
    return TensorPanel(
        id="weights",
        title="Weights of one tensor",
        width=6,
        height=240,
        help="The first cells of a tensor: a row for each unit or symbol, a column for each of its inputs.",
        alt="The weights of the chosen tensor.",
        array="weights",
        tensors=tuple(f"{name}.weight" for name in matrices),
        names=tuple(matrices.values()),
        signed=True,
    )


def _halves() -> list[dict]:
    return [curve("training", TRAIN_COLOUR), curve("validation", VALIDATION_COLOUR, line={"dash": "dot"})]
