"""A recurrent language model (Mikolov et al. 2010): it reads one symbol after the other, and carries a state along.

The state is all that it knows of what was before, and there is no end to how far back that may reach.
"""

import torch
from torch import Tensor, nn

from engine.nets.language.model import LanguageModel, Seen, States, Told
from engine.nets.sequences.recurrent import Recurrent


class RecurrentModel(LanguageModel):
    """Symbols become vectors of ``dimensions``, go through ``layers`` of cells, and what these give becomes sums."""

    def __init__(self, vocabulary: int, dimensions: int, layers: Recurrent) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, dimensions)
        self.recurrent = layers
        self.head = nn.Linear(layers.units, vocabulary)

    def tell(self, symbols: Tensor, states: States | None = None) -> Told:
        """Return the sums (B, T, V) behind each of ``symbols`` (B, T), and the states behind the last."""
        vectors = self.embedding(symbols)  # (B, T, D)
        read = self.recurrent(vectors, None, states)
        return Told(self.head(read.outputs), read.states)  # (B, T, V)

    def look(self, symbols: Tensor, states: States | None = None) -> Seen:
        """Return the same step by step, with every gate of every cell."""
        looked = self.recurrent.look(self.embedding(symbols), None, states)
        layers = {name: torch.stack(list(values), dim=1) for name, values in looked.gates.items()}  # (B, T, U)
        return Seen(self.head(looked.outputs), looked.states, layers, {})
