"""BERT (Devlin, Chang, Lee and Toutanova 2018, arXiv 1810.04805): a transformer that reads from both sides, and tells
what a masked symbol was.

x = norm(symbols + positions + type)
for each block:  x = norm(x + attention(x));  x = norm(x + mlp(x))
sums = norm(bend(transform(x))) symbols^T + bias
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.nets.attention.block import bent
from engine.nets.pretrained.config import Bend, Config
from engine.nets.pretrained.model import Pretrained


class Head(nn.Module):
    """What tells a symbol of what stands at its place: one more layer, then the vectors of all symbols."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.bend: Bend = config.bend
        self.transform = nn.Linear(config.width, config.width)
        self.norm = nn.LayerNorm(config.width, config.eps)
        self.bias = nn.Parameter(torch.zeros(config.vocabulary))

    def forward(self, x: Tensor, vectors: Tensor) -> Tensor:
        """Return the sums (B, T, V) of ``x`` (B, T, C), with the ``vectors`` (V, C) of all symbols."""
        return functional.linear(self.norm(bent(self.transform(x), self.bend)), vectors, self.bias)


class BERT(Pretrained):
    """Reads one sentence, or two, from both sides. Files without a ``head`` have BERT alone, which tells nothing in
    words.

    A head whose weights are not the vectors of the symbols has its ``rows`` (V, C). What stands behind the first symbol
    that is the ``separator`` is the second sentence; where there is none, all is one.
    """

    causal = False

    def __init__(self, config: Config, *, headed: bool = True, separator: int | None = None) -> None:
        super().__init__(config, ahead=False)
        self.tells, self.separator = headed, separator
        self.sentence = nn.Embedding(config.types, config.width)
        self.norm_embedded = nn.LayerNorm(config.width, config.eps)
        self.head = Head(config) if headed else None
        self.rows = nn.Linear(config.width, config.vocabulary, bias=False) if headed and not config.tied else None

    def embed(self, symbols: Tensor) -> Tensor:
        """Return the vectors of symbols (B, T), with those of their places and of their sentences, (B, T, C)."""
        there = self.position.weight[: symbols.shape[1]] + self.sentence(self.sentences(symbols))
        return self.norm_embedded(self.embedding(symbols) + there)

    def sentences(self, symbols: Tensor) -> Tensor:
        """Return of which sentence each of the symbols (B, T) is, (B, T) int64: 0, or 1 behind the first separator."""
        if self.separator is None or self.config.types < 2:
            return torch.zeros_like(symbols)
        between = (symbols == self.separator).long()
        return (between.cumsum(dim=1) - between).clamp(max=1)

    def normed(self, stream: Tensor) -> Tensor:
        """Return a stream as it is: its norm stands behind each sum."""
        return stream

    def tell(self, normed: Tensor) -> Tensor:
        """Return the sums (B, T, V) for the symbol at each place; there is a head."""
        if self.head is None:
            raise ValueError("this BERT has no head")
        return self.head(normed, self.embedding.weight if self.rows is None else self.rows.weight)
