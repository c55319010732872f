"""The plain recurrent cell (Elman 1990): a layer that reads its own last output beside what comes next."""

from typing import Literal

import torch
from torch import Tensor

from engine.nets.sequences.cell import Cell, Gate, State, Step


class RNNCell(Cell):
    """h' = f(W x + b + U h), with tanh or ReLU for f.

    With ReLU and U at first the identity it remembers for long (Le, Jaitly and Hinton 2015, arXiv 1504.00941).
    """

    GATES = ("update",)

    def __init__(
        self, inputs: int, units: int, *, activation: Literal["tanh", "relu"] = "tanh", norm: bool = False
    ) -> None:
        super().__init__(inputs, units)
        self.update = Gate(inputs, units, norm=norm)
        self.activation = activation
        self.kernel = None if norm else "rnn_tanh" if activation == "tanh" else "rnn_relu"

    def step(self, read: Tensor, kept: Tensor, state: State) -> Step:
        """Return the hidden state after reading."""
        sums = read + kept
        hidden = torch.tanh(sums) if self.activation == "tanh" else torch.relu(sums)
        return Step((hidden,), {"hidden": hidden})
