"""The playground's experiment: a perceptron learns points, and every probe looks at it."""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import NamedTuple, get_args

import numpy as np
import torch
from torch import nn

from engine.data.points import make_dataset
from engine.data.points_spec import input_names
from engine.explanation import Cell, Explanation
from engine.labs.playground import PlaygroundSpec, layer_names, part_titles
from engine.labs.playground_numbers import Numbers
from engine.labs.playground_script import script
from engine.nets.mlp import MLP
from engine.nets.mlp_spec import WIDE, Frozen
from engine.probes import gradients
from engine.probes.boundary import grid_coordinates, make_axis, map_cells, read_boundary, read_neurons
from engine.probes.confusion import Confusion, read_confusion
from engine.probes.look import Look, Seen
from engine.probes.scene import Network, Scatter
from engine.probes.tensors import GradientMap, Weights, read_buffers, read_gradient_map, read_weights
from engine.readings import Arrays, Reading
from engine.training import checkpoint
from engine.training.edits import is_edit
from engine.training.experiment import Change, Moment, Step
from engine.training.fit import Points, fit
from engine.training.hands import Hands
from engine.training.optimisers import make_optimiser
from engine.training.rows import join, split
from engine.training.schedules import rate_factor
from engine.training.stop import Stop
from engine.training.task import make_task


class Snapshot(NamedTuple):
    """All that a look at the net depends on, arrays as rows of bytes (see ``engine.training.rows``).

    ``before`` are the weight matrices noted at a step, see ``foresee``; ``gradients`` are empty where there are none.
    """

    step: Step
    rate: float
    batch_losses: list[float]
    before: tuple[int, bytes] | None
    tensors: bytes
    gradients: bytes


class PlaygroundExperiment:
    """A perceptron on points; implements ``engine.training.experiment.Experiment``.

    Raises DataError where an uploaded table cannot be learnt from, SpecError where the settings do not fit together.
    """

    def __init__(self, spec: PlaygroundSpec) -> None:
        self.spec = spec
        self.dataset = make_dataset(spec)
        self.task = make_task(self.dataset.problem, spec.loss)
        self.hidden = layer_names(spec)[:-1]
        titles = part_titles(spec)
        self.parts = tuple(titles)
        self._called = {part: title if part in self.hidden else f"the {title}" for part, title in titles.items()}
        self.scalars = (
            *("loss", "val_loss", "score", "val_score", "batch_loss", "learning_rate", "epoch"),
            *(f"gradient.{part}" for part in self.parts),
            *(f"update.{part}" for part in self.parts),
            *(f"dead.{layer}" for layer in self.hidden),
            *(f"saturated.{layer}" for layer in self.hidden),
        )
        self._axis = make_axis(self.dataset)
        cells = map_cells(self._axis)
        self._map_side = len(cells)
        self._look = Look(self.dataset, grid_coordinates(self._axis), cells)
        self._train_targets = self.task.targets(torch.tensor(self.dataset.train.targets))
        self._validation_targets = self.task.targets(torch.tensor(self.dataset.validation.targets))
        self._rate = spec.learning_rate
        self._still = spec.frozen
        self._start()

    def opening(self) -> tuple[Reading, ...]:
        """Return the points, the axes of the grid and the columns of the drawing."""
        units = np.array([len(self.dataset.inputs.features), *self.spec.units, self.task.outputs], np.int32)
        return Scatter.of(self.dataset), self._axis, Network(units)

    def words(self) -> Mapping[str, str]:
        """Return the name of the score, the size of the net, and what to know about the data."""
        problem = self.dataset.problem
        halves = f"{len(self.dataset.train)} training and {len(self.dataset.validation)} validation points"
        return {
            "score": self.task.score_name,
            "data": f"{problem.title}: {halves}",
            "net": f"{sum(parameter.numel() for parameter in self._parameters.values())} parameters",
            "inputs": ", ".join(input_names(self.spec)),
            "classes": ", ".join(problem.classes),
            "warnings": " ".join(self.dataset.warnings),
        }

    def steps(self, since: Arrays | None = None) -> Iterator[Step]:
        """Go back to the initial weights, or to a checkpoint, and train until a stop condition holds."""
        self._start()
        first = None if since is None else self._restore(since)
        points = Points(torch.tensor(self.dataset.train.inputs), self._train_targets)
        optimiser, hands = self._training.optimiser, self._hands
        for step in fit(self.net, self.task, points, self.spec, self.rate, optimiser, first, self._frozen, hands.done):
            self._step = step
            self._batch_losses.append(step.loss)
            yield step
            if hands.busy:  # this step comes once more
                self._batch_losses = self._batch_losses[:-1]
            elif self._stop.asks(step) and self._stop.reached(step, *self._validate()):
                return
        self._stop.reason = f"All {self.spec.max_epochs} epochs are done."

    def rate(self, epoch: float) -> float:
        """Return the learning rate of the update made at ``epoch``."""
        return self._rate * rate_factor(self.spec, epoch)

    def _frozen(self) -> list[nn.Module]:
        return self.net.parts_of(self._still)

    def _ever_frozen(self, numbers: Mapping[str, float]) -> list[nn.Module]:
        """Return the parts that may not have learnt before the checkpoint with these numbers."""
        since = {name for name in get_args(Frozen) if numbers.get(f"frozen_{name}")}
        return self.net.parts_of(tuple({*self.spec.frozen, *since}))

    @property
    def _flags(self) -> dict[str, float]:
        """Return what is held still as numbers of a checkpoint; of a wide part only where there is one."""
        named = [name for name in get_args(Frozen) if name != WIDE or self.spec.has_wide]
        return {f"frozen_{name}": float(name in self._still) for name in named}

    def foresee(self) -> None:
        """Take note of the weights now; see ``Experiment.foresee``."""
        self._before = (self._step.number, join(self._matrices))

    def observe(self, step: Step) -> Moment:
        """Run all probes on one look at the net."""
        seen = self._look.take(self.net)
        weights, gradient_map = read_weights(self._parameters), read_gradient_map(self._parameters)
        flow, flag = self._gradients(seen, weights, gradient_map)
        scalars = self._scores(seen) | {
            "batch_loss": sum(self._batch_losses) / len(self._batch_losses) if self._batch_losses else math.nan,
            "learning_rate": self.rate(step.epoch),
            "epoch": step.epoch,
        }
        self._batch_losses.clear()
        readings: list[Reading] = [
            read_boundary(self.task, seen.grid, self._axis),
            read_neurons(seen.units, self._map_side),
            weights,
            read_buffers(self.net),
            gradient_map,
        ]
        if self.dataset.problem.classes:
            readings.append(self._confusion(seen))
        return Moment(step.number, scalars | flow, tuple(readings), {"gradients": flag})

    def snapshot(self) -> Snapshot:
        """Return what ``observe`` looks at; the batch losses since the last look go with it."""
        losses, self._batch_losses = self._batch_losses, []
        gradients = [parameter.grad.numpy() for parameter in self._parameters.values() if parameter.grad is not None]
        return Snapshot(self._step, self._rate, losses, self._before, join(self._tensors), join(gradients))

    def adopt(self, snapshot: Snapshot) -> None:
        """Be as the experiment was that gave ``snapshot``."""
        self._step, self._rate, self._batch_losses, self._before, tensors, gradients = snapshot
        for array, values in zip(self._tensors, split(tensors, self._tensors), strict=True):
            array[...] = values
        parameters = self._parameters.values()
        shapes = [parameter.detach().numpy() for parameter in parameters] if gradients else []
        for parameter, values in zip_longest(parameters, split(bytearray(gradients), shapes)):
            parameter.grad = None if values is None else torch.from_numpy(values)

    def net_with(self, tensors: Arrays) -> tuple[MLP, torch.Tensor]:
        """Return a net with these parameters and buffers, in evaluation mode, and the validation points' inputs."""
        net = self._make_net()
        checkpoint.load_net(net, tensors)
        return net.eval(), torch.tensor(self.dataset.validation.inputs)

    def script(self, changes: Sequence[Change], steps: int) -> str:
        """Return the run written out; see ``engine.labs.playground_script``."""
        return script(self.spec, self.dataset, self.task, changes, steps)

    def explain(self, step: int, arrays: Arrays, cell: Cell) -> Explanation:
        """Return how one number of the frame of ``step`` came about; see ``engine.labs.playground_numbers``."""
        scalars = dict(zip(self.scalars, arrays["scalars"].tolist(), strict=True))
        numbers = Numbers(self.spec, self.dataset, self.task, self._axis, self._called)
        return numbers.explain(step, arrays, scalars, cell)

    def stop_reason(self) -> str | None:
        """Return in words why ``steps`` ended, or None if it has not."""
        return self._stop.reason

    def set(self, name: str, value: str) -> None:
        """Change a live setting, learning rate or frozen layers, from the next update on, or a number of the net now.

        Raises SpecError.
        """
        if is_edit(name):
            self._hands.set(name, value)
            self._before = None  # what the last update did cannot be told from what the hand did
            return
        changed = self.spec.with_live(name, value)
        if name == "learning_rate":
            self._rate = changed.learning_rate
        else:
            self._still = changed.frozen

    def checkpoint(self) -> Arrays:
        """Return a copy of all that is needed to go on from the step just yielded."""
        return checkpoint.save(
            self._training, self._step, {"learning_rate": self._rate, **self._flags, **self._stop.numbers}
        )

    def _start(self) -> None:
        """Make the net with its initial weights, and forget what was noted during an earlier walk."""
        self.net = self._make_net()
        self._parameters = dict(self.net.named_parameters())
        # Views, which follow the net as it learns: optimisers change it in place.
        self._tensors = [tensor.numpy() for tensor in self.net.state_dict().values()]
        self._matrices = [self._parameters[f"{part}.weight"].detach().numpy() for part in self.parts]
        optimiser = make_optimiser(self.net, self.spec)
        self._hands = Hands(self.net)
        self._training = checkpoint.Training(self.net, optimiser, {"dropout": self.net.dropout_generator})
        self._step = Step(0, 0.0, math.nan)
        self._before: tuple[int, bytes] | None = None
        self._batch_losses: list[float] = []
        self._stop = Stop(self.spec)

    def _make_net(self) -> MLP:
        return MLP(self.spec, len(self.dataset.inputs.features), self.task.outputs, self.spec.seed)

    def _restore(self, since: Arrays) -> Step:
        names = ("learning_rate", *self._flags, *self._stop.numbers)
        step, numbers = checkpoint.load(since, self._training, names, self._ever_frozen)
        self.set("learning_rate", repr(numbers["learning_rate"]))
        self._still = tuple(name for name in get_args(Frozen) if numbers.get(f"frozen_{name}"))
        self._stop.restore(numbers)
        return step

    def _validate(self) -> tuple[float, float]:
        """Return loss and score on the validation points."""
        outputs = self._look.validate(self.net)
        return float(self.task.loss(outputs, self._validation_targets)), self.task.score(
            outputs, self._validation_targets
        )

    def _scores(self, seen: Seen) -> dict[str, float]:
        train, validation = self._train_targets, self._validation_targets
        return {
            "loss": float(self.task.loss(seen.train, train)),
            "val_loss": float(self.task.loss(seen.validation, validation)),
            "score": self.task.score(seen.train, train),
            "val_score": self.task.score(seen.validation, validation),
        }

    def _gradients(self, seen: Seen, weights: Weights, gradient_map: GradientMap) -> tuple[dict[str, float], str]:
        """Return the scalars about the gradients, and the flag in words."""
        activation = self.spec.activation
        matrices = [f"{part}.weight" for part in self.parts]
        sizes = [gradients.root_mean_square(gradient_map.tensors[name]) for name in matrices]
        updates = map(gradients.update_ratio, [weights.tensors[name] for name in matrices], self._weights_before())
        by_layer = {
            "gradient": dict(zip(self.parts, sizes, strict=True)),
            "update": dict(zip(self.parts, updates, strict=True)),
            "dead": _shares(self.hidden, seen.hidden, gradients.dead_share, activation),
            "saturated": _shares(self.hidden, seen.hidden, gradients.saturated_share, activation),
        }
        scalars = {f"{what}.{layer}": value for what, part in by_layer.items() for layer, value in part.items()}
        called = [{self._called[layer]: value for layer, value in part.items()} for part in by_layer.values()]
        return scalars, gradients.describe(*called)

    def _weights_before(self) -> Sequence[np.ndarray | None]:
        """Return the weight matrices as they were before the last update; None for each if that was not foreseen."""
        if self._before is None or self._before[0] != self._step.number - 1:
            return [None] * len(self.parts)
        return list(split(self._before[1], self._matrices))

    def _confusion(self, seen: Seen) -> Confusion:
        return read_confusion(
            *(self._train_targets, self.task.predictions(seen.train)),
            *(self._validation_targets, self.task.predictions(seen.validation)),
            classes=len(self.dataset.problem.classes),
        )


def _shares(
    layers: tuple[str, ...], outputs: tuple[np.ndarray, ...], share: gradients.Share, activation: str
) -> dict[str, float]:
    return {layer: share(activation, output) for layer, output in zip(layers, outputs, strict=True)}
