"""Checkpoints: all that a training needs to go on from a step as if it had never stopped, as arrays by name.

    net.<tensor>                  parameters and buffers
    gradient.<parameter>          the gradients of this step, which the next update is made of
    optimizer.<parameter>.<key>   the optimiser's own: momentum, running means, counts
    generator.<name>              states of random generators, uint8
    number.<name>                 what is one number, float64: ``number``, ``epoch`` and ``loss`` of the step, and more

A checkpoint is taken between backward and update, where ``engine.training.fit`` yields.
"""

import math
from collections.abc import Callable, Iterable, Mapping
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


Held = Callable[[Mapping[str, float]], Iterable[nn.Module]]
"""Which parts of a net may never have been updated, by the numbers of a checkpoint."""


def load(
    arrays: Arrays, training: Training, names: Iterable[str], held: Held = lambda _: ()
) -> tuple[Step, dict[str, float]]:
    """Put ``training``, new and of the same settings, where it stood when ``arrays`` were saved; return step and
    numbers.

    ``names`` are those of the numbers that the caller has given; of parts that were ``held`` the optimiser may remember
    nothing. Raises DataError where the arrays are not those of
    such a training: they may come from a file that a person brought.
    """
    step, numbers = _numbers(arrays, names)
    tensors = {name: array for name, array in arrays.items() if not name.startswith("number.")}
    expected = _expected(training, step)
    for start in _without_state(training.net, tensors, held(numbers)):
        expected = {name: array for name, array in expected.items() if not name.startswith(start)}
    _check_fit(expected, tensors)
    load_net(training.net, _below(arrays, "net"))
    gradients = _below(arrays, "gradient")
    for name, parameter in training.net.named_parameters():
        parameter.grad = _tensor(gradients[name]) if name in gradients else None
        state: dict[str, Any] = {key: _tensor(a) for key, a in _below(arrays, f"optimizer.{name}").items()}
        if state:
            training.optimiser.state[parameter] = state
    for name, generator in training.generators.items():
        try:
            generator.set_state(_tensor(arrays[f"generator.{name}"]))
        except RuntimeError:
            raise DataError(f"The state of the random generator {name} in this checkpoint is none.") from None
    return step, numbers


def _numbers(arrays: Arrays, names: Iterable[str]) -> tuple[Step, dict[str, float]]:
    """Return the step and the other numbers of a checkpoint; raises DataError where they are not all there."""
    found = _below(arrays, "number")
    expected = {"number", "epoch", "loss", *names}
    if found.keys() != expected or any(array.shape or array.dtype != np.float64 for array in found.values()):
        raise DataError(
            f"This checkpoint does not hold the numbers that it should: expected {', '.join(sorted(expected))}."
        )
    numbers = {name: float(array) for name, array in found.items()}
    number, epoch, loss = numbers.pop("number"), numbers.pop("epoch"), numbers.pop("loss")
    if not (number >= 0 and number.is_integer() and 0 <= epoch < math.inf):
        raise DataError(f"This checkpoint is of no step: received number {number:g}, epoch {epoch:g}.")
    return Step(int(number), epoch, loss), numbers


def _without_state(net: nn.Module, tensors: Arrays, held: Iterable[nn.Module]) -> list[str]:
    """Return how the names of an optimiser's state begin of which there is nothing, for parameters that were held."""
    spared = {id(parameter) for part in held for parameter in part.parameters()}
    starts = [f"optimizer.{name}." for name, parameter in net.named_parameters() if id(parameter) in spared]
    return [start for start in starts if not any(name.startswith(start) for name in tensors)]


def _expected(training: Training, step: Step) -> Arrays:
    """Return arrays of the names, shapes and dtypes that a checkpoint of ``training`` has at ``step``.

    What an optimiser keeps is seen after it has made an update; what that does to ``training`` is overwritten next.
    """
    for parameter in training.net.parameters():
        parameter.grad = torch.zeros_like(parameter) if parameter.requires_grad else None
    if step.number:
        training.optimiser.step()
    expected = save(training, step, {})
    training.optimiser.state.clear()
    return {name: array for name, array in expected.items() if not name.startswith("number.")}


def load_net(net: nn.Module, tensors: Arrays) -> None:
    """Put parameters and buffers into ``net`` by their names; raises DataError unless they are just those it has."""
    _check_fit({name: tensor.numpy() for name, tensor in net.state_dict().items()}, tensors)
    net.load_state_dict({name: _tensor(array) for name, array in tensors.items()})


def _check_fit(expected: Arrays, found: Arrays) -> None:
    """Raise DataError unless the same names have arrays of the same shapes and dtypes."""
    for name in (*expected, *found):
        if name not in found:
            raise DataError(f"The file lacks {name}, which a net and a training of these settings have.")
        if name not in expected:
            raise DataError(f"The file holds {name[:60]!r}, which a net and a training of these settings do not have.")
        here, there = expected[name], found[name]
        if here.shape != there.shape or here.dtype != there.dtype:
            raise DataError(
                f"{name} in this file does not fit the settings: expected {_form(here)}, received {_form(there)}."
            )


def _form(array: np.ndarray) -> str:
    return f"{array.dtype} {' × '.join(map(str, array.shape)) or 'number'}"


def _below(arrays: Arrays, prefix: str) -> Arrays:
    start = f"{prefix}."
    return {name.removeprefix(start): array for name, array in arrays.items() if name.startswith(start)}


def _tensor(array: np.ndarray) -> Tensor:
    return torch.from_numpy(array.copy())
