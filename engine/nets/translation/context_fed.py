"""Sequence to sequence with the source's vector fed at every step (Cho et al. 2014, arXiv 1406.1078): it need not be
kept in mind while writing, but it is still one vector.

context = the encoder's last state
hidden_t = cell([vector of symbol t - 1, context], hidden_{t-1}),  hidden_0 = context
sums_t = head([hidden_t, context])
"""

import torch
from torch import Tensor, nn

from engine.nets.translation.encoder import Encoder, Kind, Writer, carried, named
from engine.nets.translation.model import Batch, State, Translator, Written, behind_begin


class ContextFed(Translator):
    """Reads ``sources`` symbols and writes ``targets``; both sizes of vocabularies."""

    def __init__(self, sources: int, targets: int, dimensions: int, units: int, cell: Kind) -> None:
        super().__init__()
        self.encoder = Encoder(sources, dimensions, units, cell)
        self.writer = Writer(targets, dimensions, 2 * units, cell, more=2 * units)
        self.head = nn.Linear(4 * units, targets)

    def begin(self, sources: Tensor, known: Tensor) -> State:
        """Return the last state of reading, once to be changed, and once to be kept."""
        last = self.encoder(sources, known).last
        return {**named(last), "context": last[0]}

    def write(self, state: State, symbols: Tensor) -> Written:
        """Go on by one symbol."""
        context = state["context"]
        read = torch.cat([self.writer.embedding(symbols), context], dim=1)  # (B, D + C)
        last = self.writer.step(read, carried(state))  # (B, C) each
        sums = self.head(torch.cat([last[0], context], dim=1))  # (B, V)
        return Written(sums, {**named(last), "context": context}, contexts={"context": context})

    def teach(self, batch: Batch) -> Tensor:
        """Return all sums in one pass."""
        last = self.encoder(batch.sources, batch.known).last
        contexts = last[0][:, None].expand(-1, batch.targets.shape[1], -1)  # (B, T, C)
        read = torch.cat([self.writer.embedding(behind_begin(batch.targets)), contexts], dim=2)  # (B, T, D + C)
        return self.head(torch.cat([self.writer.run(read, last), contexts], dim=2))  # (B, T, V)
