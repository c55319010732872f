"""Reading a source from both ends by cells with gates, and the cell that writes: what all nets here have that are
recurrent.
"""

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn

from engine.nets.sequences.cell import Cell
from engine.nets.sequences.gru import GRUCell
from engine.nets.sequences.lstm import LSTMCell
from engine.nets.sequences.recurrent import Recurrent

Kind = Literal["gru", "lstm"]
Carried = tuple[Tensor, ...]
"""What a cell carries along, (B, C) each, the hidden state first."""
CELLS: dict[Kind, type[Cell]] = {"gru": GRUCell, "lstm": LSTMCell}
PARTS = ("hidden", "cell")
"""The same by names, in the state of a net that writes; a GRU has the first alone."""


class Encoded(NamedTuple):
    """What was read: ``memory`` (B, S, C), what stands at each symbol, 0 at filling; and the ``last`` state, each part
    (B, C), in which writing begins.
    """

    memory: Tensor
    last: Carried


class Encoder(nn.Module):
    """Reads ``symbols`` by vectors of so many ``dimensions``, with so many ``units`` each way: C is twice as many."""

    def __init__(self, symbols: int, dimensions: int, units: int, cell: Kind) -> None:
        super().__init__()
        self.embedding = nn.Embedding(symbols, dimensions)
        self.recurrent = Recurrent(lambda inputs: CELLS[cell](inputs, units), dimensions, bidirectional=True)
        self.bridge = nn.Linear(2 * units, 2 * units)
        if CELLS[cell].STATES > 1:
            self.bridge_cell = nn.Linear(2 * units, 2 * units)

    def forward(self, sources: Tensor, known: Tensor) -> Encoded:
        """Read ``sources`` (B, S), of which ``known`` (B, S) tells what is more than filling; that is left out."""
        read = self.recurrent(self.embedding(sources), known.sum(dim=1))
        both = zip(read.states["0.ahead"], read.states["0.back"], strict=True)
        hidden, *cell = (torch.cat(ends, dim=1) for ends in both)  # (B, C) each
        last = (torch.tanh(self.bridge(hidden)), *(self.bridge_cell(part) for part in cell))  # a cell has no bounds
        return Encoded(read.outputs, last)


class Writer(nn.Module):
    """The cell that writes, and the vectors of the symbols written.

    It reads them with so many numbers ``more`` at each step, and has so many ``units``. As in ``Recurrent`` torch's own
    kernel does it where the cell has one.
    """

    def __init__(self, symbols: int, dimensions: int, units: int, cell: Kind, more: int = 0) -> None:
        super().__init__()
        self.embedding = nn.Embedding(symbols, dimensions)
        self.cell = CELLS[cell](dimensions + more, units)

    def step(self, read: Tensor, state: Carried) -> Carried:
        """Return the state after reading (B, dimensions + more)."""
        return self.stepping()(read, state)

    def stepping(self) -> Callable[[Tensor, Carried], Carried]:
        """Return what does such a step, with the weights of all gates put together once for many steps."""
        cell = self.cell
        if cell.kernel is None:
            of_hidden = cell.of_hidden()
            return lambda read, state: cell.step(cell.of_input(read), of_hidden(state[0]), state).state
        weights = cell.stacked()
        if cell.kernel == "lstm":
            return lambda read, state: torch.lstm_cell(read, state, *weights)
        return lambda read, state: (torch.gru_cell(read, *state, *weights),)

    def run(self, read: Tensor, state: Carried) -> Tensor:
        """Return the hidden states (B, T, C) after reading each of (B, T, dimensions + more)."""
        if self.cell.kernel is None:
            hidden: list[Tensor] = []
            go_on = self.stepping()
            for one in read.unbind(1):
                state = go_on(one, state)
                hidden.append(state[0])
            return torch.stack(hidden, dim=1)
        begin, weights = tuple(part[None] for part in state), self.cell.stacked()
        if self.cell.kernel == "lstm":
            return torch.lstm(read, begin, weights, True, 1, 0.0, False, False, True)[0]
        return torch.gru(read, begin[0], weights, True, 1, 0.0, False, False, True)[0]


def named(state: Carried) -> dict[str, Tensor]:
    """Return what a cell carries along, by the names of ``PARTS``."""
    return dict(zip(PARTS, state, strict=False))


def carried(state: Mapping[str, Tensor]) -> Carried:
    """Return what a cell carries along, out of the state of a net that writes."""
    return tuple(state[name] for name in PARTS if name in state)
