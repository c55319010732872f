"""Readings of whole tensors of a net, by the tensors' own names: ``weights.layers.0.weight``."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from torch import nn

from engine.readings import Arrays, Reading


@dataclass(frozen=True, slots=True, eq=False)
class Tensors(Reading):
    """Base of readings that hold any number of tensors by name."""

    tensors: Mapping[str, np.ndarray]

    def __post_init__(self) -> None:
        for array in self.tensors.values():
            array.flags.writeable = False

    def arrays(self) -> Arrays:
        """Return the tensors under their full names, ``{"weights.layers.0.weight": ...}``."""
        return {f"{self.name}.{name}": array for name, array in self.tensors.items()}


@dataclass(frozen=True, slots=True, eq=False)
class Weights(Tensors):
    """All parameters, float32."""

    name: ClassVar[str] = "weights"


@dataclass(frozen=True, slots=True, eq=False)
class GradientMap(Tensors):
    """|dL/dp| for all parameters, float32; zero where a parameter has no gradient yet."""

    name: ClassVar[str] = "gradient_map"


@dataclass(frozen=True, slots=True, eq=False)
class Buffers(Tensors):
    """What a net keeps beside its parameters, float32: the running means and variances of batch norm."""

    name: ClassVar[str] = "buffers"


def read_buffers(net: nn.Module) -> Buffers:
    """Return a copy of the float32 buffers of a net; with its parameters they are all that it is."""
    kept = {name: buffer.numpy().copy() for name, buffer in net.named_buffers() if buffer.dtype == torch.float32}
    return Buffers(kept)


def read_weights(parameters: Mapping[str, nn.Parameter]) -> Weights:
    """Return a copy of parameters, as ``dict(net.named_parameters())`` has them."""
    return Weights({name: parameter.detach().numpy().copy() for name, parameter in parameters.items()})


def read_gradient_map(parameters: Mapping[str, nn.Parameter]) -> GradientMap:
    """Return the absolute gradients as they are now, just after backward."""
    return GradientMap(
        {
            name: np.zeros(parameter.shape, np.float32) if parameter.grad is None else np.abs(parameter.grad.numpy())
            for name, parameter in parameters.items()
        }
    )
