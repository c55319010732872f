"""What every recurrent cell is: one step of reading, with all that it computes on the way by its name."""

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, Literal, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

Kernel = Literal["rnn_tanh", "rnn_relu", "gru", "lstm"]
State = tuple[Tensor, ...]
"""What a cell carries along: the hidden state first, (batch, units) each."""


class Step(NamedTuple):
    """One step: the new state, and by name every vector on the way to it, (batch, units) each."""

    state: State
    gates: Mapping[str, Tensor]


class Gate(nn.Module):
    """A weighted sum of what is read and of the hidden state: ``W x + b + U h``, still without its activation.

    ``from_input`` holds W (units, inputs) and b (units,), ``from_hidden`` holds U (units, units), and a bias of its own
    where that is told apart from b (``hidden_bias``). With ``norm`` each of the two products is normalised on its own
    before they are added (Ba, Kiros and Hinton 2016, arXiv 1607.06450, equation 20).
    """

    def __init__(self, inputs: int, units: int, *, norm: bool = False, hidden_bias: bool = False) -> None:
        super().__init__()
        self.from_input = nn.Linear(inputs, units, bias=not norm)
        self.from_hidden = nn.Linear(units, units, bias=hidden_bias and not norm)
        self.norm_input = nn.LayerNorm(units) if norm else nn.Identity()
        self.norm_hidden = nn.LayerNorm(units) if norm else nn.Identity()

    def of_input(self, read: Tensor) -> Tensor:
        """Return the part of what is read, (..., units)."""
        return self.norm_input(self.from_input(read))

    def of_hidden(self, hidden: Tensor) -> Tensor:
        """Return the part of the hidden state, (..., units)."""
        return self.norm_hidden(self.from_hidden(hidden))


class Cell(nn.Module):
    """Base of all cells, of ``inputs`` numbers read at a time and so many ``units``.

    ``GATES`` are the attributes that hold its gates, in the order in which torch's own ``kernel`` wants them; a cell
    that torch has no kernel for has none. It carries ``STATES`` vectors along.
    """

    GATES: ClassVar[tuple[str, ...]]
    STATES: ClassVar[int] = 1
    kernel: Kernel | None = None

    def __init__(self, inputs: int, units: int) -> None:
        super().__init__()
        self.inputs, self.units = inputs, units

    def step(self, read: Tensor, kept: Tensor, state: State) -> Step:
        """Return what comes of reading in a state: of all gates, side by side in the order of ``GATES``, ``read`` is
        the part of what is read, ``kept`` that of the hidden state, (batch, gates * units) each.
        """
        raise NotImplementedError

    def of_input(self, read: Tensor) -> Tensor:
        """Return W x + b of all gates, (..., gates * units), of any number of steps at once: it needs no state."""
        return torch.cat([gate.of_input(read) for gate in self._gates], dim=-1)

    def of_hidden(self) -> Callable[[Tensor], Tensor]:
        """Return what makes U h of all gates, (batch, gates * units), of a hidden state (batch, units).

        It is asked for at each step anew: where nothing stands between, one product does for all gates.
        """
        gates = self._gates
        if any(isinstance(gate.norm_hidden, nn.LayerNorm) for gate in gates):
            return lambda hidden: torch.cat([gate.of_hidden(hidden) for gate in gates], dim=-1)
        weight, bias = torch.cat([gate.from_hidden.weight for gate in gates]), _biases([g.from_hidden for g in gates])
        return lambda hidden: functional.linear(hidden, weight, bias)

    def begin(self, batch: int) -> State:
        """Return the state before anything was read: zeros."""
        like = next(self.parameters())
        return tuple(like.new_zeros(batch, self.units) for _ in range(self.STATES))

    def stacked(self) -> list[Tensor]:
        """Return the weights as torch's kernel wants them: all gates below each other, of the input, of the hidden
        state, and the two biases.
        """
        read, kept = [gate.from_input for gate in self._gates], [gate.from_hidden for gate in self._gates]
        weights = [torch.cat([part.weight for part in parts]) for parts in (read, kept)]
        return [*weights, _biases(read), _biases(kept)]

    @property
    def _gates(self) -> list[Gate]:
        return [getattr(self, name) for name in self.GATES]


def _biases(parts: Sequence[nn.Linear]) -> Tensor:
    """Return the biases of parts one after the other, zeros where there is none."""
    weight = parts[0].weight
    if all(part.bias is None for part in parts):  # nothing of it is learnt, so that no gradient is made for it
        return weight.new_zeros(len(parts) * len(weight))
    zeros = weight.new_zeros(len(weight))
    return torch.cat([zeros if part.bias is None else part.bias for part in parts])
