"""One look at a dense net: a single forward pass over all points and over the grid, seen by all probes."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engine.data.dataset import Dataset
from engine.nets.mlp import MLP
from engine.probes.recorder import looking, record


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What one look saw.

    Outputs (n, O) for each group of places, ``hidden`` activations (n, units) on the training points, and ``units``
    (g * g, all units) at the cells of the neurons' maps: inputs first, outputs last.
    """

    train: Tensor
    validation: Tensor
    grid: Tensor
    hidden: tuple[Tensor, ...]
    units: Tensor


class Look:
    """All places at which a net is looked at, put together once.

    ``grid`` (P, D) are coordinates, ``cells`` (g, g) the places of the grid that the neurons' maps show.
    """

    def __init__(self, dataset: Dataset, grid: np.ndarray, cells: np.ndarray) -> None:
        parts = (dataset.train.inputs, dataset.validation.inputs, dataset.inputs(grid))
        self._sizes = [len(part) for part in parts]
        self._inputs = torch.from_numpy(np.concatenate(parts))  # (n, F)
        self._cells = torch.from_numpy(cells.ravel() + self._sizes[0] + self._sizes[1])  # (g * g,)

    def take(self, net: MLP) -> Seen:
        """Return what ``net`` says everywhere, in evaluation mode and without a trace."""
        names = [f"activations.{index}" for index in range(len(net.activations))]
        with looking(net), record(net, names) as seen:
            outputs = net(self._inputs)  # (n, O)
        train, validation, grid = outputs.split(self._sizes)
        hidden = tuple(seen[name] for name in names)
        units = [part.index_select(0, self._cells) for part in (self._inputs, *hidden, outputs)]
        on_train = tuple(part[: self._sizes[0]] for part in hidden)
        return Seen(train, validation, grid, on_train, torch.cat(units, dim=1))

    def validate(self, net: MLP) -> Tensor:
        """Return the outputs (n, O) of ``net`` on the validation points alone, as ``take`` does."""
        first, count = self._sizes[:2]
        with looking(net):
            return net(self._inputs[first : first + count])
