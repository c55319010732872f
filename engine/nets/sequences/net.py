"""A net that reads a sequence and tells something of it: at its end (many to one), or at each step (many to many)."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor, nn

from engine.nets.mlp import Dropout
from engine.nets.sequences.beginning import initialise
from engine.nets.sequences.cell import Cell, State
from engine.nets.sequences.gru import GRUCell
from engine.nets.sequences.lstm import LSTMCell, PeepholeLSTMCell
from engine.nets.sequences.recurrent import Looked, Read, Recurrent
from engine.nets.sequences.rnn import RNNCell
from engine.nets.sequences.spec import CellName, RecurrentSpec

PAD = 0
"""The token behind the end of a shorter text."""
CELLS: dict[CellName, Callable[..., Cell]] = {
    "rnn_tanh": partial(RNNCell, activation="tanh"),
    "rnn_relu": partial(RNNCell, activation="relu"),
    "gru": GRUCell,
    "lstm": LSTMCell,
    "peephole_lstm": PeepholeLSTMCell,
}


class Form(NamedTuple):
    """What goes into a net and comes out: how many different ``symbols``, or, where there are none, how many numbers
    (``features``) at each step; ``outputs``, ``each_step`` or at the end. Texts are ``padded``.
    """

    outputs: int
    symbols: int = 0
    features: int = 0
    each_step: bool = False
    padded: bool = False


class Seen(NamedTuple):
    """What was told, as ``forward`` returns it; what the first layer ``read``, (batch, steps, numbers); and by
    ``<cell>.<gate>`` what each was at each step, a list of (batch, units).
    """

    told: Tensor
    read: Tensor
    gates: Mapping[str, Sequence[Tensor]]


class SequenceNet(nn.Module):
    """Symbols are looked up in ``embedding``, ``body`` reads, ``head`` tells.

    With ``truncated`` the gradient goes back through so many steps at most: behind each piece the state goes on as mere
    numbers (Williams and Peng 1990).
    """

    def __init__(self, spec: RecurrentSpec, form: Form) -> None:
        super().__init__()
        self.form, self.truncated = form, spec.truncated
        self.embedding = nn.Embedding(form.symbols, spec.embedding) if form.symbols else nn.Identity()
        make = CELLS[spec.cell]
        self.body = Recurrent(
            lambda inputs: make(inputs, spec.units, norm=spec.norm),
            spec.embedding if form.symbols else form.features,
            layers=spec.layers,
            bidirectional=spec.bidirectional,
            between=lambda: Dropout(spec.dropout, torch.Generator(device="cpu")) if spec.dropout else nn.Identity(),
        )
        self.head = nn.Linear(self.body.units, form.outputs)

    def forward(self, inputs: Tensor) -> Tensor:
        """Return what is told, (B, outputs) or (B, T, outputs), of tokens (B, T) or numbers (B, T, features)."""
        # What is written down for other programs are plain operations: of torch's kernels they know but a part.
        way = self.body.look if torch.onnx.is_in_onnx_export() else self.body
        lengths = self._lengths(inputs)
        return self._told(self._through(way, self.embedding(inputs), lengths), lengths)

    def look(self, inputs: Tensor) -> Seen:
        """Do the same step by step, and keep all gates."""
        lengths, read = self._lengths(inputs), self.embedding(inputs)
        looked = self._through(self.body.look, read, lengths)
        return Seen(self._told(looked, lengths), read, looked.gates if isinstance(looked, Looked) else {})

    def beginnings(self, inputs: Tensor) -> Tensor:
        """Return what is told of one sequence after each step, (T, outputs): inputs are tokens (1, T) or numbers (1, T,
        features). Where something is asked at the end alone that is what is told of each of its beginnings.
        """
        if self.form.each_step:
            return self(inputs)[0]
        if len(self.body.directions) == 1:  # it knows of a sequence what it knows of its beginning
            return self.head(self._through(self.body, self.embedding(inputs), None).outputs)[0]
        steps = inputs.shape[1]
        lengths = torch.arange(1, steps + 1)  # all beginnings are read as one batch
        read = self.embedding(inputs).expand(steps, -1, -1)
        return self._told(self._through(self.body, read, lengths), lengths)

    def go_on(self, inputs: Tensor, steps: int) -> Tensor:
        """Return what is told of the ``steps`` behind inputs (B, T, 1), (B, steps): each number is read as the next."""
        told: list[Tensor] = []
        read, states = inputs, {}
        for _ in range(steps):
            found = self.body(read, None, states)
            told.append(self.head(found.outputs[:, -1]))
            read, states = told[-1][:, None], found.states
        return torch.cat(told, dim=1)

    def _lengths(self, inputs: Tensor) -> Tensor | None:
        """Return how long each text is, (B,); None where all are of one length."""
        return (inputs != PAD).sum(dim=1).clamp(min=1) if self.form.padded else None

    def _through(self, way: Callable[..., Read | Looked], read: Tensor, lengths: Tensor | None) -> Read | Looked:
        if len(self.body.directions) > 1:
            return way(read, lengths)
        if not 0 < self.truncated < read.shape[1]:
            return way(read)  # who only looks ahead does not see what stands behind the end
        parts, states = [], {}
        for piece in read.split(self.truncated, dim=1):
            parts.append(way(piece, None, states))
            states = {name: _detached(state) for name, state in parts[-1].states.items()}
        return _joined(parts)

    def _told(self, found: Read | Looked, lengths: Tensor | None) -> Tensor:
        if self.form.each_step:
            return self.head(found.outputs)
        if len(self.body.directions) > 1 or lengths is None:
            last = len(self.body.layers) - 1
            return self.head(torch.cat([found.states[f"{last}.{way}"][0] for way in self.body.directions], dim=1))
        ends = (lengths - 1)[:, None, None].expand(-1, 1, found.outputs.shape[2])
        return self.head(found.outputs.gather(1, ends)[:, 0])


def make_net(spec: RecurrentSpec, form: Form, seed: int) -> SequenceNet:
    """Return a net whose first weights follow from ``seed`` and from nothing else."""
    with torch.device("meta"):  # shapes alone: torch's own first weights come from the one generator that all share
        net = SequenceNet(spec, form)
    net.to_empty(device="cpu")
    initialise(net, seed, spec.beginning, spec.forget_bias)
    return net


def _detached(state: State) -> State:
    return tuple(part.detach() for part in state)


def _joined(parts: Sequence[Read | Looked]) -> Read | Looked:
    """Return pieces of a reading, one after the other, as one."""
    outputs, states = torch.cat([part.outputs for part in parts], dim=1), parts[-1].states
    kept = [part.gates for part in parts if isinstance(part, Looked)]
    if not kept:
        return Read(outputs, states)
    return Looked(outputs, states, {name: [one for some in kept for one in some[name]] for name in kept[0]})
