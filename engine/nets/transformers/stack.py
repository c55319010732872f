"""What every transformer is made of: vectors of symbols and of places, blocks above each other, and a norm at the end.

All blocks read from one stream and add to it (Vaswani et al. 2017, arXiv 1706.03762; Elhage et al. 2021, A mathematical
framework for transformer circuits).
"""

from typing import NamedTuple

from torch import Tensor, nn

from engine.nets.attention.attention import Turning
from engine.nets.attention.block import Bend, Block
from engine.nets.attention.positions import sinusoid
from engine.nets.attention.touch import Touch, under


class Form(NamedTuple):
    """The sizes of a stack: ``width`` numbers at each place, ``blocks`` of so many ``heads`` and ``neurons``.

    ``places`` says how it is told where a symbol stands: ``learnt``, ``sinusoid``, ``rotary``, ``alibi`` or ``none``.
    ``ahead`` tells that norms stand ahead of each part, not behind it.
    """

    width: int
    blocks: int
    heads: int
    neurons: int
    places: str
    ahead: bool
    bend: Bend
    dropout: float

    @property
    def turning(self) -> Turning:
        """Return what attention does to queries, keys and scores for their places."""
        if self.places == "rotary":
            return "rotary"
        return "alibi" if self.places == "alibi" else "none"


class Stack(nn.Module):
    """Reads symbols of a ``vocabulary``, at most ``length`` of them where places are learnt. C is the width."""

    def __init__(self, vocabulary: int, length: int, form: Form, *, crossed: bool = False) -> None:
        super().__init__()
        self.places, self.width = form.places, form.width
        self.embedding = nn.Embedding(vocabulary, form.width)
        if form.places == "learnt":
            self.position = nn.Embedding(length, form.width)
        self.blocks = nn.ModuleList(
            Block(
                form.width,
                form.heads,
                form.neurons,
                crossed=crossed,
                ahead=form.ahead,
                bend=form.bend,
                turning=form.turning,
                dropout=form.dropout,
            )
            for _ in range(form.blocks)
        )
        # Where norms stand behind each part, the stream is normed already.
        self.norm = nn.LayerNorm(form.width) if form.ahead else nn.Identity()

    def read(
        self, symbols: Tensor, *, causal: bool = False, memory: Tensor | None = None, touch: Touch | None = None
    ) -> Tensor:
        """Return what is made of ``symbols`` (B, T) int64, (B, T, C); ``memory`` (B, S, C) is that of an encoder.

        A ``touch`` is shown ``embedded`` (B, T, C), all of each block below ``blocks.0.`` and so on, and ``normed``
        (B, T, C).
        """
        x = self.embedding(symbols)  # (B, T, C)
        if self.places == "learnt":
            x = x + self.position.weight[: symbols.shape[1]]
        elif self.places == "sinusoid":
            x = x + sinusoid(symbols.shape[1], self.width).to(x)
        if touch is not None:
            x = touch("embedded", x)
        for at, block in enumerate(self.blocks):
            x = block(x, causal=causal, memory=memory, touch=under(touch, f"blocks.{at}"))
        x = self.norm(x)
        return x if touch is None else touch("normed", x)
