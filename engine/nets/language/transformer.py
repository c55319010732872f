"""A small transformer that goes on with a text: a decoder alone (Radford et al. 2018), normalised ahead of each part.

    x = symbols + positions
    for each block:  x = x + attention(norm(x));  x = x + mlp(norm(x))
    sums = head(norm(x))

Attention is written by hand (Vaswani et al. 2017, arXiv 1706.03762), for what attends to what is to be seen; that the
norms stand ahead is after Xiong et al. 2020, arXiv 2002.04745.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.nets.language.model import LanguageModel, Seen, States, Told


class Attention(nn.Module):
    """Each place asks all places up to itself: what they answer is weighed by how well they fit what is asked."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.out = nn.Linear(width, width)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return what is gathered (B, T, C) for ``x`` (B, T, C), and who looked where, (B, H, T, T): rows sum to 1."""
        batch, time, width = x.shape
        each = width // self.heads
        parts = (part(x).view(batch, time, self.heads, each) for part in (self.query, self.key, self.value))
        q, k, v = (part.transpose(1, 2) for part in parts)  # (B, H, T, C / H)
        scores = q @ k.transpose(2, 3) / math.sqrt(each)  # (B, H, T, T)
        later = torch.ones(time, time, dtype=torch.bool, device=x.device).triu(1)
        pattern = scores.masked_fill(later, -math.inf).softmax(dim=-1)  # (B, H, T, T)
        gathered = (pattern @ v).transpose(1, 2).reshape(x.shape)  # (B, T, C)
        return self.out(gathered), pattern


class Block(nn.Module):
    """Attention, then two layers at each place by itself; what either finds is added to what was there."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.norm_attention, self.norm_mlp = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.rise, self.fall = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return ``x`` (B, T, C) with what was found added, the attention's pattern, and the neurons (B, T, 4 C)."""
        gathered, pattern = self.attention(self.norm_attention(x))
        x = x + gathered
        neurons = functional.gelu(self.rise(self.norm_mlp(x)))  # (B, T, 4 C)
        return x + self.fall(neurons), pattern, neurons


class Transformer(LanguageModel):
    """``blocks`` of a ``width``, of so many ``heads``; it sees at most ``context`` symbols."""

    def __init__(self, vocabulary: int, context: int, width: int, blocks: int, heads: int) -> None:
        super().__init__()
        self.reach = context
        self.embedding = nn.Embedding(vocabulary, width)
        self.position = nn.Embedding(context, width)
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(blocks))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, vocabulary)

    def tell(self, symbols: Tensor, states: States | None = None) -> Told:
        """Return the sums (B, T, V) behind each of ``symbols`` (B, T), T at most the context; nothing is carried."""
        return Told(self.look(symbols, states).sums, {})

    def following(self, symbols: Tensor) -> Tensor:
        """Return the sums (B, V) behind the last of ``symbols`` (B, T) alone."""
        x = self.embedding(symbols) + self.position.weight[: symbols.shape[1]]  # (B, T, C)
        for block in self.blocks:
            x, _, _ = block(x)
        return self.head(self.norm(x[:, -1]))

    def look(self, symbols: Tensor, states: States | None = None) -> Seen:
        """Return the same, with what stands behind each block, its neurons, and what attended to what."""
        x = self.embedding(symbols) + self.position.weight[: symbols.shape[1]]  # (B, T, C)
        layers: dict[str, Tensor] = {}
        patterns: dict[str, Tensor] = {}
        for at, block in enumerate(self.blocks):
            x, patterns[f"blocks.{at}.attention"], layers[f"blocks.{at}.neurons"] = block(x)
            layers[f"blocks.{at}.stream"] = x
        return Seen(self.head(self.norm(x)), {}, layers, patterns)
