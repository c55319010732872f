"""What one layer of a net makes of images, heard while they go through it."""

from collections.abc import Iterator
from contextlib import contextmanager

from torch import Tensor, nn


@contextmanager
def listening(net: nn.Module, layer: str) -> Iterator[list[Tensor]]:
    """Give a list whose last item is, after each pass, what ``layer`` made: (batch, units) or (batch, units, height,
    width).

    Of a ReLU it is what goes into it: where that is below 0 the ReLU lets nothing through, no gradient either, and
    units that are silent could not be told apart.
    """
    heard: list[Tensor] = []

    def keep(module: nn.Module, taken: tuple[Tensor, ...], given: Tensor) -> None:
        heard[:] = [taken[0] if isinstance(module, nn.ReLU) else given]

    handle = net.get_submodule(layer).register_forward_hook(keep)
    try:
        yield heard
    finally:
        handle.remove()
