"""A small transformer that goes on with a text: a decoder alone (Radford et al. 2018), normalised ahead of each part.

x = symbols + positions
for each block:  x = x + attention(norm(x));  x = x + mlp(norm(x))
sums = head(norm(x))
"""

from torch import Tensor, nn

from engine.nets.attention.block import Block
from engine.nets.attention.touch import Touch, Touched, under
from engine.nets.language.model import LanguageModel, Seen, States, Told


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
        return Told(self.head(self.norm(self._stream(symbols, None))), {})

    def following(self, symbols: Tensor) -> Tensor:
        """Return the sums (B, V) behind the last of ``symbols`` (B, T) alone."""
        return self.head(self.norm(self._stream(symbols, None)[:, -1]))

    def look(self, symbols: Tensor, states: States | None = None) -> Seen:
        """Return the same, with what stands behind each block, its neurons, and what attended to what."""
        seen = Touched()
        sums = self.head(self.norm(self._stream(symbols, seen)))
        layers = {name: value for name, value in seen.items() if name.endswith((".neurons", ".stream"))}
        patterns = {name.removesuffix(".pattern"): value for name, value in seen.items() if name.endswith(".pattern")}
        return Seen(sums, {}, layers, patterns)

    def _stream(self, symbols: Tensor, touch: Touch | None) -> Tensor:
        """Return what stands behind the last block, (B, T, C)."""
        x = self.embedding(symbols) + self.position.weight[: symbols.shape[1]]  # (B, T, C)
        for at, block in enumerate(self.blocks):
            x = block(x, causal=True, touch=under(touch, f"blocks.{at}"))
        return x
