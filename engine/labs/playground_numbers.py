"""The playground's numbers explained: every cell that is drawn, from the weights of its frame.

The net is built anew with what the frame holds, so that a step of long ago is explained like the newest.
"""

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from engine.data.dataset import FEATURES, Dataset
from engine.errors import RunError
from engine.explanation import Cell, Explanation, attribute, element, factor, number_in, word
from engine.labs.playground import PlaygroundSpec
from engine.labs.playground_curves import NOT_KEPT, Curves
from engine.nets.mlp import MLP
from engine.nets.mlp_spec import WIDE
from engine.probes.boundary import Axis, grid_coordinates, map_cells
from engine.probes.explain_gradient import explain_gradient
from engine.probes.explain_unit import explain_unit, inputs_in_code
from engine.probes.looking import looking
from engine.readings import Arrays
from engine.training.fit import Points, batches
from engine.training.task import Task

PRODUCTS = {
    "x2": "{x} · {x}",
    "y2": "{y} · {y}",
    "xy": "{x} · {y}",
    "sin_x": "sin(π · {x})",
    "sin_y": "sin(π · {y})",
}


class Numbers:
    """Explains the numbers of a run. ``titles`` are the parts with weights in words by their names, see
    ``part_titles``.
    """

    def __init__(
        self, spec: PlaygroundSpec, dataset: Dataset, task: Task, axis: Axis, titles: Mapping[str, str]
    ) -> None:
        self._spec = spec
        self._dataset = dataset
        self._task = task
        self._axis = axis
        self._titles = titles
        self._curves = Curves(spec, dataset, task, titles)

    def explain(self, step: int, arrays: Arrays, scalars: Mapping[str, float], cell: Cell) -> Explanation:
        """Return how ``cell`` of the frame of ``step`` came about; ``scalars`` are the frame's by their names.

        Raises RunError for a cell that is not there, or not drawn.
        """
        net = self._net(arrays)
        reading, _, name = cell.array.partition(".")
        match reading:
            case "weights":
                return self._weight(number_in(arrays, cell), step, name, cell.index)
            case "gradient_map":
                return self._gradient(net, step, number_in(arrays, cell), name, cell.index)
            case "neurons" if name == "maps":
                number_in(arrays, cell)
                place = int(map_cells(self._axis)[cell.index[1:]])
                return self._unit(net, cell.index[0], grid_coordinates(self._axis)[place])
            case "boundary":
                number_in(arrays, cell)
                place = int(np.ravel_multi_index(cell.index, arrays[cell.array].shape))
                return self._told(net, grid_coordinates(self._axis)[place])
            case "scalars" if name in scalars:
                return self._curves.explain(net, step, arrays, name, scalars[name])
        raise RunError(f"There is no explanation of {cell.array[:60]!r}: expected a number that is drawn.")

    def namespace(self, step: int, arrays: Arrays) -> dict[str, object]:
        """Return what the code of an explanation of this frame may name; see ``Explanation``."""
        train, held_out = self._curves.train, self._curves.held_out
        return {
            "torch": torch,
            "net": self._net(arrays).eval(),
            "loss": self._task.loss,
            "inputs": train.inputs,
            "targets": train.targets,
            "held_out": held_out.inputs,
            "held_out_targets": held_out.targets,
            "batch": self._batch(step),
        }

    def _net(self, arrays: Arrays) -> MLP:
        net = self._initial_net()
        for name, tensor in net.state_dict().items():
            kept = arrays.get(f"weights.{name}", arrays.get(f"buffers.{name}"))
            if kept is not None:
                tensor.copy_(torch.tensor(kept))
        return net

    def _initial_net(self) -> MLP:
        return MLP(self._spec, len(self._dataset.inputs.features), self._task.outputs, self._spec.seed)

    def _batch(self, step: int) -> Tensor:
        return next(batches(len(self._curves.train.targets), self._spec, step))[1]

    def _weight(self, value: float, step: int, name: str, index: tuple[int, ...]) -> Explanation:
        initial = float(self._initial_net().state_dict()[name][index])
        since = f"{word(initial)} (initial) + {factor(value - initial)} (since, in {step:,} steps) = {word(value)}"
        code = (element(attribute(name), index),)
        return Explanation(self._parameter(name, index), value, (since,), element(name, index), code, settable=True)

    def _parameter(self, name: str, index: tuple[int, ...]) -> str:
        """Return in words what a parameter does."""
        if name == f"{WIDE}.weight":
            return f"the weight from {self._input(index[1])} straight to unit {index[0]} of the output layer"
        part, number, kind = name.split(".")
        title = self._titles[f"layers.{number}"]
        if part == "norms":
            return f"the {'scale' if kind == 'weight' else 'shift'} of unit {index[0]} after the norm of {title}"
        if kind == "bias":
            return f"the bias of unit {index[0]} of {title}"
        if int(number):
            source = f"unit {index[1]} of {self._titles[f'layers.{int(number) - 1}']}"
        else:
            source = self._input(index[1])
        return f"the weight from {source} to unit {index[0]} of {title}"

    def _input(self, place: int) -> str:
        return f"the input {FEATURES[self._dataset.inputs.features[place]]}"

    def _gradient(self, net: MLP, step: int, value: float, name: str, index: tuple[int, ...]) -> Explanation:
        what = f"the size of the gradient of {self._parameter(name, index)}"
        tensor = element(f"{name}.grad", index)
        if self._spec.dropout:
            lines = ("|dL/dp|, the sum over the batch of what each point asks of this number.", NOT_KEPT)
            return Explanation(what, value, lines, tensor)
        train, batch = self._curves.train, self._batch(step)
        points = Points(train.inputs[batch], train.targets[batch])
        lines, code = explain_gradient(net, self._task, points, self._spec, name, index)
        return Explanation(what, value, lines, tensor, code)

    def _unit(self, net: MLP, unit: int, place: np.ndarray) -> Explanation:
        """Return what a unit, counted through the whole net with the inputs first, answers at a place (D,)."""
        inputs = self._inputs(place)
        features = self._dataset.inputs.features
        where = f"at {_where(place)}"
        if unit < len(features):
            name, value = features[unit], float(inputs[0, unit])
            lines, code = self._feature(name, place, value), (inputs_in_code(inputs), f"x[0, {unit}]")
            return Explanation(f"the input {FEATURES[name]} {where}", value, lines, "", code)
        before = len(features)
        sizes = (*self._spec.units, self._task.outputs)
        titles = [title for part, title in self._titles.items() if part != WIDE]
        for layer, (title, units) in enumerate(zip(titles, sizes, strict=True)):
            if unit < before + units:
                answer = explain_unit(net, self._spec.activation, inputs, layer, unit - before)
                what = f"the answer of unit {unit - before} of {title} {where}"
                lines = answer.lines if layer else (*self._standardised(place), *answer.lines)
                return Explanation(what, answer.value, lines, "", answer.code)
            before += units
        raise RunError(f"There is no unit {unit}: expected one from 0 to {before - 1}.")

    def _told(self, net: MLP, place: np.ndarray) -> Explanation:
        """Return what the net tells at a place (D,), as it is drawn; see ``Task.surface``."""
        inputs, where = self._inputs(place), _where(place)
        with looking(net):
            outputs = net(inputs)
        value = float(self._task.surface(outputs)[0])
        answer = explain_unit(net, self._spec.activation, inputs, len(net.layers) - 1, 0)
        if len(net.layers) == 1:  # its sum is one of the inputs
            answer = answer._replace(lines=(*self._standardised(place), *answer.lines))
        if self._task.kind == "regression":
            return Explanation(f"what the net predicts at {where}", value, answer.lines, "", answer.code)
        *lead, output = answer.code
        if self._task.kind == "classes":
            return self._winner(outputs[0], value, where, (*lead, f"z = {output.removesuffix('[0, 0]')}"))
        squeezed = f"p = 1 / (1 + exp(−z)) = 1 / (1 + exp({word(-answer.value)})) = {word(value)}"
        what = f"the probability of {self._dataset.problem.classes[1]} that the net gives at {where}"
        return Explanation(what, value, (*answer.lines, squeezed), "", (*lead, f"torch.sigmoid({output})"))

    def _winner(self, outputs: Tensor, value: float, where: str, lead: tuple[str, ...]) -> Explanation:
        """Return which class wins with outputs (O,) and how surely; the number that is drawn holds both."""
        classes = self._dataset.problem.classes
        shares, raised = torch.softmax(outputs, 0), outputs.exp()
        winner, least = int(shares.argmax()), 1 / len(classes)
        told = [f"{word(float(z))} ({name})" for z, name in zip(outputs, classes, strict=True)]
        sum_ = " + ".join(f"exp({word(float(z))})" for z in outputs)
        lines = (
            f"z = {', '.join(told)}",
            f"p = exp(z) / Σ exp(z) = exp({word(float(outputs[winner]))}) / ({sum_}) "
            f"= {word(float(raised[winner]))} / {word(float(raised.sum()))} = {word(float(shares[winner]))}",
            f"drawn: class {winner} + 0.999 · (p − 1/{len(classes)}) / (1 − 1/{len(classes)}) = {word(value)}",
        )
        code = (
            *lead,
            "p, winner = torch.softmax(z[0], 0).max(dim=0)",
            f"winner + 0.999 * (p - {least!r}) / (1 - {least!r})",
        )
        return Explanation(
            f"the winner at {where}, {classes[winner]}, and how sure the net is of it", value, lines, "", code
        )

    def _inputs(self, place: np.ndarray) -> Tensor:
        return torch.tensor(self._dataset.inputs(place[None]))

    def _standardised(self, place: np.ndarray) -> tuple[str, ...]:
        """Return that the net is given other numbers than the coordinates of a place (D,), where it is."""
        if not self._spec.standardise:
            return ()
        scaled = ", ".join(self._scaled(place).values())
        return (f"standardised, by mean and deviation of the training points: {scaled}",)

    def _scaled(self, place: np.ndarray) -> dict[str, str]:
        """Return how each coordinate of a place (D,) is standardised, by its letter."""
        centre, scale = self._dataset.inputs.centre, self._dataset.inputs.scale
        rows = zip("xy", place, centre, scale, (place - centre) / scale, strict=False)
        return {
            letter: f"{letter} = ({word(float(here))} − {factor(float(middle))}) / {word(float(width))} = "
            f"{word(float(result))}"
            for letter, here, middle, width, result in rows
        }

    def _feature(self, name: str, place: np.ndarray, value: float) -> tuple[str, ...]:
        """Return how an input follows from the coordinates of a place (D,)."""
        centre, scale = self._dataset.inputs.centre, self._dataset.inputs.scale
        scaled = [float(number) for number in (place - centre) / scale]
        lines = [line for letter, line in self._scaled(place).items() if letter in name]
        if name in PRODUCTS:
            x, y = factor(scaled[0]), factor(scaled[-1])
            lines.append(f"{FEATURES[name]} = {PRODUCTS[name].format(x=x, y=y)} = {word(value)}")
        return tuple(lines)


def _where(place: np.ndarray) -> str:
    return ", ".join(f"{name} = {word(float(number))}" for name, number in zip("xy", place, strict=False))
