"""The reference for training speed of attention: torch's own nn.MultiheadAttention in a plain script, nobody watching.

    python -m tests.bench.bare_attention [name=value ...]

prints what ``tests.bench.bare_loop`` prints.
"""

import os
import sys
from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils import clip_grad_norm_

from engine.data.symbols.prepared import prepare
from engine.labs.transformers import TransformersSpec
from tests.bench.bare_loop import until_told, walk


class Block(nn.Module):
    """Attention and two layers, norms ahead."""

    def __init__(self, spec: TransformersSpec) -> None:
        super().__init__()
        self.first, self.second = nn.LayerNorm(spec.width), nn.LayerNorm(spec.width)
        self.attention = nn.MultiheadAttention(spec.width, spec.heads, batch_first=True)
        self.mlp = nn.Sequential(nn.Linear(spec.width, spec.neurons), nn.GELU(), nn.Linear(spec.neurons, spec.width))

    def forward(self, x: Tensor, later: Tensor) -> Tensor:
        y = self.first(x)
        x = x + self.attention(y, y, y, attn_mask=later, is_causal=True, need_weights=False)[0]
        return x + self.mlp(self.second(x))


class Decoder(nn.Module):
    """Symbols and places, blocks, an output layer."""

    def __init__(self, symbols: int, spec: TransformersSpec) -> None:
        super().__init__()
        self.symbols, self.places = nn.Embedding(symbols, spec.width), nn.Embedding(spec.length, spec.width)
        self.blocks = nn.ModuleList(Block(spec) for _ in range(spec.blocks))
        self.norm, self.head = nn.LayerNorm(spec.width), nn.Linear(spec.width, symbols)
        self.register_buffer("later", nn.Transformer.generate_square_subsequent_mask(spec.length))

    def forward(self, read: Tensor) -> Tensor:
        x = self.symbols(read) + self.places.weight
        for block in self.blocks:
            x = block(x, self.later)
        return self.head(self.norm(x))


def steps(spec: TransformersSpec) -> Iterator[float]:
    """Train for ever, and yield the loss of each step."""
    prepared = prepare(spec, "decoder")
    read, asked = (torch.from_numpy(part[prepared.train]) for part in (prepared.made.read, prepared.made.asked))
    net = Decoder(len(prepared.made.symbols), spec)
    optimiser = torch.optim.AdamW(net.parameters(), spec.learning_rate, weight_decay=0.0, fused=True)
    while True:
        for batch in torch.randperm(len(read)).split(spec.batch_size):
            optimiser.zero_grad()
            sums = net(read[batch])
            loss = functional.cross_entropy(sums.flatten(0, 1), asked[batch].flatten(), ignore_index=-1)
            loss.backward()
            clip_grad_norm_(net.parameters(), spec.clip)
            optimiser.step()
            yield loss.item()


if __name__ == "__main__":
    os.nice(10)  # as a worker is
    torch.set_num_threads(1)
    told = until_told()
    walk(steps(TransformersSpec.from_strings(dict(pair.split("=", 1) for pair in sys.argv[1:]))), told)
