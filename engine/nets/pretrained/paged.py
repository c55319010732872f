"""A page of a text that is too long to be seen at once: the model reads all of it, and what is shown is of the page."""

import torch
from torch import Tensor, nn

from engine.nets.attention.touch import Touch
from engine.nets.pretrained.model import Pretrained

BETWEEN = (".scores", ".masked", ".pattern")
"""Endings of the names of tensors (..., T, S): places that ask by places that are asked. All others are (..., T, n)."""


class Paged(nn.Module):
    """A ``net`` that reads ``before`` (1, F), then the page's own symbols, then ``after`` (1, L); a touch is shown the
    page alone, of attention what its places ask of each other, and may change no more than that.

    What is ``done`` to all places is a touch too: a head is knocked out for the whole text. Of each block's attention,
    the mean of its heads stays in ``means`` (blocks, W, W) behind a pass that was touched, W = F + T + L; ``sums``
    (blocks, H, T) are the logarithms of what the softmax divides by at each place of the page. Both are empty where
    nothing stands around it.
    """

    def __init__(self, net: Pretrained, before: Tensor, after: Tensor, done: Touch | None = None) -> None:
        super().__init__()
        self.net, self._before, self._after, self._done = net, before, after, done
        self._means: list[Tensor] = []
        self._sums: list[Tensor] = []

    @property
    def means(self) -> Tensor:
        """Return the mean of the heads of each block, (blocks, W, W)."""
        return torch.stack(self._means) if self._means else torch.zeros(0)

    @property
    def sums(self) -> Tensor:
        """Return the logarithm of the sum that the softmax divides by, (blocks, H, T)."""
        return torch.stack(self._sums) if self._sums else torch.zeros(0)

    def read(self, symbols: Tensor, touch: Touch | None = None) -> Tensor:
        """Return what stands at each place of a page (B, T) in the end, (B, T, C)."""
        self._means, self._sums = [], []
        around = [part.expand(len(symbols), -1) for part in (self._before, self._after)]
        whole = torch.cat([around[0], symbols, around[1]], dim=1)  # (B, W)
        shown = self._done if touch is None else self._shown(touch, symbols.shape[1])
        return self.net.read(whole, shown)[:, self._page(symbols.shape[1])]

    def forward(self, symbols: Tensor, touch: Touch | None = None) -> Tensor:
        """Return the sums (B, T, V) at each place of a page (B, T)."""
        return self.net.tell(self.read(symbols, touch))

    def tell(self, normed: Tensor) -> Tensor:
        """Return the sums of all symbols, as the net does."""
        return self.net.tell(normed)

    def told(self, stream: Tensor) -> Tensor:
        """Return the sums that a stream would lead to, as the net does."""
        return self.net.told(stream)

    def _page(self, length: int) -> slice:
        return slice(self._before.shape[1], self._before.shape[1] + length)

    def _shown(self, touch: Touch, length: int) -> Touch:
        page = self._page(length)

        def show(name: str, value: Tensor) -> Tensor:
            value = value if self._done is None else self._done(name, value)
            if page == slice(0, value.shape[-2]):
                return touch(name, value)
            between = name.endswith(BETWEEN)
            if name.endswith(".masked"):
                self._sums.append(value[0, :, page].detach().logsumexp(dim=-1))
            if name.endswith(".pattern"):
                self._means.append(value[0].detach().mean(dim=0))
            window = (..., page, page if between else slice(None))
            there = value[window].clone()  # not a view, which would keep all of it in memory
            given = touch(name, there)
            if given is there and not torch.is_grad_enabled():
                return value
            whole = value.clone()
            whole[window] = given
            return whole

        return show
