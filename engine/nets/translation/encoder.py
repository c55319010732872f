"""Reading a source from both ends by gated recurrent units: what all nets here begin with that are recurrent."""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from engine.nets.sequences.gru import GRUCell
from engine.nets.sequences.recurrent import Recurrent


class Encoded(NamedTuple):
    """What was read: ``memory`` (B, S, C), what stands at each symbol, 0 at filling; and the ``last`` state (B, C), in
    which writing begins.
    """

    memory: Tensor
    last: Tensor


class Encoder(nn.Module):
    """Reads ``symbols`` by vectors of so many ``dimensions``, with so many ``units`` each way: C is twice as many."""

    def __init__(self, symbols: int, dimensions: int, units: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(symbols, dimensions)
        self.recurrent = Recurrent(lambda inputs: GRUCell(inputs, units), dimensions, bidirectional=True)
        self.bridge = nn.Linear(2 * units, 2 * units)

    def forward(self, sources: Tensor, known: Tensor) -> Encoded:
        """Read ``sources`` (B, S), of which ``known`` (B, S) tells what is more than filling; that is left out."""
        read = self.recurrent(self.embedding(sources), known.sum(dim=1))
        ends = torch.cat([read.states[name][0] for name in ("0.ahead", "0.back")], dim=1)  # (B, C)
        return Encoded(read.outputs, torch.tanh(self.bridge(ends)))


class Writer(nn.Module):
    """The cell that writes: the vectors of the symbols written, and a gated recurrent unit.

    It reads them with so many numbers ``more`` at each step, and has so many ``units``.
    """

    def __init__(self, symbols: int, dimensions: int, units: int, more: int = 0) -> None:
        super().__init__()
        self.embedding = nn.Embedding(symbols, dimensions)
        self.cell = GRUCell(dimensions + more, units)

    def step(self, read: Tensor, hidden: Tensor) -> Tensor:
        """Return the hidden state (B, C) after reading (B, dimensions + more), by torch's kernel for one step."""
        return torch.gru_cell(read, hidden, *self.cell.stacked())

    def run(self, read: Tensor, hidden: Tensor) -> Tensor:
        """Return the hidden states (B, T, C) after reading (B, T, dimensions + more), by torch's kernel for all."""
        states, _ = torch.gru(read, hidden[None], self.cell.stacked(), True, 1, 0.0, False, False, True)
        return states
