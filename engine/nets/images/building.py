"""How nets for images come about: first their shapes alone, then weights that follow from a seed."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from engine.nets.mlp import Dropout
from engine.seeds import derive

Shape = tuple[int, int, int]
"""Channels, height and width of an image."""


class Add(nn.Module):
    """The sum of two tensors of the same shape."""

    def forward(self, one: Tensor, other: Tensor) -> Tensor:
        """Return the sum, in the same shape."""
        return one + other


class Join(nn.Module):
    """Tensors (batch, channels, height, width) put one behind the other along their channels."""

    def forward(self, *parts: Tensor) -> Tensor:
        """Return (batch, all their channels, height, width)."""
        return torch.cat(parts, dim=1)


def build(make: Callable[[], nn.Module], seed: int) -> nn.Module:
    """Return the net that ``make`` makes, with initial weights that follow from ``seed`` and from nothing else.

    It is made on the device that holds shapes alone, for torch's own first weights would be drawn from the one
    generator that all share.
    """
    with torch.device("meta"):
        net = make()
    net.to_empty(device="cpu")
    initialise(net, seed)
    return net


def initialise(net: nn.Module, seed: int) -> None:
    """Give all weights their first values, each tensor from a stream of its own; the layer ``head`` is the last."""
    with torch.no_grad():
        for name, module in net.named_modules():
            if isinstance(module, nn.Conv2d | nn.Linear):
                draw_weights(module, derive(seed, "weights", name), last=name.rpartition(".")[2] == "head")
            elif isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
                module.reset_parameters()  # ones and zeros: nothing of it is drawn
            elif isinstance(module, Dropout):
                module.generator = torch.Generator().manual_seed(derive(seed, "dropout", name))
            elif next(module.parameters(recurse=False), None) is not None:
                raise TypeError(f"{name} has weights, and nothing says what they begin with: {type(module).__name__}.")


@torch.no_grad()
def draw_weights(layer: nn.Conv2d | nn.Linear, seed: int, *, last: bool) -> None:
    """Give a layer its first weights: He et al. 2015 (arXiv 1502.01852).

    The ``last`` one has no activation behind it, and so half of that variance.
    """
    generator = torch.Generator().manual_seed(seed)
    gain = 1.0 if last else 2.0
    layer.weight.normal_(0, (gain / layer.weight[0].numel()) ** 0.5, generator=generator)
    if layer.bias is not None:
        layer.bias.zero_()


def flat(features: nn.Module, shape: Shape) -> int:
    """Return how many numbers ``features``, whose weights have no values yet, makes of an image."""
    return features(torch.empty(2, *shape, device="meta"))[0].numel()


def conv(inputs: int, outputs: int, kernel: int, *, stride: int = 1, bent: bool = True) -> nn.Sequential:
    """Return a convolution that keeps the size at stride 1, its batch normalisation, and a ReLU if it is ``bent``."""
    layers = nn.Sequential()
    layers.add_module("conv", nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False))
    layers.add_module("norm", nn.BatchNorm2d(outputs))
    if bent:
        layers.add_module("relu", nn.ReLU())
    return layers
