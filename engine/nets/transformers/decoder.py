"""A transformer that goes on: no place looks ahead, and behind each symbol stands which one comes next (Radford et al.
2018; Liu et al. 2018, arXiv 1801.10198).
"""

from torch import Tensor, nn

from engine.nets.attention.touch import Touch
from engine.nets.transformers.stack import Form, Stack


class Decoder(Stack):
    """Blocks of which each looks back alone, and an output layer."""

    def __init__(self, vocabulary: int, length: int, form: Form) -> None:
        super().__init__(vocabulary, length, form)
        self.head = nn.Linear(form.width, vocabulary)

    def forward(self, symbols: Tensor, touch: Touch | None = None) -> Tensor:
        """Return the sums (B, T, V) behind each of ``symbols`` (B, T); see ``Stack.read`` for a ``touch``."""
        return self.head(self.read(symbols, causal=True, touch=touch))

    def told(self, stream: Tensor) -> Tensor:
        """Return the sums (..., V) that a ``stream`` (..., C) would lead to, if no block came behind it."""
        return self.head(self.norm(stream))
