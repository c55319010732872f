"""The first transformer: an encoder reads what is given, a decoder writes, and in each block asks the encoder (Vaswani
et al. 2017, arXiv 1706.03762).
"""

from torch import Tensor, nn

from engine.nets.attention.touch import Touch, under
from engine.nets.transformers.stack import Form, Stack


class EncoderDecoder(nn.Module):
    """Of the symbols it is shown, so many are ``given``, to be read; what stands behind them is being written."""

    def __init__(self, vocabulary: int, given: int, written: int, form: Form) -> None:
        super().__init__()
        self.given = given
        self.encoder = Stack(vocabulary, given, form)
        self.decoder = Stack(vocabulary, written, form, crossed=True)
        self.head = nn.Linear(form.width, vocabulary)

    def forward(self, symbols: Tensor, touch: Touch | None = None) -> Tensor:
        """Return the sums (B, W, V) behind each symbol written, of ``symbols`` (B, S + W), the S given ones first.

        A ``touch`` is shown all of ``Stack.read`` below ``encoder.`` and ``decoder.``.
        """
        given, written = symbols[:, : self.given], symbols[:, self.given :]
        memory = self.encoder.read(given, touch=under(touch, "encoder"))  # (B, S, C)
        x = self.decoder.read(written, causal=True, memory=memory, touch=under(touch, "decoder"))  # (B, W, C)
        return self.head(x)

    def told(self, stream: Tensor) -> Tensor:
        """Return the sums (..., V) that a ``stream`` (..., C) of the decoder would lead to, if no block came behind."""
        return self.head(self.decoder.norm(stream))
