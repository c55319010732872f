"""Attention behind each step (Luong, Pham and Manning 2015, arXiv 1508.04025): the net writes on first, and then asks
every symbol of the source how well it fits the state it is in.

hidden_t = GRU(vector of symbol t - 1, hidden_{t-1})
energy_tj = hidden_t . memory_j                          dot
            hidden_t . key(memory_j)                     general
            v . tanh(query(hidden_t) + key(memory_j))    concat
pattern_t = softmax(energy_t);  context_t = sum of pattern_tj memory_j
sums_t = head(tanh(blend([context_t, hidden_t])))

What was found is not fed to the next step, so that all steps are asked at once.
"""

import math
from typing import Literal

import torch
from torch import Tensor, nn

from engine.nets.translation.encoder import Encoder, Writer
from engine.nets.translation.model import Batch, State, Translator, Written, behind_begin

Fit = Literal["dot", "general", "concat"]


class Luong(Translator):
    """Reads ``sources`` symbols and writes ``targets``, both sizes of vocabularies; ``fit`` says how energies come."""

    def __init__(self, sources: int, targets: int, dimensions: int, units: int, fit: Fit) -> None:
        super().__init__()
        width = 2 * units
        self.fit: Fit = fit
        self.encoder = Encoder(sources, dimensions, units)
        if fit != "dot":
            self.key = nn.Linear(width, width, bias=fit == "concat")
        if fit == "concat":
            self.query = nn.Linear(width, width, bias=False)
            self.energy = nn.Linear(width, 1, bias=False)
        self.writer = Writer(targets, dimensions, width)
        self.blend = nn.Linear(2 * width, width)
        self.head = nn.Linear(width, targets)

    def begin(self, sources: Tensor, known: Tensor) -> State:
        """Return the last state of reading, what stands at each symbol, and what each answers to questions with."""
        memory, last = self.encoder(sources, known)
        return {"hidden": last, "memory": memory, "keys": self._keys(memory), "known": known}

    def write(self, state: State, symbols: Tensor) -> Written:
        """Go on by one symbol, and ask."""
        hidden = self.writer.step(self.writer.embedding(symbols), state["hidden"])  # (B, C)
        energies = self._energies(hidden[:, None], state["keys"], state["known"])  # (B, 1, S)
        pattern = energies.softmax(dim=2)
        context = (pattern @ state["memory"])[:, 0]  # (B, C)
        alike = {"attention": energies}, {"attention": pattern}, {"attention": context}
        return Written(self._sums(context, hidden), {**state, "hidden": hidden}, *alike)

    def teach(self, batch: Batch) -> Tensor:
        """Return all sums in one pass."""
        memory, last = self.encoder(batch.sources, batch.known)
        hidden = self.writer.run(self.writer.embedding(behind_begin(batch.targets)), last)  # (B, T, C)
        pattern = self._energies(hidden, self._keys(memory), batch.known).softmax(dim=2)  # (B, T, S)
        return self._sums(pattern @ memory, hidden)  # (B, T, V)

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

    def _sums(self, context: Tensor, hidden: Tensor) -> Tensor:
        return self.head(torch.tanh(self.blend(torch.cat([context, hidden], dim=-1))))
