"""Attention behind each step (Luong, Pham and Manning 2015, arXiv 1508.04025): the net writes on first, and then asks
every symbol of the source how well it fits the state it is in.

hidden_t = cell(vector of symbol t - 1, hidden_{t-1})
energy_tj = hidden_t . memory_j                          dot
            hidden_t . key(memory_j)                     general
            v . tanh(query(hidden_t) + key(memory_j))    concat
pattern_t = softmax(energy_t);  context_t = sum of pattern_tj memory_j
found_t = tanh(blend([context_t, hidden_t]))
sums_t = head(found_t)

With input feeding (section 3.3 there) the cell reads what was found at the step before, found_0 being 0:

hidden_t = cell([vector of symbol t - 1, found_{t-1}], hidden_{t-1})

so that it knows where it has looked. Without, all steps are asked at once.
"""

import math
from typing import Literal

import torch
from torch import Tensor, nn

from engine.nets.translation.encoder import Encoder, Kind, Writer, carried, named
from engine.nets.translation.model import Batch, State, Translator, Written, behind_begin

Fit = Literal["dot", "general", "concat"]


class Luong(Translator):
    """Reads ``sources`` symbols and writes ``targets``, both sizes of vocabularies; ``fit`` says how energies come,
    ``feeding`` whether what was found is read at the next step.
    """

    def __init__(
        self, sources: int, targets: int, dimensions: int, units: int, cell: Kind, fit: Fit, *, feeding: bool
    ) -> None:
        super().__init__()
        width = 2 * units
        self.fit: Fit = fit
        self.feeding = feeding
        self.encoder = Encoder(sources, dimensions, units, cell)
        if fit != "dot":
            self.key = nn.Linear(width, width, bias=fit == "concat")
        if fit == "concat":
            self.query = nn.Linear(width, width, bias=False)
            self.energy = nn.Linear(width, 1, bias=False)
        self.writer = Writer(targets, dimensions, width, cell, more=width if feeding else 0)
        self.blend = nn.Linear(2 * width, width)
        self.head = nn.Linear(width, targets)

    def begin(self, sources: Tensor, known: Tensor) -> State:
        """Return the last state of reading, what stands at each symbol, what each answers to questions with, and, where
        that is fed, that nothing is found yet.
        """
        memory, last = self.encoder(sources, known)
        fed = {"found": torch.zeros_like(last[0])} if self.feeding else {}
        return {**named(last), "memory": memory, "keys": self._keys(memory), "known": known, **fed}

    def write(self, state: State, symbols: Tensor) -> Written:
        """Go on by one symbol, and ask."""
        vector = self.writer.embedding(symbols)  # (B, D)
        read = torch.cat([vector, state["found"]], dim=1) if self.feeding else vector
        last = self.writer.step(read, carried(state))  # (B, C) each
        energies = self._energies(last[0][:, None], state["keys"], state["known"])  # (B, 1, S)
        pattern = energies.softmax(dim=2)
        context = (pattern @ state["memory"])[:, 0]  # (B, C)
        found = self._found(context, last[0])  # (B, C)
        fed = {"found": found} if self.feeding else {}
        alike = {"attention": energies}, {"attention": pattern}, {"attention": context}
        return Written(self.head(found), {**state, **named(last), **fed}, *alike)

    def teach(self, batch: Batch) -> Tensor:
        """Return all sums; in one pass where no step hangs on what was found before it."""
        memory, last = self.encoder(batch.sources, batch.known)
        keys, vectors = self._keys(memory), self.writer.embedding(behind_begin(batch.targets))  # (B, T, D)
        if not self.feeding:
            hidden = self.writer.run(vectors, last)  # (B, T, C)
            pattern = self._energies(hidden, keys, batch.known).softmax(dim=2)  # (B, T, S)
            return self.head(self._found(pattern @ memory, hidden))  # (B, T, V)
        go_on, found = self.writer.stepping(), torch.zeros_like(last[0])
        all_found: list[Tensor] = []
        for vector in vectors.unbind(1):
            last = go_on(torch.cat([vector, found], dim=1), last)
            pattern = self._energies(last[0][:, None], keys, batch.known).softmax(dim=2)  # (B, 1, S)
            found = self._found((pattern @ memory)[:, 0], last[0])  # (B, C)
            all_found.append(found)
        return self.head(torch.stack(all_found, dim=1))  # (B, T, V)

    def _keys(self, memory: Tensor) -> Tensor:
        return memory if self.fit == "dot" else self.key(memory)

    def _energies(self, hidden: Tensor, keys: Tensor, known: Tensor) -> Tensor:
        """Return how well each symbol of the source fits each of the states (B, T, C): (B, T, S)."""
        if self.fit == "concat":
            # Step by step, as (B, T, S, C) would be large at once.
            asked = [torch.tanh(query[:, None] + keys) for query in self.query(hidden).unbind(1)]
            energies = torch.stack([self.energy(one)[:, :, 0] for one in asked], dim=1)
        else:
            energies = hidden @ keys.transpose(1, 2)
        return energies.masked_fill(~known[:, None], -math.inf)

    def _found(self, context: Tensor, hidden: Tensor) -> Tensor:
        """Return what is made of what was taken, and of the state, (..., C) each: the attentional hidden state."""
        return torch.tanh(self.blend(torch.cat([context, hidden], dim=-1)))
