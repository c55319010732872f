"""Long short-term memory (Hochreiter and Schmidhuber 1997), with the forget gate (Gers, Schmidhuber and Cummins 2000).

With peepholes the gates see the cell as well (Gers and Schmidhuber 2000, "Recurrent nets that time and count").
"""

import torch
from torch import Tensor, nn

from engine.nets.sequences.cell import Cell, Gate, State, Step


class LSTMCell(Cell):
    """i, f, o = sigma(input, forget, output), g = tanh(candidate), c' = f * c + i * g, h' = o * tanh(c').

    With ``norm`` the cell is normalised too before it is bent (arXiv 1607.06450).
    """

    GATES = ("input", "forget", "candidate", "output")
    STATES = 2

    def __init__(self, inputs: int, units: int, *, norm: bool = False) -> None:
        super().__init__(inputs, units)
        self.input, self.forget = Gate(inputs, units, norm=norm), Gate(inputs, units, norm=norm)
        self.candidate, self.output = Gate(inputs, units, norm=norm), Gate(inputs, units, norm=norm)
        self.norm_cell = nn.LayerNorm(units) if norm else nn.Identity()
        self.kernel = None if norm else "lstm"

    def step(self, read: Tensor, kept: Tensor, state: State) -> Step:
        """Return the hidden state and the cell after reading, with all gates."""
        _, held = state
        sums = dict(zip(self.GATES, (read + kept).chunk(4, dim=-1), strict=True))
        taken = torch.sigmoid(self.peep("input", sums["input"], held))
        left = torch.sigmoid(self.peep("forget", sums["forget"], held))
        candidate = torch.tanh(sums["candidate"])
        cell = left * held + taken * candidate
        shown = torch.sigmoid(self.peep("output", sums["output"], cell))
        hidden = shown * torch.tanh(self.norm_cell(cell))
        gates = {"input": taken, "forget": left, "candidate": candidate, "output": shown, "cell": cell}
        return Step((hidden, cell), {**gates, "hidden": hidden})

    def peep(self, gate: str, sums: Tensor, cell: Tensor) -> Tensor:
        """Return the sums of a gate with what it sees of the cell, (batch, units) each: nothing."""
        return sums


class PeepholeLSTMCell(LSTMCell):
    """An LSTM whose gates see the cell: each unit its own, with one weight of ``peepholes.<gate>`` (units,).

    The input and the forget gate see it as it was, the output gate as it has become.
    """

    def __init__(self, inputs: int, units: int, *, norm: bool = False) -> None:
        super().__init__(inputs, units, norm=norm)
        self.peepholes = nn.ParameterDict({gate: torch.zeros(units) for gate in ("input", "forget", "output")})
        self.kernel = None

    def peep(self, gate: str, sums: Tensor, cell: Tensor) -> Tensor:
        """Return the sums of a gate with what it sees of the cell, (batch, units) each."""
        return sums + self.peepholes[gate] * cell
