"""Many nets that differ by their seed alone, trained as one until each has reached a score: who does, and when.

The same initial weights, the same batches, the same optimiser as ``engine.training.fit`` gives each of them alone; but
sums are added up in another order, so that numbers agree to rounding and not to the last bit.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from engine.errors import SpecError
from engine.nets.many_mlp import ManyMLP
from engine.nets.mlp import MLP
from engine.nets.mlp_spec import MLPSpec
from engine.training.fit import Points, batches
from engine.training.optimisers import make_optimiser
from engine.training.settings import TrainingSpec
from engine.training.task import Task


def race(
    shape: MLPSpec, spec: TrainingSpec, seeds: Sequence[int], task: Task, train: Points, validation: Points
) -> list[int | None]:
    """Return for each seed the step at which the validation score had reached ``spec.target_score``.

    It is None for a net that did not reach it within ``spec.max_epochs``. All nets are of ``shape``; as in a run, they
    are asked after whole epochs. Raises SpecError for settings that nets cannot be trained with as one.
    """
    if spec.l1 or spec.l2 or spec.schedule != "constant" or spec.warm_up_epochs:
        raise SpecError("Nets can be trained as one only with a constant learning rate and without penalties.")
    inputs = train.inputs.shape[1]
    nets = ManyMLP(shape, [MLP(shape, inputs, task.outputs, seed) for seed in seeds])
    optimiser = make_optimiser(nets, spec)
    orders = [batches(len(train.targets), spec.replace(seed=seed)) for seed in seeds]
    reached: list[int | None] = [None] * len(seeds)
    number = 0
    while True:
        drawn = [next(order) for order in orders]
        epoch = drawn[0][0]
        if epoch.is_integer():
            _note(reached, number, _scores(nets, task, validation, len(seeds)), spec.target_score)
            if None not in reached or epoch >= spec.max_epochs:
                return reached
        chosen = torch.stack([places for _, places in drawn])  # (S, B)
        _learn(nets, optimiser, task, train.inputs[chosen], train.targets[chosen])
        number += 1


def _learn(nets: ManyMLP, optimiser: torch.optim.Optimizer, task: Task, inputs: Tensor, targets: Tensor) -> None:
    """Make one update of all nets with inputs (S, B, F) and targets (S, B)."""
    optimiser.zero_grad()
    outputs = nets(inputs)  # (S, B, O)
    # The mean over all batches, times their number, is the sum of their means: each net gets its own gradient.
    loss = task.loss(outputs.flatten(0, 1), targets.flatten()) * len(targets)
    loss.backward()
    optimiser.step()


def _scores(nets: ManyMLP, task: Task, points: Points, count: int) -> list[float]:
    with torch.no_grad():
        outputs = nets(points.inputs.expand(count, -1, -1))  # (S, n, O)
    return [task.score(part, points.targets) for part in outputs]


def _note(reached: list[int | None], number: int, scores: Sequence[float], target: float) -> None:
    for place, score in enumerate(scores):
        if reached[place] is None and score >= target:
            reached[place] = number
