"""Attention before each step (Bahdanau, Cho and Bengio 2014, arXiv 1409.0473): by its state so far the net that writes
asks every symbol of the source how well it fits, and reads the mean of what stands there, weighted by the answers.

energy_tj = v . tanh(query(hidden_{t-1}) + key(memory_j))
pattern_t = softmax(energy_t);  context_t = sum of pattern_tj memory_j
hidden_t = cell([vector of symbol t - 1, context_t], hidden_{t-1})
sums_t = head(tanh(blend([hidden_t, context_t, vector of symbol t - 1])))

In the paper each unit before the head is the larger one of two; here it is bent by tanh.
"""

import math

import torch
from torch import Tensor, nn

from engine.nets.translation.encoder import Encoder, Kind, Writer, carried, named
from engine.nets.translation.model import Batch, State, Translator, Written, behind_begin


class Bahdanau(Translator):
    """Reads ``sources`` symbols and writes ``targets``; both sizes of vocabularies."""

    def __init__(self, sources: int, targets: int, dimensions: int, units: int, cell: Kind) -> None:
        super().__init__()
        width = 2 * units
        self.encoder = Encoder(sources, dimensions, units, cell)
        self.query = nn.Linear(width, width, bias=False)
        self.key = nn.Linear(width, width)
        self.energy = nn.Linear(width, 1, bias=False)
        self.writer = Writer(targets, dimensions, width, cell, more=width)
        self.blend = nn.Linear(2 * width + dimensions, width)
        self.head = nn.Linear(width, targets)

    def begin(self, sources: Tensor, known: Tensor) -> State:
        """Return the last state of reading, what stands at each symbol, and what each answers to questions with."""
        memory, last = self.encoder(sources, known)
        return {**named(last), "memory": memory, "keys": self.key(memory), "known": known}

    def write(self, state: State, symbols: Tensor) -> Written:
        """Ask, read, and go on by one symbol."""
        energies = self._energies(state["hidden"], state["keys"], ~state["known"])  # (B, S)
        pattern = energies.softmax(dim=1)
        vector, context = self.writer.embedding(symbols), _taken(pattern, state["memory"])
        last = self.writer.step(torch.cat([vector, context], dim=1), carried(state))  # (B, C) each
        sums = self._sums(last[0], context, vector)
        alike = {"attention": energies[:, None]}, {"attention": pattern[:, None]}, {"attention": context}
        return Written(sums, {**state, **named(last)}, *alike)

    def teach(self, batch: Batch) -> Tensor:
        """Return all sums; what does not hang on the step before is done for all steps at once."""
        state = self.begin(batch.sources, batch.known)
        last, memory, keys, filling = carried(state), state["memory"], state["keys"], ~batch.known
        vectors = self.writer.embedding(behind_begin(batch.targets))  # (B, T, D)
        go_on = self.writer.stepping()
        states: list[Tensor] = []
        contexts: list[Tensor] = []
        for vector in vectors.unbind(1):
            context = _taken(self._energies(last[0], keys, filling).softmax(dim=1), memory)
            last = go_on(torch.cat([vector, context], dim=1), last)
            states.append(last[0])
            contexts.append(context)
        return self._sums(torch.stack(states, dim=1), torch.stack(contexts, dim=1), vectors)  # (B, T, V)

    def _energies(self, hidden: Tensor, keys: Tensor, filling: Tensor) -> Tensor:
        """Return how well each symbol of the source fits, (B, S)."""
        asked = torch.tanh(self.query(hidden)[:, None] + keys)  # (B, S, C)
        return self.energy(asked)[:, :, 0].masked_fill(filling, -math.inf)

    def _sums(self, hidden: Tensor, context: Tensor, vector: Tensor) -> Tensor:
        return self.head(torch.tanh(self.blend(torch.cat([hidden, context, vector], dim=-1))))


def _taken(pattern: Tensor, memory: Tensor) -> Tensor:
    """Return the mean of the memory (B, S, C) that is weighted by a pattern (B, S): (B, C)."""
    return torch.bmm(pattern[:, None], memory)[:, 0]
