"""Recurrent cells over time: in layers above each other, and, where both sides may be seen, from both ends.

Two ways lead to the same numbers. ``forward`` takes torch's own kernels where there is one for the cell: they are
quick, and show nothing of what goes on inside. ``look`` goes step by step through the cells, and keeps every gate.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from engine.nets.sequences.cell import Cell, State

AHEAD, BACK = "ahead", "back"


class Read(NamedTuple):
    """What was made of sequences: ``outputs`` (batch, time, units), those of both directions side by side, 0 behind the
    end of each; and the ``states`` at the end, of each cell by its name (``0.ahead``).
    """

    outputs: Tensor
    states: Mapping[str, State]


class Looked(NamedTuple):
    """The same, with ``gates``: by ``<cell>.<gate>`` what each was at each time, a list of (batch, units).

    They are the very tensors that the outputs are made of, so that gradients by them can be asked for.
    """

    outputs: Tensor
    states: Mapping[str, State]
    gates: Mapping[str, Sequence[Tensor]]


class Recurrent(nn.Module):
    """``layers`` of cells, each made by ``make(inputs)``; of two directions where it is ``bidirectional``.

    Between two layers stands what ``between()`` makes, dropout say.
    """

    def __init__(
        self,
        make: Callable[[int], Cell],
        inputs: int,
        *,
        layers: int = 1,
        bidirectional: bool = False,
        between: Callable[[], nn.Module] = nn.Identity,
    ) -> None:
        super().__init__()
        self.directions = (AHEAD, BACK) if bidirectional else (AHEAD,)
        self.layers, self.between = nn.ModuleList(), nn.ModuleList()
        for layer in range(layers):
            cells = nn.ModuleDict({direction: make(inputs) for direction in self.directions})
            inputs = sum(self._cell(cells, direction).units for direction in self.directions)
            self.layers.append(cells)
            if layer < layers - 1:
                self.between.append(between())
        self.units = inputs

    def forward(self, read: Tensor, lengths: Tensor | None = None, states: Mapping[str, State] | None = None) -> Read:
        """Read sequences (batch, time, inputs), of so many steps each (``lengths``, (batch,) int64; all, if not said).

        They begin in ``states``, as an earlier reading has left them, or at zeros.
        """
        ends: dict[str, State] = {}
        for layer in range(len(self.layers)):
            quick = self._cell_of(layer, AHEAD).kernel is not None
            way = self._run if quick else self._walk
            read, found, _ = way(layer, read, lengths, states or {})
            ends |= found
            read = self._handed_on(layer, read)
        return Read(read, ends)

    def look(self, read: Tensor, lengths: Tensor | None = None, states: Mapping[str, State] | None = None) -> Looked:
        """Do the same step by step, and keep all gates."""
        ends: dict[str, State] = {}
        gates: dict[str, Sequence[Tensor]] = {}
        for layer in range(len(self.layers)):
            read, found, more = self._walk(layer, read, lengths, states or {})
            ends |= found
            gates |= more
            read = self._handed_on(layer, read)
        return Looked(read, ends, gates)

    def _handed_on(self, layer: int, outputs: Tensor) -> Tensor:
        return self.between[layer](outputs) if layer < len(self.between) else outputs

    def _walk(
        self, layer: int, read: Tensor, lengths: Tensor | None, states: Mapping[str, State]
    ) -> tuple[Tensor, dict[str, State], dict[str, Sequence[Tensor]]]:
        """Go through one layer step by step; behind the end of a sequence its state stays as it was."""
        batch, time = read.shape[:2]
        outputs: list[Tensor] = []
        ends: dict[str, State] = {}
        gates: dict[str, Sequence[Tensor]] = {}
        for direction in self.directions:
            name, cell = f"{layer}.{direction}", self._cell_of(layer, direction)
            state = states.get(name) or cell.begin(batch)
            seen: list[Mapping[str, Tensor]] = []
            sums, of_hidden = cell.of_input(read).unbind(dim=1), cell.of_hidden()
            for at in range(time) if direction == AHEAD else reversed(range(time)):
                step = cell.step(sums[at], of_hidden(state[0]), state)
                if lengths is None:
                    state = step.state
                else:
                    there = (lengths > at)[:, None]
                    state = tuple(torch.where(there, new, old) for new, old in zip(step.state, state, strict=True))
                seen.append(step.gates)
            seen = seen if direction == AHEAD else seen[::-1]
            ends[name] = state
            gates |= {f"{name}.{gate}": [one[gate] for one in seen] for gate in seen[0]}
            outputs.append(torch.stack([one["hidden"] for one in seen], dim=1))
        return _cut(torch.cat(outputs, dim=2), lengths), ends, gates

    def _run(
        self, layer: int, read: Tensor, lengths: Tensor | None, states: Mapping[str, State]
    ) -> tuple[Tensor, dict[str, State], dict[str, Sequence[Tensor]]]:
        """Go through one layer by torch's own kernel."""
        batch, time = read.shape[:2]
        cells = [self._cell_of(layer, direction) for direction in self.directions]
        names = [f"{layer}.{direction}" for direction in self.directions]
        begins = [states.get(name) or cell.begin(batch) for name, cell in zip(names, cells, strict=True)]
        begin = [torch.stack(parts) for parts in zip(*begins, strict=True)]
        weights = [tensor for cell in cells for tensor in cell.stacked()]
        run = getattr(torch, str(cells[0].kernel))
        hidden = tuple(begin) if len(begin) > 1 else begin[0]
        both, training = len(cells) > 1, False  # it has no dropout of its own, so that it need not know
        if lengths is None:
            outputs, *ends = run(read, hidden, weights, True, 1, 0.0, training, both, True)
        else:
            packed = pack_padded_sequence(read, lengths.cpu(), batch_first=True, enforce_sorted=False)
            order = packed.sorted_indices
            placed = [part[:, order] for part in begin]
            hidden = tuple(placed) if len(placed) > 1 else placed[0]
            data, *ends = run(packed.data, packed.batch_sizes, hidden, weights, True, 1, 0.0, training, both)
            ends = [end[:, packed.unsorted_indices] for end in ends]
            back = PackedSequence(data, packed.batch_sizes, order, packed.unsorted_indices)
            outputs, _ = pad_packed_sequence(back, batch_first=True, total_length=time)
        return outputs, {name: tuple(end[at] for end in ends) for at, name in enumerate(names)}, {}

    def _cell_of(self, layer: int, direction: str) -> Cell:
        return self._cell(self.layers[layer], direction)

    @staticmethod
    def _cell(cells: nn.Module, direction: str) -> Cell:
        cell = cells.get_submodule(direction)
        if not isinstance(cell, Cell):
            raise TypeError(f"expected a cell, received {type(cell).__name__}")
        return cell


def _cut(outputs: Tensor, lengths: Tensor | None) -> Tensor:
    """Return outputs (batch, time, units) with zeros behind the end of each sequence."""
    if lengths is None:
        return outputs
    there = torch.arange(outputs.shape[1], device=outputs.device)[None, :] < lengths[:, None]
    return outputs * there[:, :, None]
