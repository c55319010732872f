"""One look at a dense net: a single forward pass over all points and over the grid, seen by all probes."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engine.data.dataset import Dataset
from engine.nets.mlp import MLP
from engine.probes.looking import looking


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What one look saw.

    Outputs (n, O) for each group of places, ``hidden`` activations (n, units) float32 on the training points, and
    ``units`` (all units, g * g) float32 at the cells of the neurons' maps: inputs first, outputs last.
    """

    train: Tensor
    validation: Tensor
    grid: Tensor
    hidden: tuple[np.ndarray, ...]
    units: np.ndarray


class Look:
    """All places at which a net is looked at, put together once.

    ``grid`` (P, D) are coordinates, ``cells`` (g, g) the places of the grid that the neurons' maps show.
    """

    def __init__(self, dataset: Dataset, grid: np.ndarray, cells: np.ndarray) -> None:
        parts = (dataset.train.inputs, dataset.validation.inputs, dataset.inputs(grid))
        self._sizes = [len(part) for part in parts]
        self._inputs = torch.from_numpy(np.concatenate(parts))  # (n, F)
        self._cells = cells.ravel() + self._sizes[0] + self._sizes[1]  # (g * g,)

    def take(self, net: MLP) -> Seen:
        """Return what ``net`` says everywhere, in evaluation mode and without a trace."""
        with looking(net):
            activations, outputs = net.trace(self._inputs)  # (n, units) each, (n, O)
        hidden = tuple(part.numpy() for part in activations)
        everything = (self._inputs.numpy(), *hidden, outputs.numpy())
        units = np.ascontiguousarray(np.concatenate([part.take(self._cells, axis=0) for part in everything], axis=1).T)
        train, validation, grid = outputs.split(self._sizes)
        return Seen(train, validation, grid, tuple(part[: self._sizes[0]] for part in hidden), units)

    def validate(self, net: MLP) -> Tensor:
        """Return the outputs (n, O) of ``net`` on the validation points alone, as ``take`` does."""
        first, count = self._sizes[:2]
        with looking(net):
            return net(self._inputs[first : first + count])
