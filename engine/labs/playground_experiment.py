"""The playground's experiment: a perceptron learns points, and every probe looks at it."""

from collections.abc import Mapping, Sequence
from typing import get_args

import numpy as np
import torch
from torch import nn

from engine.data.points import make_dataset
from engine.data.points_spec import input_names
from engine.explanation import Cell, Explanation
from engine.labs.learning import CURVES, Learning, by_layer
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
from engine.probes.tensors import read_buffers, read_gradient_map, read_weights
from engine.readings import Arrays, Reading
from engine.training.experiment import Change, Moment, Step
from engine.training.fit import Points
from engine.training.task import make_task


class PlaygroundExperiment(Learning[PlaygroundSpec, MLP]):
    """A perceptron on points; implements ``engine.training.experiment.Experiment``.

    Raises DataError where an uploaded table cannot be learnt from, SpecError where the settings do not fit together.
    """

    def __init__(self, spec: PlaygroundSpec) -> None:
        self.dataset = make_dataset(spec)
        task = make_task(self.dataset.problem, spec.loss)
        self.hidden = layer_names(spec)[:-1]
        titles = part_titles(spec)
        self.parts = tuple(titles)
        self._called = {part: title if part in self.hidden else f"the {title}" for part, title in titles.items()}
        self.scalars = (
            *CURVES,
            *(f"gradient.{part}" for part in self.parts),
            *(f"update.{part}" for part in self.parts),
            *(f"dead.{layer}" for layer in self.hidden),
            *(f"saturated.{layer}" for layer in self.hidden),
        )
        self._axis = make_axis(self.dataset)
        cells = map_cells(self._axis)
        self._map_side = len(cells)
        self._look = Look(self.dataset, grid_coordinates(self._axis), cells)
        self._train_targets = task.targets(torch.tensor(self.dataset.train.targets))
        self._validation_targets = task.targets(torch.tensor(self.dataset.validation.targets))
        points = Points(torch.tensor(self.dataset.train.inputs), self._train_targets)
        super().__init__(spec, task, points, {part: f"{part}.weight" for part in self.parts})

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

    def make_net(self) -> MLP:
        """Return a perceptron with its initial weights."""
        return MLP(self.spec, len(self.dataset.inputs.features), self.task.outputs, self.spec.seed)

    def validate(self) -> tuple[float, float]:
        """Return loss and score on the validation points."""
        outputs, targets = self._look.validate(self.net), self._validation_targets
        return float(self.task.loss(outputs, targets)), self.task.score(outputs, targets)

    def generators(self) -> Mapping[str, torch.Generator]:
        """Return the one that dropout draws from."""
        return {"dropout": self.net.dropout_generator}

    def frozen(self) -> list[nn.Module]:
        """Return the layers that a person holds still now."""
        return self.net.parts_of(self.live.frozen)

    def ever_frozen(self, numbers: Mapping[str, float]) -> list[nn.Module]:
        """Return the parts that may not have learnt before the checkpoint with these numbers."""
        since = {name for name in get_args(Frozen) if numbers.get(f"frozen_{name}")}
        return self.net.parts_of(tuple({*self.spec.frozen, *since}))

    def live_numbers(self) -> dict[str, float]:
        """Return also what is held still; of a wide part only where there is one."""
        named = [name for name in get_args(Frozen) if name != WIDE or self.spec.has_wide]
        return super().live_numbers() | {f"frozen_{name}": float(name in self.live.frozen) for name in named}

    def set_live(self, numbers: Mapping[str, float]) -> None:
        """Hold still also what was held still; raises SpecError."""
        super().set_live(numbers)
        self.set("frozen", ",".join(name for name in get_args(Frozen) if numbers.get(f"frozen_{name}")))

    def observe(self, step: Step) -> Moment:
        """Run all probes on one look at the net."""
        seen = self._look.take(self.net)
        flow, flag = self._gradients(seen)
        halves = (seen.train, self._train_targets), (seen.validation, self._validation_targets)
        scalars = self.curves(step, *halves)
        readings: list[Reading] = [
            read_boundary(self.task, seen.grid, self._axis),
            read_neurons(seen.units, self._map_side),
            read_weights(self._parameters),
            read_buffers(self.net),
            read_gradient_map(self._parameters),
        ]
        if self.dataset.problem.classes:
            readings.append(self._confusion(seen))
        return Moment(step.number, scalars | flow, tuple(readings), {"gradients": flag})

    def net_with(self, tensors: Arrays) -> tuple[MLP, torch.Tensor]:
        """Return a net with these parameters and buffers, in evaluation mode, and the validation points' inputs."""
        return self.net_of(tensors), torch.tensor(self.dataset.validation.inputs)

    def script(self, changes: Sequence[Change], steps: int) -> str:
        """Return the run written out; see ``engine.labs.playground_script``."""
        return script(self.spec, self.dataset, self.task, changes, steps)

    def explain(self, step: int, arrays: Arrays, cell: Cell) -> Explanation:
        """Return how one number of the frame of ``step`` came about; see ``engine.labs.playground_numbers``."""
        scalars = dict(zip(self.scalars, arrays["scalars"].tolist(), strict=True))
        numbers = Numbers(self.spec, self.dataset, self.task, self._axis, self._called)
        return numbers.explain(step, arrays, scalars, cell)

    def _gradients(self, seen: Seen) -> tuple[dict[str, float], str]:
        """Return the scalars about the gradients, and the flag in words."""
        activation = self.spec.activation
        slopes, moved = self.flow()
        dead = _shares(self.hidden, seen.hidden, gradients.dead_share, activation)
        saturated = _shares(self.hidden, seen.hidden, gradients.saturated_share, activation)
        parts = (slopes, moved, dead, saturated)
        called = [{self._called[layer]: value for layer, value in part.items()} for part in parts]
        scalars = by_layer(gradient=slopes, update=moved, dead=dead, saturated=saturated)
        return scalars, gradients.describe(*called)

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
