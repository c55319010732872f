"""Checkpoints: all that a training needs to go on from a step as if it had never stopped, as arrays by name.

    net.<tensor>                  parameters and buffers
    gradient.<parameter>          the gradients of this step, which the next update is made of
    optimizer.<parameter>.<key>   the optimiser's own: momentum, running means, counts
    generator.<name>              states of random generators, uint8
    number.<name>                 what is one number, float64: ``number``, ``epoch`` and ``loss`` of the step, and more

A checkpoint is taken between backward and update, where ``engine.training.fit`` yields.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from engine.errors import DataError
from engine.readings import Arrays
from engine.training.experiment import Step


@dataclass(frozen=True, slots=True)
class Training:
    """A net, its optimiser, and the random generators that are drawn from while it learns."""

    net: nn.Module
    optimiser: torch.optim.Optimizer
    generators: Mapping[str, torch.Generator]


def save(training: Training, step: Step, numbers: Mapping[str, float]) -> Arrays:
    """Return a copy of where ``training`` stands at ``step``, with some ``numbers`` of the caller's."""
    found: dict[str, Tensor] = {f"net.{name}": tensor for name, tensor in training.net.state_dict().items()}
    for name, parameter in training.net.named_parameters():
        if parameter.grad is not None:
            found[f"gradient.{name}"] = parameter.grad
        for key, value in training.optimiser.state.get(parameter, {}).items():
            if isinstance(value, Tensor):
                found[f"optimizer.{name}.{key}"] = value
    for name, generator in training.generators.items():
        found[f"generator.{name}"] = generator.get_state()
    all_numbers = {"number": step.number, "epoch": step.epoch, "loss": step.loss, **numbers}
    arrays = {name: tensor.detach().cpu().numpy().copy() for name, tensor in found.items()}
    return arrays | {f"number.{name}": np.array(value, np.float64) for name, value in all_numbers.items()}


def load(arrays: Arrays, training: Training) -> tuple[Step, dict[str, float]]:
    """Put ``training``, of the same settings, where it stood when ``arrays`` were saved; return step and numbers."""
    load_net(training.net, _below(arrays, "net"))
    gradients = _below(arrays, "gradient")
    for name, parameter in training.net.named_parameters():
        parameter.grad = _tensor(gradients[name]) if name in gradients else None
        state: dict[str, Any] = {key: _tensor(a) for key, a in _below(arrays, f"optimizer.{name}").items()}
        if state:
            training.optimiser.state[parameter] = state
    for name, generator in training.generators.items():
        generator.set_state(_tensor(arrays[f"generator.{name}"]))
    numbers = {name: float(array) for name, array in _below(arrays, "number").items()}
    step = Step(int(numbers.pop("number")), numbers.pop("epoch"), numbers.pop("loss"))
    return step, numbers


def load_net(net: nn.Module, tensors: Arrays) -> None:
    """Put parameters and buffers into ``net`` by their names; raises DataError unless they are just those it has."""
    _check_fit({name: tensor.numpy() for name, tensor in net.state_dict().items()}, tensors)
    net.load_state_dict({name: _tensor(array) for name, array in tensors.items()})


def _check_fit(expected: Arrays, found: Arrays) -> None:
    """Raise DataError unless the same names have arrays of the same shapes and dtypes."""
    for name in (*expected, *found):
        if name not in found or name not in expected:
            what = "lacks" if name not in found else "holds a strange"
            raise DataError(f"This file {what} tensor {name[:60]!r}: expected those of the net, {', '.join(expected)}.")
        here, there = expected[name], found[name]
        if here.shape != there.shape or here.dtype != there.dtype:
            raise DataError(
                f"Tensor {name} of this file does not fit the net: expected {_form(here)}, received {_form(there)}."
            )


def _form(array: np.ndarray) -> str:
    return f"{array.dtype} {' × '.join(map(str, array.shape)) or 'number'}"


def _below(arrays: Arrays, prefix: str) -> Arrays:
    start = f"{prefix}."
    return {name.removeprefix(start): array for name, array in arrays.items() if name.startswith(start)}


def _tensor(array: np.ndarray) -> Tensor:
    return torch.from_numpy(array.copy())
