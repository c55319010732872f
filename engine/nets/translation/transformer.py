"""The transformer that translates (Vaswani et al. 2017, arXiv 1706.03762): blocks that read look at the whole source,
blocks that write at what is written so far, and at the source.

source = vectors of the symbols + waves of the places
for each block that reads:   x = x + attention(norm(x));  x = x + mlp(norm(x))
for each block that writes:  y = y + attention(norm(y));  y = y + crossed(norm(y), memory);  y = y + mlp(norm(y))
sums = head(norm(y))

The norms stand ahead of each part, which learns without a warm-up too (Xiong et al. 2020, arXiv 2002.04745).
"""

import torch
from torch import Tensor, nn

from engine.nets.attention.block import Block
from engine.nets.attention.positions import sinusoid
from engine.nets.attention.touch import Touch, Touched, under
from engine.nets.translation.model import Batch, State, Translator, Written, behind_begin, seen


class Stack(nn.Module):
    """``blocks`` of a ``width`` above each other, over the vectors of ``symbols``; those that write are ``crossed``."""

    def __init__(self, symbols: int, width: int, blocks: int, heads: int, dropout: float, *, crossed: bool) -> None:
        super().__init__()
        self.embedding = nn.Embedding(symbols, width)
        self.blocks = nn.ModuleList(Block(width, heads, crossed=crossed, dropout=dropout) for _ in range(blocks))
        self.norm = nn.LayerNorm(width)

    def forward(
        self,
        symbols: Tensor,
        known: Tensor | None = None,
        memory: Tensor | None = None,
        memory_known: Tensor | None = None,
        touch: Touch | None = None,
    ) -> Tensor:
        """Return what stands at each of ``symbols`` (B, T) in the end, (B, T, C).

        Who reads has ``known`` (B, T); who writes has a ``memory`` (B, S, C), and sees nothing ahead. A touch is shown
        ``embedded``, all of each block, ``blocks.0.`` and so on, and ``normed``, (B, T, C).
        """
        vectors = self.embedding(symbols)  # (B, T, C)
        x = seen(touch, "embedded", vectors + sinusoid(*vectors.shape[1:]).to(vectors))
        for at, block in enumerate(self.blocks):
            here = under(touch, f"blocks.{at}")
            crossing = {"memory": memory, "memory_known": memory_known}
            x = block(x, causal=memory is not None, known=known, **crossing, touch=here)
        return seen(touch, "normed", self.norm(x))


class Transformer(Translator):
    """Reads ``sources`` symbols and writes ``targets``, both sizes of vocabularies."""

    def __init__(self, sources: int, targets: int, width: int, blocks: int, heads: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.encoder = Stack(sources, width, blocks, heads, dropout, crossed=False)
        self.decoder = Stack(targets, width, blocks, heads, dropout, crossed=True)
        self.head = nn.Linear(width, targets)

    def begin(self, sources: Tensor, known: Tensor) -> State:
        """Return what stands at each symbol of the source, and that nothing is written yet."""
        return {"memory": self.encoder(sources, known), "known": known, "written": sources[:, :0]}

    def write(self, state: State, symbols: Tensor) -> Written:
        """Go on by one symbol: all written so far are read again."""
        written = torch.cat([state["written"], symbols[:, None]], dim=1)  # (B, T)
        touched = Touched()
        read = self.decoder(written, memory=state["memory"], memory_known=state["known"], touch=touched)
        kept = {"masked": {}, "pattern": {}}
        for what, by_block in kept.items():
            for at in range(len(self.decoder.blocks)):
                by_block[f"decoder.blocks.{at}.crossed"] = touched[f"blocks.{at}.crossed.{what}"][:, :, -1]  # (B, H, S)
        contexts = {
            f"decoder.blocks.{at}.crossed": touched[f"blocks.{at}.crossed.gathered"][:, :, -1].flatten(1)  # (B, C)
            for at in range(len(self.decoder.blocks))
        }
        sums = self.head(read[:, -1])  # (B, V)
        return Written(sums, {**state, "written": written}, kept["masked"], kept["pattern"], contexts)

    def teach(self, batch: Batch) -> Tensor:
        """Return all sums in one pass."""
        return self.look(batch.sources, batch.known, behind_begin(batch.targets), None)

    def look(self, sources: Tensor, known: Tensor, written: Tensor, touch: Touch | None) -> Tensor:
        """Return the sums (B, T, V) behind each symbol ``written`` (B, T), the first of which is ``BEGIN``; a touch is
        shown all on the way, below ``encoder.`` and ``decoder.``.
        """
        memory = self.encoder(sources, known, touch=under(touch, "encoder"))
        return self.head(self.decoder(written, None, memory, known, under(touch, "decoder")))
