"""A block of a transformer: attention, then two layers at each place by itself; what either finds is added to what was
there.

The norms stand ahead of each part (Xiong et al. 2020, arXiv 2002.04745), as in GPT-2, or behind the sum, as in the
first transformer (Vaswani et al. 2017, arXiv 1706.03762) and in BERT.
"""

from collections.abc import Callable
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.nets.attention.attention import Attention, Turning
from engine.nets.attention.touch import Touch, under
from engine.nets.mlp import Dropout

Bend = Literal["gelu", "gelu_tanh", "relu"]


class Block(nn.Module):
    """``neurons`` are those between the two layers, by themselves four times the ``width``.

    With ``crossed`` it is the block of a decoder, which between both parts asks what an encoder has made of another
    sequence. ``dropout`` is the share of what each part finds that is left out while it learns.
    """

    def __init__(
        self,
        width: int,
        heads: int,
        neurons: int | None = None,
        *,
        crossed: bool = False,
        ahead: bool = True,
        bend: Bend = "gelu",
        turning: Turning = "none",
        dropout: float = 0.0,
        eps: float = 1e-5,
    ) -> None:
        super().__init__()
        self.ahead = ahead
        self.bend: Bend = bend
        self.norm_attention = nn.LayerNorm(width, eps)
        self.attention = Attention(width, heads, turning)
        if crossed:
            self.norm_crossed = nn.LayerNorm(width, eps)
            self.crossed = Attention(width, heads)
        self.norm_mlp = nn.LayerNorm(width, eps)
        neurons = 4 * width if neurons is None else neurons
        self.rise, self.fall = nn.Linear(width, neurons), nn.Linear(neurons, width)
        self.dropout = Dropout(dropout, torch.Generator(device="cpu")) if dropout else nn.Identity()

    def forward(
        self,
        x: Tensor,
        *,
        causal: bool = False,
        known: Tensor | None = None,
        memory: Tensor | None = None,
        memory_known: Tensor | None = None,
        touch: Touch | None = None,
    ) -> Tensor:
        """Return ``x`` (B, T, C) with what was found added; masks as in ``Attention``, ``memory`` (B, S, C) that of an
        encoder.

        A ``touch`` is shown all of ``attention.``, of ``crossed.`` where there is a memory, and, (B, T, C) each, what
        a part adds, ``attention.added``, ``crossed.added``, ``mlp.added``, and the ``stream`` at the end; ``neurons``
        is (B, T, neurons).
        """

        def attend(x: Tensor) -> Tensor:
            return self.attention(x, causal=causal, known=known, touch=under(touch, "attention"))

        def cross(x: Tensor) -> Tensor:
            return self.crossed(x, memory, known=memory_known, touch=under(touch, "crossed"))

        def think(x: Tensor) -> Tensor:
            neurons = bent(self.rise(x), self.bend)
            return self.fall(neurons if touch is None else touch("neurons", neurons))

        x = self._add(x, self.norm_attention, attend, "attention.added", touch)
        if memory is not None:
            x = self._add(x, self.norm_crossed, cross, "crossed.added", touch)
        x = self._add(x, self.norm_mlp, think, "mlp.added", touch)
        return x if touch is None else touch("stream", x)

    def _add(
        self, x: Tensor, norm: nn.Module, part: Callable[[Tensor], Tensor], name: str, touch: Touch | None
    ) -> Tensor:
        """Return ``x`` with what ``part`` finds added, the norm where it stands."""
        found = self.dropout(part(norm(x) if self.ahead else x))
        found = found if touch is None else touch(name, found)
        return x + found if self.ahead else norm(x + found)


def bent(x: Tensor, bend: Bend) -> Tensor:
    """Return what neurons make of their sums, of any shape."""
    if bend == "relu":
        return functional.relu(x)
    return functional.gelu(x, approximate="tanh" if bend == "gelu_tanh" else "none")
