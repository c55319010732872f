"""The panels of a transformer: who looks where, the numbers of one head, the stream, what heads and places are for.

They show what ``engine.probes.attending`` reads of any transformer, and what labs add to it.
"""

from collections.abc import Mapping, Sequence

from engine.figures.gradients import CIVIDIS, ROW_HEIGHT
from engine.figures.panel import Bind, Panel, PlotPanel, TensorPanel, TilesPanel, TypePanel, WordsPanel
from engine.figures.style import TRAIN_COLOUR, VALIDATION_COLOUR, curve, figure, figure_over_steps

MOST_TYPED = 200
READ, GIVEN, ASKING, ASKED, HEADS = "read", "given", "asking", "asked", "heads"
"""Keys of words: what is read at each place of the stream; what is given to an encoder beside it; what stands at those
places that ask with the chosen head, and at those asked; the heads of a block.
"""

PLACES = {
    "learnt": "The vector that is added to that of the symbol at each place, a row for each: it is learnt.",
    "sinusoid": "The vector that is added to that of the symbol at each place, a row for each: waves, the first of "
    "which turn fast, the last ones hardly.",
    "rotary": "The cosine of the angle by which each pair of numbers of queries and keys is turned: a row for each "
    "place, a column for each pair.",
    "alibi": "What is taken off a score: a row for each head, a column for each number of places between who asks and "
    "who is asked.",
}

ONE_STACK: Mapping[str, str] = {"all": "all blocks"}
"""The stacks through which attention is followed, of a net that has one; see ``rollout_panel``."""

Parts = Mapping[str, str]
"""The parts that attend: the name that arrays have for one (``decoder.crossed``) -> what a person reads."""


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
        help="One of those held out, by its number in the settings, or what is typed; the panels below are of it.",
        alt="What is read, what is asked, and what the net tells.",
        keys=("example", "knocked"),
    )


def heads_panel(parts: Parts) -> TilesPanel:
    """Return the panel of all patterns: a row for each block, a tile for each head."""
    return TilesPanel(
        id="heads",
        title="Who looks where: all heads",
        width=6,
        height=360,
        help="A row for each block, numbered from 0, a picture for each head: its rows are the places that ask, its "
        "columns those that are asked, and the attention weights of each row add up to 1.",
        alt="Small heatmaps of the attention weights of all heads, blocks below each other.",
        arrays=tuple(f"patterns.{part}" for part in parts),
        names=tuple(parts.values()),
    )


def slopes_panel(parts: Parts) -> TilesPanel:
    """Return the panel of the gradient of one sum by all attention weights."""
    return TilesPanel(
        id="slopes",
        title="What the weights are worth: gradients",
        width=6,
        height=360,
        help="The same places, coloured by how much the sum of the likeliest symbol at the chosen place would change "
        "with each attention weight. Where a weight is large and this is 0, the net looks, and nothing comes of it.",
        alt="Small heatmaps of the gradient of one sum by the attention weights of all heads.",
        arrays=tuple(f"pattern_slopes.{part}" for part in parts),
        names=tuple(parts.values()),
        signed=True,
    )


def head_panel() -> TensorPanel:
    """Return the panel of one head over its places: from scores to weights."""
    return TensorPanel(
        id="head",
        title="One head",
        width=6,
        height=420,
        help="The head that is chosen under Watching: a row for each place that asks, a column for each that is "
        "asked. From scores over the mask to weights; and how much the chosen sum would change with each weight.",
        alt="Heatmap of one head: attention weights, scores, or gradients.",
        array="head",
        tensors=("pattern", "scores", "masked", "slope"),
        names=("attention weights", "scores", "scores behind the mask", "gradient"),
        signed=True,
        rows=ASKING,
        columns=ASKED,
    )


def token_panel() -> WordsPanel:
    """Return the panel in which one place's attention is written out."""
    return WordsPanel(
        id="token",
        title="One place asks, with all numbers",
        width=6,
        height=300,
        help="The largest attention weights of the chosen place: query times key, divided by the root of their size, "
        "then the softmax over all places that it may see.",
        alt="The attention of one place, written out.",
        keys=("token",),
    )


def queries_panel() -> TensorPanel:
    """Return the panel of what places ask for, and what they gather."""
    return TensorPanel(
        id="queries",
        title="What places ask for, and gather",
        width=6,
        height=300,
        help="The chosen head's query of each place, a column of numbers; and what each has gathered: the values of "
        "all places, times the attention weights.",
        alt="Heatmap of queries, or of what was gathered: numbers by places.",
        array="head",
        tensors=("query", "gathered"),
        names=("queries", "gathered"),
        signed=True,
        columns=ASKING,
    )


def keys_panel() -> TensorPanel:
    """Return the panel of what places answer to, and hand out."""
    return TensorPanel(
        id="keys",
        title="What places answer to, and hand out",
        width=6,
        height=300,
        help="The chosen head's key of each place, which queries are multiplied with, and its value, which is handed "
        "to whoever looks there.",
        alt="Heatmap of keys, or of values: numbers by places.",
        array="head",
        tensors=("key", "value"),
        names=("keys", "values"),
        signed=True,
        columns=ASKED,
    )


def stream_panel(levels: Sequence[str]) -> TensorPanel:
    """Return the panel of how long the vectors of the stream are; ``levels`` are called so, the lowest first."""
    return TensorPanel(
        id="stream",
        title="The stream",
        width=6,
        height=_high(levels),
        help="How long the vector at each place is, at each level of the stream that all blocks read and add to; and "
        "how long the step is from the level below.",
        alt="Heatmap of the lengths of the stream's vectors: levels by places.",
        array="stream",
        tensors=("length", "added"),
        names=("length", "length of the step"),
        rows=tuple(levels),
        columns=READ,
    )


def lens_panel(levels: Sequence[str]) -> TensorPanel:
    """Return the panel of the logit lens."""
    return TensorPanel(
        id="lens",
        title="What it would tell at each level",
        width=6,
        height=_high(levels),
        help="The logit lens: the output layer applied to each level of the stream, as if the blocks above were not "
        "there. The likeliest symbol stands in each cell, its probability is the colour.",
        alt="Heatmap of the probability of the symbol that would be told: levels by places.",
        array="stream",
        tensors=("probability",),
        rows=tuple(levels),
        columns=READ,
        texts="lens",
    )


def patch_panel(levels: Sequence[str]) -> TensorPanel:
    """Return the panel of activations patched in from another sequence."""
    return TensorPanel(
        id="patched",
        title="Where the answer is: patches",
        width=6,
        height=_high(levels),
        help="The vector at each place and level is replaced by that of another sequence, one at a time. 1: that alone "
        "brings the other's answer; 0: it changes nothing.",
        alt="Heatmap of how far a patch brings the other sequence's answer: levels by places.",
        array="stream",
        tensors=("restored",),
        signed=True,
        rows=tuple(levels),
        columns=READ,
    )


def patch_words_panel() -> WordsPanel:
    """Return the panel that tells what was asked of both sequences, and which sum gradients are of."""
    return WordsPanel(
        id="asked-of",
        title="What gradients and patches are about",
        width=6,
        height=60,
        help="The likeliest symbol at the chosen place: its sum is what gradients are of. Patches bring the likeliest "
        "symbol of the other sequence.",
        alt="Which symbols gradients and patches are about.",
        keys=("logit", "patched"),
    )


def rollout_panel(name: str, called: str) -> TensorPanel:
    """Return the panel of the rollout of one stack; that which tells is called ``all``, one beside it ``encoder``."""
    tokens = READ if name == "all" else GIVEN
    return TensorPanel(
        id="rollout" if name == "all" else f"{name}-rollout",
        title=f"Attention through {called.lower()}: rollout",
        width=6,
        height=420,
        help="By how much each place, a row, is made of each symbol read, a column, if attention weights are followed "
        "through all blocks, the mean over heads, and half of each step stays where it is.",
        alt="Heatmap of the attention rollout.",
        array="rollout",
        tensors=(name,),
        rows=tokens,
        columns=tokens,
    )


def inputs_panel() -> TensorPanel:
    """Return the panel of the gradient by what was read."""
    return TensorPanel(
        id="inputs",
        title="What the answer owes to each symbol",
        width=6,
        height=120,
        help="Of the sum of the likeliest symbol at the chosen place: how long its gradient by each symbol's vector "
        "is, and that gradient times the vector.",
        alt="Heatmap of the gradient by each symbol that was read.",
        array="inputs",
        tensors=("length", "product"),
        names=("length of the gradient", "gradient times vector"),
        signed=True,
        rows=("",),
        columns=READ,
    )


def strongest_panel() -> TensorPanel:
    """Return the panel of the neurons that are largest in a sequence."""
    return TensorPanel(
        id="neurons",
        title="The strongest neurons",
        width=6,
        height=360,
        help="The neurons that are largest anywhere in this sequence, the largest first, over its places.",
        alt="Heatmap of the strongest neurons over the places of the sequence.",
        array="strongest",
        tensors=("activations",),
        signed=True,
        rows="neurons",
        columns=READ,
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
        bindings=(Bind(0, "x", "fourier.frequency", "frame"), Bind(0, "y", "fourier.share", "frame")),
    )


def attending_panels(parts: Parts, levels: Sequence[str], stacks: Mapping[str, str] = ONE_STACK) -> list[Panel]:
    """Return all panels of one sequence, of a net whose ``parts`` attend; ``stacks`` are those through which attention
    is followed, see ``rollout_panel``.
    """
    return [
        heads_panel(parts),
        slopes_panel(parts),
        head_panel(),
        token_panel(),
        queries_panel(),
        keys_panel(),
        lens_panel(levels),
        stream_panel(levels),
        patch_words_panel(),
        inputs_panel(),
        patch_panel(levels),
        *(rollout_panel(name, called) for name, called in stacks.items()),
        strongest_panel(),
    ]


def _high(levels: Sequence[str]) -> int:
    return max(160, 24 * len(levels) + 90)
