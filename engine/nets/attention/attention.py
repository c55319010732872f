"""Attention: each place asks all others, and gathers what they have to say (Vaswani et al. 2017, arXiv 1706.03762).

    scores = query(x) key(m)^T / sqrt(D);  pattern = softmax(scores);  out(pattern value(m))

It is written by hand, as every number in it is to be seen. Who only learns takes torch's kernel for the same.
"""

import math
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.nets.attention.positions import distance, rotate, slopes
from engine.nets.attention.touch import Touch

Turning = Literal["none", "rotary", "alibi"]
"""What is done to queries, keys and scores for their places."""


class Attention(nn.Module):
    """``heads`` that each ask and answer with ``width`` / ``heads`` numbers; C is the width, H the heads, D = C / H."""

    def __init__(self, width: int, heads: int, turning: Turning = "none") -> None:
        super().__init__()
        self.heads, self.turning = heads, turning
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.out = nn.Linear(width, width)

    def forward(
        self,
        x: Tensor,
        memory: Tensor | None = None,
        *,
        causal: bool = False,
        known: Tensor | None = None,
        touch: Touch | None = None,
    ) -> Tensor:
        """Return what ``x`` (B, T, C) gathers of ``memory`` (B, S, C), or of itself: (B, T, C).

        With ``causal`` no place looks ahead. ``known`` (B, S) is True where the memory is more than filling; each row
        has one that is known. A ``touch`` is shown ``query`` (B, H, T, D), ``key`` and ``value`` (B, H, S, D),
        ``scores`` (B, H, T, S), already scaled, ``masked``, with what places and masks do to them, ``pattern``, whose
        rows sum to 1, and ``gathered`` (B, H, T, D).
        """
        memory = x if memory is None else memory
        q, k, v = self._split(self.query(x)), self._split(self.key(memory)), self._split(self.value(memory))
        if self.turning == "rotary":
            q, k = rotate(q), rotate(k)
        if touch is None:
            plain = causal and known is None and self.turning != "alibi"
            mask = None if plain else self._mask(q, k, causal, known)
            gathered = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=plain)
        else:
            q, k, v = touch("query", q), touch("key", k), touch("value", v)
            scores = touch("scores", q @ k.transpose(2, 3) / math.sqrt(q.shape[3]))
            mask = self._mask(q, k, causal, known)
            masked = touch("masked", scores if mask is None else scores + mask)
            pattern = touch("pattern", masked.softmax(dim=-1))
            gathered = touch("gathered", pattern @ v)
        return self.out(gathered.transpose(1, 2).flatten(2))

    def _split(self, x: Tensor) -> Tensor:
        """Return (B, T, C) as (B, H, T, D): the first D numbers are those of the first head."""
        return x.unflatten(2, (self.heads, -1)).transpose(1, 2)

    def _mask(self, q: Tensor, k: Tensor, causal: bool, known: Tensor | None) -> Tensor | None:
        """Return what is added to the scores, (B or 1, H or 1, T, S): minus infinity where one may not look."""
        asking, asked = q.shape[2], k.shape[2]
        mask = q.new_zeros(1, 1, asking, asked)
        if self.turning == "alibi":
            mask = mask - slopes(self.heads).to(q)[:, None, None] * distance(asking, asked).to(q)
        if causal:
            later = torch.ones(asking, asked, dtype=torch.bool, device=q.device).triu(1)
            mask = mask.masked_fill(later, -math.inf)
        if known is not None:
            mask = mask.masked_fill(~known[:, None, None, :], -math.inf)
        return mask if causal or known is not None or self.turning == "alibi" else None
