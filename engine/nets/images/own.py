"""A net of one's own for images, of the layers that ``engine.nets.images.told`` reads from a text."""

from math import prod

import torch
from torch import Tensor, nn

from engine.nets.images.building import Shape
from engine.nets.images.told import Told, told_net
from engine.nets.mlp import Dropout


class OwnNet(nn.Module):
    """``layers.0``, ``layers.1``, ... as they were told, then ``flatten`` and ``head``. It is made by ``build`` alone.

    Raises SpecError where a layer does not fit what comes before it, with its number and what it is given.
    """

    def __init__(self, text: str, shape: Shape, classes: int) -> None:
        super().__init__()
        told = told_net(text, shape, classes)
        self.layers = nn.Sequential(*map(_layer, told))
        self.flatten = nn.Flatten()
        self.head = nn.Linear(prod(told[-1].output if told else shape), classes)

    def forward(self, x: Tensor) -> Tensor:
        """Return the logits (batch, classes)."""
        return self.head(self.flatten(self.layers(x)))


def _layer(told: Told) -> nn.Module:
    is_image = len(told.before) == 3
    match told.kind:
        case "conv":
            channels, kernel, stride, pad = told.numbers
            return nn.Conv2d(told.before[0], channels, kernel, stride, pad)
        case "pool":
            return nn.MaxPool2d(told.numbers[0])
        case "norm":
            return (nn.BatchNorm2d if is_image else nn.BatchNorm1d)(told.before[0])
        case "relu":
            return nn.ReLU()
        case "tanh":
            return nn.Tanh()
        case "dropout":
            return Dropout(told.share, torch.Generator(device="cpu"))
        case "dense":
            dense = nn.Linear(prod(told.before), told.numbers[0])
            return nn.Sequential(nn.Flatten(), dense) if is_image else dense
    raise ValueError(f"expected a layer that can be told, received {told.kind}")
