"""The generation lab's numbers explained: how surprises, chances and bits come about, and what a weight has become."""

from collections.abc import Mapping

import numpy as np

from engine.errors import RunError
from engine.explanation import Cell, Explanation, attribute, element, factor, number_in, word
from engine.labs.generation import GenerationSpec
from engine.language.kinds import on_map
from engine.language.text import Text
from engine.language.vocabulary import named
from engine.nets.language.model import LanguageModel
from engine.nets.language.names import matrices
from engine.readings import Arrays
from engine.training.schedules import rate_factor

NOT_KEPT = "That needs what is not kept of each step, so it cannot be written out with its numbers."
SCALARS = {
    "loss": "the mean loss on the symbols looked at of what is learnt",
    "val_loss": "the mean loss on the symbols looked at of what is held out",
    "score": "the share of the symbols looked at, of what is learnt, of which the likeliest guess is right",
    "val_score": "the same share of what is held out",
    "batch_loss": "the loss of the batches, which is what training makes smaller",
    "epoch": "how many passes over the text were made",
}
BY_LAYER = {
    "gradient": ("the root mean square of the gradient of the weights: {}", "√(Σ (dL/dw)² / cells)"),
    "update": ("how far the last update moved the weights: {}", "|W after the last update − W before| / |W before|"),
}


def explain(
    spec: GenerationSpec,
    text: Text,
    net: LanguageModel,
    step: int,
    arrays: Arrays,
    scalars: Mapping[str, float],
    cell: Cell,
) -> Explanation:
    """Return how a number of the frame of ``step`` came about; ``net`` is at its initial weights. Raises RunError."""
    reading, _, name = cell.array.partition(".")
    if reading == "scalars" and name in scalars:
        return _scalar(spec, text, step, scalars, name)
    value = number_in(arrays, cell)
    called = matrices(spec).get(name.removesuffix(".weight"), name)
    match reading:
        case "weights":
            initial = float(net.get_parameter(name).detach()[cell.index])
            line = f"{word(initial)} (initial) + {factor(value - initial)} (since, in {step:,} steps) = {word(value)}"
            code = (element(attribute(name), cell.index),)
            return Explanation(
                f"a weight of the {called}", value, (line,), element(name, cell.index), code, settable=True
            )
        case "gradient_map":
            what = f"the size of the gradient of the loss by a weight of the {called}, on this step's batch"
            return Explanation(what, value, (NOT_KEPT,), element(f"{name}.grad", cell.index))
        case "excerpt" | "sample" if name == "surprise":
            line = f"−log₂ of the probability {word(2.0**-value)} that the net gave it = {word(value)} bits"
            return Explanation("by how much this symbol was a surprise", value, (line,))
        case "excerpt" | "units":
            unit = f"unit {cell.index[0]}" if reading == "units" else "the unit looked at"
            return Explanation(f"what {unit} was when this symbol had been read", value, (NOT_KEPT,))
        case "choice":
            return _choice(arrays, name, cell.index[0], value)
        case "map":
            return _place(spec, text, arrays, name, cell.index, value)
    raise RunError(f"There is no explanation of {cell.array[:60]!r}: expected a number that is drawn.")


def _place(
    spec: GenerationSpec, text: Text, arrays: Arrays, name: str, index: tuple[int, ...], value: float
) -> Explanation:
    """Return about a point of the map which symbols are the nearest of its own, of all and by all numbers."""
    vocabulary = text.vocabulary
    drawn, _ = on_map(spec, vocabulary, np.bincount(text.learnt, minlength=len(vocabulary)))
    symbol = named(vocabulary.symbols[drawn[index[0]]])
    near = zip(arrays["map.near"][index[0]], arrays["map.cosines"][index[0]], strict=True)
    told = ", ".join(f"{named(vocabulary.symbols[other])} {word(float(cosine))}" for other, cosine in near)
    lines = (f"the nearest of {symbol}, by the cosine of their vectors: {told}",) if told else ()
    if name not in ("x", "y"):
        return Explanation(f"one of the nearest of {symbol}", value, lines)
    return Explanation(f"where {symbol} lies {'across' if name == 'x' else 'up'} in the plane of the map", value, lines)


def _choice(arrays: Arrays, name: str, place: int, value: float) -> Explanation:
    if name == "told":
        return Explanation("how likely the net finds this symbol next", value, ("the softmax of its sums",))
    told = float(arrays["choice.told"][place])
    line = f"{word(told)} (the net's own) becomes {word(value)} behind temperature, top k and nucleus"
    return Explanation("with which probability this symbol was drawn", value, (line,))


def _scalar(spec: GenerationSpec, text: Text, step: int, scalars: Mapping[str, float], name: str) -> Explanation:
    value = scalars[name]
    kind, _, layer = name.partition(".")
    if layer:
        what, line = BY_LAYER[kind]
        return Explanation(what.format(matrices(spec)[layer]), value, (line,))
    if kind == "learning_rate":
        scale = rate_factor(spec, scalars["epoch"])
        chosen = word(value / scale if scale else 0.0)
        line = f"{chosen} (chosen) · {word(scale)} (the schedule at this step) = {word(value)}"
        return Explanation(f"the learning rate at step {step:,}", value, (line,))
    if kind in ("perplexity", "val_perplexity"):
        line = f"2 to the power of {word(float(np.log2(value)))} bits for a symbol = {word(value)}"
        return Explanation("between how many equally likely symbols the net hesitates", value, (line,))
    if kind.endswith("bits"):
        per_symbol = value * text.length
        line = f"{word(per_symbol)} bits for a symbol / {word(text.length)} characters of a symbol = {word(value)}"
        whose = "counting trigrams needs" if kind == "trigram_bits" else "the net needs"
        return Explanation(f"the bits that {whose} for a character", value, (line,))
    return Explanation(SCALARS[kind], value)
