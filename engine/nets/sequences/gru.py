"""The gated recurrent unit (Cho et al. 2014, arXiv 1406.1078): two gates say what is forgotten and what is taken in."""

import torch
from torch import Tensor

from engine.nets.sequences.cell import Cell, Gate, State, Step


class GRUCell(Cell):
    """r = sigma(reset), z = sigma(update), n = tanh(W x + b + r * (U h + c)), h' = (1 - z) * n + z * h.

    The reset gate is applied behind the product with U, as torch and cuDNN have it; in the paper it stands before.
    """

    GATES = ("reset", "update", "candidate")

    def __init__(self, inputs: int, units: int, *, norm: bool = False) -> None:
        super().__init__(inputs, units)
        self.reset, self.update = Gate(inputs, units, norm=norm), Gate(inputs, units, norm=norm)
        self.candidate = Gate(inputs, units, norm=norm, hidden_bias=True)
        self.kernel = None if norm else "gru"

    def step(self, read: Tensor, kept: Tensor, state: State) -> Step:
        """Return the hidden state after reading, with both gates and the candidate."""
        (before,) = state
        read_reset, read_update, read_candidate = read.chunk(3, dim=-1)
        kept_reset, kept_update, kept_candidate = kept.chunk(3, dim=-1)
        reset = torch.sigmoid(read_reset + kept_reset)
        update = torch.sigmoid(read_update + kept_update)
        candidate = torch.tanh(read_candidate + reset * kept_candidate)
        hidden = (1 - update) * candidate + update * before
        return Step((hidden,), {"reset": reset, "update": update, "candidate": candidate, "hidden": hidden})
