"""What the models here have in common: one reads symbols, and may tell what stands at each place."""

from abc import abstractmethod

from torch import Tensor, nn

from engine.nets.attention.block import Block
from engine.nets.attention.touch import Touch, under
from engine.nets.pretrained.config import Config


class Pretrained(nn.Module):
    """Base of GPT-2 and BERT; ``causal`` ones never look ahead. One that ``tells`` can say which symbol stands at a
    place: some files come without the part that does.

    B is the batch, T the symbols read, C the width, V the vocabulary.
    """

    causal: bool
    tells: bool

    def __init__(self, config: Config, *, ahead: bool) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.vocabulary, config.width)
        self.position = nn.Embedding(config.places, config.width)
        self.blocks = nn.ModuleList(
            Block(config.width, config.heads, config.neurons, ahead=ahead, bend=config.bend, eps=config.eps)
            for _ in range(config.blocks)
        )

    @abstractmethod
    def embed(self, symbols: Tensor) -> Tensor:
        """Return what goes into the first block, (B, T, C), of ``symbols`` (B, T) int64."""

    @abstractmethod
    def normed(self, stream: Tensor) -> Tensor:
        """Return what is told of, (B, T, C), of what stands behind the last block, or any other, (B, T, C)."""

    @abstractmethod
    def tell(self, normed: Tensor) -> Tensor:
        """Return the sums of all symbols at each place, (B, T, V), still without their softmax."""

    def read(self, symbols: Tensor, touch: Touch | None = None, known: Tensor | None = None) -> Tensor:
        """Return what stands at each place in the end, (B, T, C), of ``symbols`` (B, T), T at most the places.

        ``known`` (B, T) is True where there is more than filling. A ``touch`` is shown ``embedded``, then all of
        ``blocks.0.``, ``blocks.1.`` and so on, and at the end ``normed``.
        """
        x = self.embed(symbols)  # (B, T, C)
        x = x if touch is None else touch("embedded", x)
        for at, block in enumerate(self.blocks):
            x = block(x, causal=self.causal, known=known, touch=under(touch, f"blocks.{at}"))
        x = self.normed(x)
        return x if touch is None else touch("normed", x)

    def forward(self, symbols: Tensor, touch: Touch | None = None, known: Tensor | None = None) -> Tensor:
        """Return the sums (B, T, V) at each of ``symbols`` (B, T); one that does not tell returns (B, T, C)."""
        x = self.read(symbols, touch, known)
        return self.tell(x) if self.tells else x

    def told(self, stream: Tensor) -> Tensor:
        """Return the sums (..., V) that a ``stream`` (..., C) would lead to, if no block came behind it; it tells."""
        return self.tell(self.normed(stream))
