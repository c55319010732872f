"""The panels of one sequence in a net that attends: who looks where, the numbers of one head, the stream, gradients,
patches and the rollout. They show what ``engine.probes.attending`` reads of any transformer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine.figures.panel import ROW, Panel, TensorPanel, TilesPanel, WordsPanel

READ, GIVEN, ASKING, ASKED, HEADS, CHOSEN = "read", "given", "asking", "asked", "heads", "chosen"
"""Keys of words: what is read at each place of the stream; what is given to an encoder beside it; what stands at those
places that ask with the chosen head, and at those asked; the heads of a block; which head is chosen.
"""

ONE_STACK: Mapping[str, str] = {"all": "all blocks"}
"""The stacks through which attention is followed, of a net that has one; see ``rollout_panel``."""

_PLACES = ("place that asks", "place asked")
_GRADIENTS, _PATCHES = ("logit",), ("patched", "logit")
"""Keys of words that tell why there are none."""

Parts = Mapping[str, str]
"""The parts that attend: the name that arrays have for one (``decoder.crossed``) -> what a person reads."""
Settings = Mapping[str, Mapping[str, str]]
"""By which settings a lab looks at one of the parts, where it has several; which of its heads that is, the settings
``block`` and ``head`` say.
"""


def heads_panel(parts: Parts, settings: Settings) -> TilesPanel:
    """Return the panel of all patterns: a row for each block, a tile for each head."""
    panel = TilesPanel(
        id="heads",
        title="Who looks where: all heads",
        width=6,
        height=360,
        help="A row for each block, numbered from 0, a picture for each head: its rows are the places that ask, its "
        "columns those that are asked, and the attention weights of each row add up to 1. Click on a head, and it is "
        "the one that the other panels are of.",
        alt="Small heatmaps of the attention weights of all heads, blocks below each other.",
    )
    return _of_heads(panel, "patterns", parts, settings)


def slopes_panel(parts: Parts, settings: Settings) -> TilesPanel:
    """Return the panel of the gradient of one sum by all attention weights."""
    panel = TilesPanel(
        id="slopes",
        title="What the weights are worth: gradients",
        width=6,
        height=360,
        help="The same places, coloured by how much the sum of the likeliest symbol at the chosen place would change "
        "with each attention weight. Where a weight is large and this is 0, the net looks, and nothing comes of it.",
        alt="Small heatmaps of the gradient of one sum by the attention weights of all heads.",
        signed=True,
        why=_GRADIENTS,
    )
    return _of_heads(panel, "pattern_slopes", parts, settings)


def _of_heads(panel: TilesPanel, reading: str, parts: Parts, settings: Settings) -> TilesPanel:
    """Return a panel with a tile for each head, by which one of them is chosen."""
    return replace(
        panel,
        arrays=tuple(f"{reading}.{part}" for part in parts),
        names=tuple(parts.values()),
        axes=("block", "head", "from place", "to place"),
        sets=("block", "head"),
        along=tuple(settings.get(part, {}) for part in parts),
        chosen=CHOSEN,
        cropped=True,
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
        signed=("scores", "masked", "slope"),
        rows=ASKING,
        columns=ASKED,
        axes=_PLACES,
        why=_GRADIENTS,
    )


def token_panel() -> WordsPanel:
    """Return the panel in which one place's attention is written out."""
    return WordsPanel(
        id="token",
        title="One place asks, with all numbers",
        width=6,
        height=300,
        help="The largest attention weights of the chosen place: query times key, divided by the root of their size, "
        "then the softmax over all places that it may see; and the first numbers of what it gathers.",
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
        axes=("number", "place"),
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
        axes=("number", "place"),
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
        axes=("level", "place"),
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
        axes=("level", "place"),
        texts="lens",
        why=_GRADIENTS,
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
        axes=("level", "place"),
        why=_PATCHES,
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


def of_encoder(panel: TensorPanel) -> TensorPanel:
    """Return a panel of what stands where a decoder writes as that of what is given to the encoder beside it."""
    return replace(
        panel,
        id=f"given-{panel.id}",
        title=f"Encoder: {panel.title[0].lower()}{panel.title[1:]}",
        alt=f"Encoder: {panel.alt[0].lower()}{panel.alt[1:]}",
        array=f"given_{panel.array}",
        columns=GIVEN,
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
        axes=_PLACES,
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
        signed=("product",),
        rows=("",),
        columns=READ,
        axes=("row", "place"),
        why=_GRADIENTS,
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
        axes=("neuron", "place"),
    )


def attending_panels(
    parts: Parts, levels: Sequence[str], stacks: Mapping[str, str] = ONE_STACK, settings: Settings | None = None
) -> list[Panel]:
    """Return all panels of one sequence, of a net whose ``parts`` attend; ``stacks`` are those through which attention
    is followed, see ``rollout_panel``, and ``settings`` choose among parts.
    """
    inside = stream_panel(levels), inputs_panel(), patch_panel(levels)
    return [
        heads_panel(parts, settings or {}),
        slopes_panel(parts, settings or {}),
        head_panel(),
        token_panel(),
        queries_panel(),
        keys_panel(),
        lens_panel(levels),
        stream_panel(levels),
        patch_words_panel(),
        inputs_panel(),
        patch_panel(levels),
        *([of_encoder(one) for one in inside] if "encoder" in stacks else []),
        *(rollout_panel(name, called) for name, called in stacks.items()),
        strongest_panel(),
    ]


def in_whole_rows(panels: Sequence[Panel]) -> list[Panel]:
    """Return ``panels`` of which those with a tile for each head have a row for themselves, and are high: of a large
    model the heads of each block stand in one line then.
    """
    return [replace(one, width=ROW, height=640) if isinstance(one, TilesPanel) else one for one in panels]


def _high(levels: Sequence[str]) -> int:
    return max(160, 24 * len(levels) + 90)
