"""The transformer lab's numbers explained: attention, what a head is for, spectra, weights, points of curves."""

from collections.abc import Mapping

from engine.errors import RunError
from engine.explanation import Cell, Explanation, attribute, element, factor, number_in, word
from engine.labs.attending_numbers import NOT_KEPT, READINGS, explain_attending
from engine.labs.transformers import TransformersSpec, called, heads_of
from engine.nets.transformers.building import Transformer
from engine.nets.transformers.names import matrices
from engine.readings import Arrays
from engine.training.schedules import rate_factor

SCALARS = {
    "loss": "the mean loss on the training sequences looked at, where something is asked",
    "val_loss": "the mean loss on the validation sequences looked at, where something is asked",
    "score": "the share of places asked, in the training sequences looked at, that are told right",
    "val_score": "the same share in the validation sequences looked at",
    "batch_loss": "the loss of the batches, which is what training makes smaller",
    "epoch": "how many passes over the training sequences were made",
}
BY_HEAD = {
    "induction": (
        "the induction score of {}",
        "the mean attention, in letters that come again, to the place behind the one where the same letter stood",
    ),
    "before": ("how much {} looks one back", "the mean attention to the place just before"),
}
BY_LAYER = {
    "gradient": ("the root mean square of the gradient of the weights: {}", "√(Σ (dL/dw)² / cells)"),
    "update": ("how far the last update moved the weights: {}", "|W after the last update − W before| / |W before|"),
}
OWN = {
    "knocked": ("by how much that changes where this head gathers nothing", "without the head − with it"),
    "places": ("what tells the net a place", ""),
    "fourier": (
        "the share of this frequency in the numbers' vectors",
        "|Σ v e^(−2πi k n / p)|² / Σ of all but the mean",
    ),
}


def explain(
    spec: TransformersSpec,
    net: Transformer,
    step: int,
    arrays: Arrays,
    scalars: Mapping[str, float],
    cell: Cell,
) -> Explanation:
    """Return how a number of the frame of ``step`` came about; ``net`` is at its initial weights. Raises RunError."""
    reading, _, name = cell.array.partition(".")
    if reading == "scalars" and name in scalars:
        return _scalar(spec, step, scalars, name)
    value = number_in(arrays, cell)
    if reading in READINGS:
        return explain_attending(reading, name, cell.index, value, arrays)
    match reading:
        case "weights":
            initial = float(net.get_parameter(name).detach()[cell.index])
            line = f"{word(initial)} (initial) + {factor(value - initial)} (since, in {step:,} steps) = {word(value)}"
            code = (element(attribute(name), cell.index),)
            return Explanation("a weight", value, (line,), element(name, cell.index), code, settable=True)
        case "gradient_map":
            what = f"the size of the gradient of the loss by {element(name, cell.index)}, on this step's batch"
            return Explanation(what, value, (NOT_KEPT,), element(f"{name}.grad", cell.index))
        case "fourier" if name == "frequency":
            return Explanation("how often this wave comes round from 0 up to the prime", value)
        case _ if reading in OWN:
            what, line = OWN[reading]
            return Explanation(what, value, (line,) if line else ())
    raise RunError(f"There is no explanation of {cell.array[:60]!r}: expected a number that is drawn.")


def _scalar(spec: TransformersSpec, step: int, scalars: Mapping[str, float], name: str) -> Explanation:
    value = scalars[name]
    kind, _, rest = name.partition(".")
    if kind in BY_HEAD:
        what, line = BY_HEAD[kind]
        return Explanation(what.format(called(*heads_of(spec)[rest])), value, (line,))
    if rest:
        what, line = BY_LAYER[kind]
        return Explanation(what.format(matrices(spec)[rest]), value, (line,))
    if kind == "learning_rate":
        scale = rate_factor(spec, scalars["epoch"])
        chosen = word(value / scale if scale else 0.0)
        line = f"{chosen} (chosen) · {word(scale)} (the schedule at this step) = {word(value)}"
        return Explanation(f"the learning rate at step {step:,}", value, (line,))
    return Explanation(SCALARS[kind], value)
