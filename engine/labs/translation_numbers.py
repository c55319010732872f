"""The translation lab's numbers explained: how a cell of an alignment comes about, and what a weight has become."""

from collections.abc import Mapping

import numpy as np

from engine.errors import RunError
from engine.explanation import Cell, Explanation, attribute, element, factor, number_in, word
from engine.labs.translation import TranslationSpec
from engine.labs.translation_decoding_numbers import explain_beams, explain_bleu, explain_score
from engine.nets.translation.model import Translator
from engine.nets.translation.names import matrices
from engine.readings import Arrays
from engine.training.schedules import rate_factor

NOT_KEPT = "That needs what is not kept of each step, so it cannot be written out with its numbers."
SCALARS = {
    "loss": "the mean loss of a symbol, over the pairs looked at of those that are learnt",
    "val_loss": "the mean loss of a symbol, over the pairs looked at of those held out",
    "score": "the share of the pairs looked at, of those that are learnt, that are written without a fault",
    "val_score": "the same share of the pairs held out",
    "symbols": "the share of the symbols, of pairs that are learnt, that are told right where all before are shown",
    "val_symbols": "the same share of the pairs held out",
    "batch_loss": "the loss of the batches, which is what training makes smaller",
    "epoch": "how many passes over the pairs were made",
}
BY_LAYER = {
    "gradient": ("the root mean square of the gradient of the weights: {}", "√(Σ (dL/dw)² / cells)"),
    "update": ("how far the last update moved the weights: {}", "|W after the last update − W before| / |W before|"),
}
ENERGIES = {
    "bahdanau": "v · tanh(query(hidden before this step) + key(memory of the symbol read))",
    "luong.dot": "hidden · memory of the symbol read",
    "luong.general": "hidden · key(memory of the symbol read)",
    "luong.concat": "v · tanh(query(hidden) + key(memory of the symbol read))",
    "convolutional": "(query(found) + vector of the symbol) · memory of the symbol read / √width",
    "transformer": "query of what is written · key of the symbol read / √(width / heads)",
}


def explain(
    spec: TranslationSpec, net: Translator, step: int, arrays: Arrays, scalars: Mapping[str, float], cell: Cell
) -> Explanation:
    """Return how a number of the frame of ``step`` came about; ``net`` is at its initial weights. Raises RunError."""
    reading, _, name = cell.array.partition(".")
    if reading == "scalars" and name in scalars:
        return explain_score(arrays, scalars[name]) if name == "bleu" else _scalar(spec, step, scalars, name)
    value = number_in(arrays, cell)
    if reading in ("alignment", "energies", "context") and np.isnan(value):
        return Explanation("nothing: this cell is beyond the end of what is read or written", value)
    match reading:
        case "weights":
            initial = float(net.get_parameter(name).detach()[cell.index])
            line = f"{word(initial)} (initial) + {factor(value - initial)} (since, in {step:,} steps) = {word(value)}"
            code = (element(attribute(name), cell.index),)
            return Explanation("a weight", value, (line,), element(name, cell.index), code, settable=True)
        case "gradient_map":
            what = f"the size of the gradient of the loss by {element(name, cell.index)}, on this step's batch"
            return Explanation(what, value, (NOT_KEPT,), element(f"{name}.grad", cell.index))
        case "alignment":
            return _pattern(arrays, name, cell, value)
        case "energies":
            kind = f"luong.{spec.fit}" if spec.net == "luong" else spec.net
            what = "how well the symbol read fits what is asked for this symbol written"
            return Explanation(what, value, (ENERGIES[kind], NOT_KEPT))
        case "context":
            what = f"number {cell.index[0]} of what was taken for symbol {cell.index[1] + 1}"
            return Explanation(what, value, (NOT_KEPT,))
        case "by_length":
            return _of_length(arrays, name, cell.index[0], value)
    searched = {"beams": explain_beams, "bleu": explain_bleu}.get(reading)
    if searched is not None and (told := searched(arrays, name, cell, value)) is not None:
        return told
    raise RunError(f"There is no explanation of {cell.array[:60]!r}: expected a number that is drawn.")


def _pattern(arrays: Arrays, name: str, cell: Cell, value: float) -> Explanation:
    """Return a cell of an alignment as the softmax of its row of energies."""
    energies = arrays[f"energies.{name}"][cell.index[0]].astype(np.float64)
    energies = energies[np.isfinite(energies)]
    energy, largest = energies[cell.index[1]], energies.max()
    total = float(np.exp(energies - largest).sum())
    line = (
        f"exp({word(float(energy))} − {factor(float(largest))}) / Σ exp(energy − {factor(float(largest))}) "
        f"= {word(float(np.exp(energy - largest)))} / {word(total)} = {word(value)}"
    )
    what = "the share of what was taken for this symbol that came from the symbol read there"
    return Explanation(what, value, (line,))


def _of_length(arrays: Arrays, name: str, place: int, value: float) -> Explanation:
    steps, count = int(arrays["by_length.steps"][place]), int(arrays["by_length.count"][place])
    if name == "steps":
        return Explanation("how many symbols are read", value)
    if name == "count":
        return Explanation(f"how many pairs held out have a source of {steps:,} symbols", value)
    what = f"the share without a fault of the {count:,} pairs held out whose source has {steps:,} symbols"
    if not count:
        return Explanation(f"no pair held out has a source of {steps:,} symbols", value)
    line = f"{word(round(value * count))} right / {word(count)} = {word(value)}"
    return Explanation(what, value, (line,))


def _scalar(spec: TranslationSpec, step: int, scalars: Mapping[str, float], name: str) -> Explanation:
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
    return Explanation(SCALARS[kind], value)
