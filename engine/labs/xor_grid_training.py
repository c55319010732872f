"""Trains the nets of one place of the XOR grid, all seeds as one."""

from functools import lru_cache
from typing import Any

import torch

from engine.data.dataset import Dataset, Part
from engine.data.points import make_dataset
from engine.labs.playground import PlaygroundSpec
from engine.labs.sweep import Place
from engine.labs.xor_grid import XorGridSpec, seeds_of, settings_of
from engine.training.fit import Points
from engine.training.race import race
from engine.training.task import Task, make_task


def train(spec: XorGridSpec, place: Place) -> dict[str, Any]:
    """Return ``steps``: of each seed, the step at which it had solved XOR, None if it did not."""
    net = PlaygroundSpec().replace(**settings_of(spec, place))
    dataset = _dataset()
    task = make_task(dataset.problem, net.loss)
    train, validation = (_points(part, task) for part in (dataset.train, dataset.validation))
    return {"steps": race(net, net, list(seeds_of(spec)), task, train, validation)}


@lru_cache(maxsize=1)
def _dataset() -> Dataset:
    return make_dataset(PlaygroundSpec(dataset="xor"))


def _points(part: Part, task: Task) -> Points:
    return Points(torch.tensor(part.inputs), task.targets(torch.tensor(part.targets)))
