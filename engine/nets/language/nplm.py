"""The neural probabilistic language model (Bengio, Ducharme, Vincent and Jauvin 2003, JMLR 3).

Each symbol has a vector; those of the last ``context`` symbols, one behind the other, go through one hidden layer:

    y = b + W x + U tanh(d + H x)

It was the first model that learnt vectors of words beside the probabilities. Before the beginning of a text stand
symbols with number 0, the unknown one.
"""

import torch
from torch import Tensor, nn

from engine.nets.language.model import LanguageModel, Seen, States, Told


class NPLM(LanguageModel):
    """Sees the last ``context`` symbols; ``direct`` leads from their vectors straight to the sums (W in the paper)."""

    def __init__(self, vocabulary: int, context: int, dimensions: int, units: int, *, direct: bool = True) -> None:
        super().__init__()
        self.reach = self.context = context
        self.embedding = nn.Embedding(vocabulary, dimensions)
        self.hidden = nn.Linear(context * dimensions, units)
        self.head = nn.Linear(units, vocabulary)
        self.direct = nn.Linear(context * dimensions, vocabulary, bias=False) if direct else None

    def tell(self, symbols: Tensor, states: States | None = None) -> Told:
        """Return the sums (B, T, V) behind each of ``symbols`` (B, T); nothing is carried."""
        seen = self.look(symbols, states)
        return Told(seen.sums, {})

    def following(self, symbols: Tensor) -> Tensor:
        """Return the sums (B, V) behind the last of ``symbols`` (B, T) alone."""
        batch, time = symbols.shape
        padded = torch.cat([symbols.new_zeros(batch, max(0, self.context - time)), symbols[:, -self.context :]], dim=1)
        x = self.embedding(padded).flatten(1)  # (B, n * D): the oldest first
        sums = self.head(torch.tanh(self.hidden(x)))  # (B, V)
        return sums if self.direct is None else sums + self.direct(x)

    def look(self, symbols: Tensor, states: States | None = None) -> Seen:
        """Return the sums, and what the hidden units were."""
        batch, time = symbols.shape
        n = self.context
        padded = torch.cat([symbols.new_zeros(batch, n - 1), symbols], dim=1)  # (B, n - 1 + T)
        vectors = self.embedding(padded)  # (B, n - 1 + T, D)
        x = torch.cat([vectors[:, at : at + time] for at in range(n)], dim=2)  # (B, T, n * D): the oldest first
        hidden = torch.tanh(self.hidden(x))  # (B, T, U)
        sums = self.head(hidden)  # (B, T, V)
        if self.direct is not None:
            sums = sums + self.direct(x)
        return Seen(sums, {}, {"hidden": hidden}, {})
