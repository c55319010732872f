"""The panels that the transformer lab has beside those of one sequence: what heads and places are for, scores of heads
over the steps, and how sums come to be understood.
"""

from collections.abc import Mapping

from engine.figures.attending import HEADS, Parts
from engine.figures.gradients import CIVIDIS, ROW_HEIGHT
from engine.figures.panel import Bind, PlotPanel, TensorPanel, TypePanel, WordsPanel
from engine.figures.style import TRAIN_COLOUR, VALIDATION_COLOUR, curve, figure, figure_over_steps

MOST_TYPED = 200

PLACES = {
    "learnt": "The vector that is added to that of the symbol at each place, a row for each: it is learnt.",
    "sinusoid": "The vector that is added to that of the symbol at each place, a row for each: waves, the first of "
    "which turn fast, the last ones hardly.",
    "rotary": "The cosine of the angle by which each pair of numbers of queries and keys is turned: a row for each "
    "place, a column for each pair.",
    "alibi": "What is taken off a score: a row for each head, a column for each number of places between who asks and "
    "who is asked.",
}


def type_panel(placeholder: str) -> TypePanel:
    """Return the field in which a person types a sequence; ``placeholder`` says what it may be."""
    return TypePanel(
        id="type",
        title="Your own sequence",
        width=12,
        height=110,
        help="What you type stands in all panels below in the place of the sequence that is looked at. For a symbol "
        "that was left out type _.",
        alt="A field for a sequence of your own.",
        words="next",
        most=MOST_TYPED,
        placeholder=placeholder,
    )


def example_panel() -> WordsPanel:
    """Return the panel that says what is asked in the sequence looked at, and what is told."""
    return WordsPanel(
        id="example",
        title="The sequence looked at",
        width=12,
        height=70,
        help="One of the validation sequences, by its number in the settings, or what is typed; the panels below are "
        "of it.",
        alt="What is read, what is asked, and what the net tells.",
        keys=("example", "knocked"),
    )


def knocked_panel(parts: Parts, blocks: int) -> TensorPanel:
    """Return the panel of what each head is for: what becomes worse without it."""
    both = {f"{part}.loss": f"{title}: loss" for part, title in parts.items()}
    both |= {f"{part}.right": f"{title}: probability of what is right" for part, title in parts.items()}
    return TensorPanel(
        id="knocked",
        title="Without this head",
        width=6,
        height=220,
        help="Each head is knocked out, one at a time: what it gathers is 0. Shown is by how much that changes the "
        "loss on sequences held out, or the mean probability of what is right.",
        alt="A table of blocks by heads: how the loss changes without each head.",
        array="knocked",
        tensors=tuple(both),
        names=tuple(both.values()),
        signed=True,
        rows=tuple(f"block {at}" for at in range(blocks)),
        columns=HEADS,
        axes=("block", "head"),
    )


def scores_panel(id: str, title: str, help: str, scalars: str, names: Mapping[str, str]) -> PlotPanel:
    """Return the panel of a score of each head over the steps: the scalars below ``scalars``, and what each is
    called.
    """
    rows = {"tickmode": "array", "tickvals": list(names), "ticktext": list(names.values())}
    heatmap = {
        "type": "heatmap",
        "z": [],
        "zmin": 0,
        "zmax": 1,
        "colorscale": [list(stop) for stop in CIVIDIS],
        "colorbar": {"thickness": 10, "outlinewidth": 0},
        "hovertemplate": "step %{x}, %{y}: %{z:.3f}<extra></extra>",
    }
    return PlotPanel(
        id=id,
        title=title,
        width=6,
        height=max(240, ROW_HEIGHT * len(names) + 60),
        help=help,
        alt=f"Heatmap over steps: {title.lower()}, a row for each head.",
        figure=figure_over_steps([heatmap], "", yaxis={"type": "category", "automargin": True} | rows),
        bindings=(Bind(0, "z", scalars, "stack"),),
    )


def places_panel(places: str) -> TensorPanel:
    """Return the panel of how places are told, in one of the ways that ``PLACES`` has."""
    return TensorPanel(
        id="places",
        title="How places are told",
        width=6,
        height=320,
        help=PLACES[places],
        alt="Heatmap of what tells the net its places.",
        array="places",
        tensors=("table",),
        signed=True,
    )


def weights_panel(tensors: tuple[str, ...], names: tuple[str, ...]) -> TensorPanel:
    """Return the panel of the weights, cell by cell, for one of ``tensors``."""
    return TensorPanel(
        id="weights",
        title="Weights of one tensor",
        width=6,
        height=240,
        help="The first cells of a tensor: a row for each output, place or symbol, a column for each of its inputs.",
        alt="The weights of the chosen tensor.",
        array="weights",
        tensors=tensors,
        names=names,
        signed=True,
    )


def grokking_panel() -> PlotPanel:
    """Return the panel of the accuracy on both halves, over steps that are ever longer."""
    halves = [curve("training", TRAIN_COLOUR), curve("validation", VALIDATION_COLOUR, line={"dash": "dot"})]
    drawn = figure(halves, "step", "", xaxis={"type": "log"}, yaxis={"range": [0, 1.03]})
    return PlotPanel(
        id="grokking",
        title="Known by heart, and understood",
        width=6,
        height=280,
        help="The accuracy on sums that are learnt and on those held out, with steps on a logarithmic scale: ten times "
        "as many take as much room as ten times as few.",
        alt="Curves of the training and the validation accuracy over the logarithm of the steps.",
        figure=drawn,
        bindings=(Bind(0, "y", "score", "series"), Bind(1, "y", "val_score", "series")),
    )


def fourier_panel() -> PlotPanel:
    """Return the panel of the spectrum of the numbers' vectors."""
    bars = {
        "type": "bar",
        "x": [],
        "y": [],
        "marker": {"color": TRAIN_COLOUR},
        "hovertemplate": "frequency %{x}: %{y:.3f}<extra></extra>",
    }
    drawn = figure([bars], "frequency", "share of all", yaxis={"rangemode": "tozero"})
    return PlotPanel(
        id="fourier",
        title="Waves in the vectors of the numbers",
        width=6,
        height=280,
        help="The vectors of the numbers from 0 up, as a sum of waves that come round at the prime: which share of all "
        "their size has each frequency. A net that computes needs a few; one that knows by heart has all.",
        alt="Bars: the share of each frequency in the embeddings.",
        figure=drawn,
        bindings=(Bind(0, "y", "fourier.share", "frame"), Bind(0, "x", "fourier.frequency", "frame")),
    )
