"""The sequences lab's numbers explained: gates and states, what is told, gradients, weights, points of curves."""

from collections.abc import Mapping

import numpy as np

from engine.data.sequences.prepared import Prepared
from engine.errors import RunError
from engine.explanation import Cell, Explanation, attribute, element, factor, number_in, word
from engine.figures.sequences import ROOT_MEAN_SQUARES
from engine.labs.sequences import SequencesSpec
from engine.labs.sequences_gates import Gates
from engine.nets.sequences.net import SequenceNet
from engine.nets.sequences.plan import matrices
from engine.nets.sequences.spec import cell_title
from engine.readings import Arrays
from engine.training.schedules import rate_factor

NOT_KEPT = "That needs what is not kept of each step, so it cannot be written out with its numbers."
SCALARS = {
    "loss": "the mean loss on the training sequences looked at",
    "val_loss": "the mean loss on the validation sequences looked at",
    "batch_loss": "the loss of the batches, which is what training makes smaller",
    "epoch": "how many passes over the training sequences were made",
}
BY_LAYER = {
    "gradient": ("the root mean square of the gradient of the weights of {}", "√(Σ (dL/dw)² / cells)"),
    "update": ("how far the last update moved the weights of {}", "|W after the last update − W before| / |W before|"),
}
UNROLLED = {
    "state": ("the root mean square of the hidden state", "√(Σ h² / units)"),
    "gradient": ("the length of the gradient of the loss by the hidden state", "√(Σ (dL/dh)²)"),
    "log_gradient": ("the length of the gradient of the loss by the hidden state, as a power of ten", "log₁₀ |dL/dh|"),
}
FORECAST = {
    "measured": "the wave as it was measured",
    "true": "the wave without the noise of its measurement",
    "one": "the forecast from all that was measured before",
    "free": "the forecast from forecasts of its own",
}


class Numbers:
    """Explains the numbers of a run; ``net`` is at its initial weights."""

    def __init__(self, spec: SequencesSpec, prepared: Prepared, net: SequenceNet) -> None:
        self._spec, self._prepared = spec, prepared
        self._initial = dict(net.named_parameters())
        self._titles = {name: one.title for name, one in matrices(spec, symbols=bool(prepared.symbols)).items()}

    def explain(self, step: int, arrays: Arrays, scalars: Mapping[str, float], cell: Cell) -> Explanation:
        """Return how ``cell`` of the frame of ``step`` came about; ``scalars`` are the frame's by their names.

        Raises RunError for a cell that is not there, or not drawn.
        """
        reading, _, name = cell.array.partition(".")
        if reading == "scalars" and name in scalars:
            return self._scalar(step, arrays, name, scalars)
        value = number_in(arrays, cell)
        match reading:
            case "weights":
                return self._weight(step, value, name, cell.index)
            case "gradient_map":
                what = f"the size of the gradient of the loss by {element(name, cell.index)}, on this step's batch"
                return Explanation(what, value, (NOT_KEPT,), element(f"{name}.grad", cell.index))
            case "states":
                return Gates(self._spec, arrays).explain(name, cell.index, value)
            case "arriving":
                return self._told(arrays, name, cell.index, value)
            case "unrolled":
                what, line = UNROLLED[name]
                where = f"{cell_title(self._spec.cells[cell.index[0]])}, step {cell.index[1]}"
                return Explanation(f"{what} of {where}", value, (line,))
            case "forecast":
                return Explanation(f"{FORECAST[name]}, at step {cell.index[0]} of the wave", value)
            case "told":
                said = "predicted" if name == "told" else name
                return Explanation(f"the number {said} of validation sequence {cell.index[0]}", value)
            case "confusion":
                return Explanation("how many of the class of the row are predicted as that of the column", value)
        raise RunError(f"There is no explanation of {cell.array[:60]!r}: expected a number that is drawn.")

    def _weight(self, step: int, value: float, name: str, index: tuple[int, ...]) -> Explanation:
        initial = float(self._initial[name].detach()[index])
        since = f"{word(initial)} (initial) + {factor(value - initial)} (since, in {step:,} steps) = {word(value)}"
        code = (element(attribute(name), index),)
        kind = name.rpartition(".")[2]
        return Explanation(f"a {kind}", value, (since,), element(name, index), code, settable=True)

    def _told(self, arrays: Arrays, name: str, index: tuple[int, ...], value: float) -> Explanation:
        row, at = index
        vector = self._head_inputs(arrays, at)
        weights, bias = arrays["weights.head.weight"][row], float(arrays["weights.head.bias"][row])
        logits = arrays["arriving.logits"][:, at].astype(np.float64)
        lines: list[str] = []
        if vector is not None and len(vector) == len(weights):
            lines.append(Gates.written(weights, vector, bias, float(logits[row]), "W", "h"))
        if name == "logits":
            return Explanation(f"the last layer's sum, after step {at}", value, tuple(lines))
        powers = np.exp(logits - logits.max())
        lines.append(
            f"exp({word(float(logits[row] - logits.max()))}) / Σ exp(sum − largest sum) = {word(float(powers[row]))}"
            f" / {word(float(powers.sum()))} = {word(value)}"
        )
        what = f"the probability after step {at}: the softmax of the last layer's sums"
        return Explanation(what, value, tuple(lines))

    def _head_inputs(self, arrays: Arrays, at: int) -> np.ndarray | None:
        """Return what the last layer reads after a step; None where it reads the other end's state of a beginning."""
        if self._spec.bidirectional and not self._prepared.each_step:
            return None
        last = self._spec.layers - 1
        cells = [cell for cell in self._spec.cells if cell.startswith(f"{last}.")]
        return np.concatenate([arrays[f"states.{cell}.hidden"][:, at] for cell in cells])

    def _scalar(self, step: int, arrays: Arrays, name: str, scalars: Mapping[str, float]) -> Explanation:
        kind, _, layer = name.partition(".")
        value = scalars[name]
        if kind == "forecast":
            half = "from the middle on, by itself" if layer.endswith("free") else "one step ahead"
            who = "the naive forecast" if layer.startswith("naive") else "the net's forecast"
            line = "√(Σ (predicted − true)² / numbers), over the validation waves that are looked at"
            return Explanation(f"the error of {who}, {half}: {ROOT_MEAN_SQUARES[layer]}", value, (line,))
        if layer:
            what, line = BY_LAYER[kind]
            return Explanation(what.format(self._titles[layer]), value, (line,))
        if kind in ("score", "val_score"):
            return self._score(arrays, kind, value)
        if kind == "learning_rate":
            return self._rate(step, scalars["epoch"], value)
        return Explanation(SCALARS[kind], value)

    def _score(self, arrays: Arrays, kind: str, value: float) -> Explanation:
        half = "validation" if kind == "val_score" else "train"
        counts = arrays.get(f"confusion.{half}")
        title = "validation" if kind == "val_score" else "training"
        if counts is None:
            line = "1 − Σ (predicted − asked)² / Σ (asked − mean)²"
            return Explanation(f"R² on the {title} sequences looked at", value, (line,))
        right, of = int(np.trace(counts)), int(counts.sum())
        line = f"{right:,} of {of:,} are predicted correctly: {right} / {of} = {word(value)}"
        return Explanation(f"the accuracy on the {title} sequences looked at", value, (line,))

    def _rate(self, step: int, epoch: float, value: float) -> Explanation:
        scale = rate_factor(self._spec, epoch)
        chosen = word(value / scale if scale else 0.0)
        line = f"{chosen} (chosen) · {word(scale)} (the schedule at this step) = {word(value)}"
        return Explanation(f"the learning rate at step {step:,}", value, (line,))
