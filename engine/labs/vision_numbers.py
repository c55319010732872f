"""The vision lab's numbers explained: weights, gradients, the sums of a first convolution, and the points of curves.

A frame holds what is drawn: of large layers a part of their weights, and feature maps in 256 levels. So a sum is
written out where all that it is made of is there: for the layer that convolves the image itself. Of others the page
asks the net, see ``engine.labs.vision_answers.forward``.
"""

from collections.abc import Mapping

import numpy as np
from torch import nn

from engine.data.images.prepared import Prepared
from engine.errors import RunError
from engine.explanation import Cell, Explanation, attribute, element, factor, number_in, products, word
from engine.labs.vision import VisionSpec
from engine.nets.images.plan import plan, title
from engine.probes.images import LEVELS
from engine.readings import Arrays
from engine.training.schedules import rate_factor

NOT_KEPT = "That needs what is not kept of each step, so it cannot be written out with its numbers."
FOLLOW = "what it is made of: see Follow one number, below the panels"
SCALARS = {
    "loss": "the mean loss on the training images looked at",
    "val_loss": "the mean loss on the validation images looked at",
    "batch_loss": "the loss of the batches, which is what training makes smaller",
    "epoch": "how many passes over the training images were made",
}
BY_LAYER = {
    "gradient": ("the root mean square of the gradient of the weights of {}", "√(Σ (dL/dw)² / cells)"),
    "update": ("how far the last update moved the weights of {}", "|W after the last update − W before| / |W before|"),
    "dead": ("the share of maps of {} that are silent", "silent on every training image that is looked at"),
}


class Numbers:
    """Explains the numbers of a run; ``net`` is at its initial weights."""

    def __init__(self, spec: VisionSpec, prepared: Prepared, net: nn.Module) -> None:
        self._spec, self._prepared, self._net = spec, prepared, net
        self._initial = dict(net.named_parameters())

    def explain(self, step: int, arrays: Arrays, scalars: Mapping[str, float], cell: Cell) -> Explanation:
        """Return how ``cell`` of the frame of ``step`` came about; ``scalars`` are the frame's by their names.

        Raises RunError for a cell that is not there, or not drawn.
        """
        reading, _, name = cell.array.partition(".")
        if reading == "scalars" and name in scalars:
            return self._scalar(step, arrays, name, scalars[name])
        value = number_in(arrays, cell)
        match reading:
            case "weights":
                return self._weight(step, value, name, cell.index)
            case "gradient_map":
                what = f"the size of the gradient of the loss by {element(name, cell.index)}, on this step's batch"
                return Explanation(what, value, (NOT_KEPT,), element(f"{name}.grad", cell.index))
            case "maps":
                return self._map(arrays, name, cell.index, value)
            case "image" if name == "probabilities":
                return self._probability(arrays, cell.index[0], value)
            case "image" | "mistakes" | "suspects" | "batch" if name == "pixels":
                return Explanation("how bright this pixel is, from 0, dark, to 255", value)
            case "confusion":
                return Explanation("how many of the images looked at are predicted so", value)
        raise RunError(f"There is no explanation of {cell.array[:60]!r}: expected a number that is drawn.")

    def _weight(self, step: int, value: float, name: str, index: tuple[int, ...]) -> Explanation:
        initial = float(self._initial[name].detach()[index])
        since = f"{word(initial)} (initial) + {factor(value - initial)} (since, in {step:,} steps) = {word(value)}"
        layer, _, kind = name.rpartition(".")
        what = f"a {kind} of {title(layer)}"
        code = (element(attribute(name), index),)
        return Explanation(what, value, (since,), element(name, index), code, settable=True)

    def _map(self, arrays: Arrays, layer: str, index: tuple[int, ...], level: float) -> Explanation:
        low, high = (float(arrays[f"{bound}.{layer}"][index[0]]) for bound in ("maps_low", "maps_high"))
        drawn = low + level / LEVELS * (high - low)
        where = f"row {index[1]}, column {index[2]} of map {index[0]}" if len(index) == 3 else f"unit {index[0]}"
        what = f"{where} of {title(layer)}, for the image looked at"
        kernel = arrays.get(f"weights.{layer}.weight")
        module = self._net.get_submodule(layer)
        if not isinstance(module, nn.Conv2d) or plan(self._spec).kernels[0] != layer or kernel is None:
            told = f"drawn in {LEVELS + 1} levels from {word(low)} to {word(high)}: {word(drawn)}"
            return Explanation(what, drawn, (told, FOLLOW))
        bias = float(arrays[f"weights.{layer}.bias"][index[0]]) if module.bias is not None else 0.0
        weights, pixels = self._window(module, arrays, kernel[index[0]], index)
        total = float(np.dot(weights, pixels)) + bias
        line = (
            f"Σ weight · pixel + bias = {products(weights.tolist(), pixels.tolist())} + {factor(bias)} = {word(total)}"
        )
        scaled = "pixels as the net takes them: less their mean, divided by their standard deviation; 0 in the frame"
        return Explanation(what, total, (line, scaled))

    def _window(
        self, module: nn.Conv2d, arrays: Arrays, kernel: np.ndarray, index: tuple[int, ...]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the weights of a kernel (channels, height, width) and the pixels under them, one after the other."""
        image = self._prepared.inputs(arrays["image.pixels"].transpose(0, 3, 1, 2))[0]
        stride, frame = int(module.stride[0]), int(module.padding[0])
        framed = np.pad(image, ((0, 0), (frame, frame), (frame, frame)))
        row, column = index[1] * stride, index[2] * stride
        window = framed[:, row : row + kernel.shape[1], column : column + kernel.shape[2]]
        return kernel.ravel().astype(np.float64), window.ravel().astype(np.float64)

    def _probability(self, arrays: Arrays, told: int, value: float) -> Explanation:
        logits = arrays["image.logits"].astype(np.float64)
        powers = np.exp(logits - logits.max())
        line = (
            f"exp({word(float(logits[told] - logits.max()))}) / Σ exp(sum − largest sum) = {word(float(powers[told]))}"
            f" / {word(float(powers.sum()))} = {word(value)}"
        )
        name = self._prepared.images.classes[told]
        return Explanation(f"the probability of {name}: the softmax of the last layer's sums", value, (line,))

    def _scalar(self, step: int, arrays: Arrays, name: str, value: float) -> Explanation:
        kind, _, layer = name.partition(".")
        if layer:
            what, line = BY_LAYER[kind]
            return Explanation(what.format(title(layer)), value, (line,))
        if kind in ("score", "val_score"):
            counts = arrays["confusion.validation" if kind == "val_score" else "confusion.train"]
            right, of = int(np.trace(counts)), int(counts.sum())
            half = "validation" if kind == "val_score" else "training"
            line = f"{right:,} of {of:,} images are predicted correctly: {right} / {of} = {word(value)}"
            return Explanation(f"the accuracy on the {half} images looked at", value, (line,))
        if kind == "learning_rate":
            return self._rate(step, value)
        return Explanation(SCALARS[kind], value)

    def _rate(self, step: int, value: float) -> Explanation:
        count, size = len(self._prepared.train), self._spec.batch_size
        steps = max(count // size + (count % size > 1), 1)  # a single one left over joins the batch before it
        scale = rate_factor(self._spec, step / steps)
        chosen = word(value / scale if scale else 0.0)
        line = f"{chosen} (chosen) · {word(scale)} (the schedule at this step) = {word(value)}"
        return Explanation(f"the learning rate at step {step:,}", value, (line,))
