"""The points of the playground's curves explained: losses and scores by their points, sizes by their cells."""

import math
from collections.abc import Mapping

import numpy as np
import torch

from engine.data.dataset import Dataset, Part
from engine.explanation import Explanation, attribute, mean, word
from engine.labs.playground import PlaygroundSpec
from engine.nets.mlp import MLP
from engine.probes import gradients
from engine.probes.explain_gradient import BACKWARD
from engine.probes.looking import looking
from engine.readings import Arrays
from engine.training.fit import Points
from engine.training.schedules import rate_factor
from engine.training.settings import FITTING
from engine.training.task import Task

PER_POINT = {
    "logistic": "−log(p) for class 1 and −log(1 − p) for class 0, with p = 1 / (1 + exp(−z))",
    "cross_entropy": "−log of the probability that softmax gives to the right class",
    "hinge": "max(0, 1 − how far the right class is ahead)",
    "mse": "the squared error",
    "mae": "the absolute error",
    "huber": "half the squared error up to an error of 1, and linear beyond",
}
NOT_KEPT = "That needs what is not kept of each step, so it cannot be written out with its numbers."


class Curves:
    """Explains scalars. ``titles`` are the parts with weights in words by their names in the net."""

    def __init__(self, spec: PlaygroundSpec, dataset: Dataset, task: Task, titles: Mapping[str, str]) -> None:
        self._spec = spec
        self._task = task
        self._titles = titles
        self._loss = FITTING[task.kind][0] if spec.loss == "auto" else spec.loss
        self.train, self.held_out = (_points(part, task) for part in (dataset.train, dataset.validation))

    def explain(self, net: MLP, step: int, arrays: Arrays, name: str, value: float) -> Explanation:
        """Return how the scalar ``name`` came to its ``value``; ``net`` and ``arrays`` are of that step."""
        what, _, layer = name.partition(".")
        match what:
            case "loss" | "val_loss":
                return self._loss_of(net, value, held_out=what == "val_loss")
            case "score" | "val_score":
                return self._score_of(net, value, held_out=what == "val_score")
            case "learning_rate":
                return self._rate(step, value)
            case "gradient":
                return self._gradient_size(arrays, layer, value)
            case "dead" | "saturated":
                return self._silent(net, what, layer, value)
            case "update":
                lines = ("|W after the last update − W before it| / |W before it|", NOT_KEPT)
                return Explanation(f"how far the last update moved the weights of {self._titles[layer]}", value, lines)
            case "batch_loss":
                lines = ("the mean of the losses of the batches since the frame before", NOT_KEPT)
                return Explanation("the loss of the batches, which is what training makes smaller", value, lines)
        passes = f"{step:,} steps / {self._steps_a_pass} steps a pass = {word(step / self._steps_a_pass)}"
        return Explanation("how many passes over the training points were made", value, (passes,))

    @property
    def _steps_a_pass(self) -> int:
        count = len(self.train.targets)
        batches = math.ceil(count / self._spec.batch_size)
        alone = batches > 1 and count % self._spec.batch_size == 1 and self._spec.batch_size > 1
        return batches - alone  # a single point left over joins the batch before it

    def _rate(self, step: int, value: float) -> Explanation:
        scale = rate_factor(self._spec, step / self._steps_a_pass)
        chosen = word(value / scale if scale else 0.0)
        line = f"{chosen} (chosen) · {word(scale)} (the schedule at this step) = {word(value)}"
        return Explanation(f"the learning rate at step {step:,}", value, (line,))

    def _loss_of(self, net: MLP, value: float, *, held_out: bool) -> Explanation:
        points, which, names = self._half(held_out)
        with looking(net):
            outputs = net(points.inputs)
            each = [float(self._task.loss(outputs[i : i + 1], points.targets[i : i + 1])) for i in range(len(outputs))]
        lines = (f"of each point: {PER_POINT[self._loss]}", f"L = {mean(each)}")
        return Explanation(f"the loss on the {which} points", value, lines, "", (f"loss(net({names[0]}), {names[1]})",))

    def _score_of(self, net: MLP, value: float, *, held_out: bool) -> Explanation:
        points, which, (inputs, targets) = self._half(held_out)
        with looking(net):
            outputs = net(points.inputs)
        if self._task.kind == "regression":
            errors = float(((outputs[:, 0] - points.targets) ** 2).sum())
            spread = float(((points.targets - points.targets.mean()) ** 2).sum())
            line = f"R² = 1 − Σ (prediction − target)² / Σ (target − mean)² = 1 − {word(errors)} / {word(spread)}"
            code = (
                f"errors = net({inputs})[:, 0] - {targets}",
                f"1 - (errors**2).sum() / (({targets} - {targets}.mean()) ** 2).sum()",
            )
            return Explanation(f"R² on the {which} points", value, (f"{line} = {word(value)}",), "", code)
        right = int((self._task.predictions(outputs) == points.targets).sum())
        told = f"(net({inputs})[:, 0] > 0)" if self._task.kind == "binary" else f"net({inputs}).argmax(dim=1)"
        line = f"{right} of {len(outputs)} points are predicted correctly: {right} / {len(outputs)} = {word(value)}"
        code = f"({told} == {targets}).float().mean()"
        return Explanation(f"the accuracy on the {which} points", value, (line,), "", (code,))

    def _half(self, held_out: bool) -> tuple[Points, str, tuple[str, str]]:
        if held_out:
            return self.held_out, "validation", ("held_out", "held_out_targets")
        return self.train, "training", ("inputs", "targets")

    def _gradient_size(self, arrays: Arrays, layer: str, value: float) -> Explanation:
        cells = arrays[f"gradient_map.{layer}.weight"]
        total = float(np.square(cells, dtype=np.float64).sum())
        line = f"√(Σ (dL/dw)² / cells) = √({word(total)} / {cells.size}) = {word(value)}"
        exact = not (self._spec.dropout or self._spec.l1 or self._spec.l2)
        code = (*BACKWARD, f"{attribute(f'{layer}.weight')}.grad.square().mean().sqrt()") if exact else ()
        what = f"the root mean square of the gradient of the weights of {self._titles[layer]}"
        return Explanation(what, value, (line,), f"{layer}.weight.grad", code)

    def _silent(self, net: MLP, what: str, layer: str, value: float) -> Explanation:
        with looking(net):
            hidden, _ = net.trace(self.train.inputs)
        outputs = hidden[list(self._titles).index(layer)].numpy()
        tests = gradients.SILENT if what == "dead" else gradients.FLAT
        found = (
            tests[self._spec.activation](outputs) if self._spec.activation in tests else np.zeros_like(outputs, bool)
        )
        points, units = outputs.shape
        if what == "dead":
            count, of = int(found.all(axis=0).sum()), units
            said = f"{count} of {of} units are silent on every training point"
        else:
            count, of = int(found.sum()), outputs.size
            said = f"{count:,} of {of:,} outputs ({points} points, {units} units) lie at a flat end of the activation"
        line = f"{said}: {count} / {of} = {word(value)}"
        return Explanation(f"the share of {what} units in {self._titles[layer]}", value, (line,))


def _points(part: Part, task: Task) -> Points:
    return Points(torch.tensor(part.inputs), task.targets(torch.tensor(part.targets)))
