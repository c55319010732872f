"""A translator that is a table of probabilities: what follows hangs on the source and on the last two symbols."""

from itertools import product

import torch
from torch import Tensor

from engine.language.beam import score
from engine.nets.translation.model import BEGIN, END, UNKNOWN, Batch, State, Translator, Written

A, B = 4, 5
V = 6
SYMBOLS = (END, UNKNOWN, A, B)
"""What may be written."""


class Tabled(Translator):
    """Its table (V, V, V, V) of log-probabilities: of the last symbol of a source but ``END``, of the two symbols
    written last, and of the next one.
    """

    def __init__(self, seed: int, spread: float = 1.5) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        sums = spread * torch.randn((V, V, V, V), generator=generator, dtype=torch.float64)
        self.table = sums.log_softmax(dim=3)
        self.asked = 0

    def begin(self, sources: Tensor, known: Tensor) -> State:
        last = known.sum(dim=1) - 2
        return {"source": sources.gather(1, last[:, None])[:, 0], "past": torch.full((len(sources), 2), BEGIN)}

    def write(self, state: State, symbols: Tensor) -> Written:
        self.asked += 1
        past = torch.stack([state["past"][:, 1], symbols], dim=1)
        # What is no log-probability yet: another number is added to each row.
        sums = self.table[state["source"], past[:, 0], past[:, 1]] + state["source"][:, None]
        return Written(sums, {**state, "past": past})

    def teach(self, batch: Batch) -> Tensor:
        """Look up each symbol by itself."""
        found = []
        for source, known, target in zip(*batch, strict=True):
            kind = int(source[int(known.sum()) - 2])
            said = [BEGIN, BEGIN, *target.tolist()]
            found.append(torch.stack([self.table[kind, said[at], said[at + 1]] for at in range(len(target))]))
        return torch.stack(found)

    def total(self, kind: int, symbols: tuple[int, ...]) -> float:
        """Return the log-probability of some symbols, by hand."""
        said = (BEGIN, BEGIN, *symbols)
        return sum(float(self.table[kind, said[at], said[at + 1], said[at + 2]]) for at in range(len(symbols)))

    def best(self, kind: int, length: int, penalty: float) -> tuple[int, ...]:
        """Return the best of all that could be written, by trying all."""
        every = (
            symbols
            for size in range(1, length + 1)
            for symbols in product(SYMBOLS, repeat=size)
            if END not in symbols[:-1] and (symbols[-1] == END or size == length)
        )
        return max(every, key=lambda symbols: score(self.total(kind, symbols), len(symbols), penalty))
