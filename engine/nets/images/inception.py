"""Inception (Szegedy et al. 2014, arXiv 1409.4842): 1 x 1, 3 x 3, 5 x 5 and a pooling side by side: the net
chooses.

A 1 x 1 convolution before each large kernel makes fewer channels of many, so that it costs less.
"""

from torch import Tensor, nn

from engine.nets.images.building import Join, Shape, conv


class Block(nn.Module):
    """Four ways through, joined: their numbers of channels are ``one``, ``three``, ``five`` and ``pooled``."""

    def __init__(self, inputs: int, one: int, three: int, five: int, pooled: int) -> None:
        super().__init__()
        self.one = conv(inputs, one, 1)
        self.three = nn.Sequential()
        self.three.add_module("reduce", conv(inputs, three // 2, 1))
        self.three.add_module("spatial", conv(three // 2, three, 3))
        self.five = nn.Sequential()
        self.five.add_module("reduce", conv(inputs, five // 2, 1))
        self.five.add_module("spatial", conv(five // 2, five, 5))
        self.pooled = nn.Sequential()
        self.pooled.add_module("pool", nn.MaxPool2d(3, 1, 1))
        self.pooled.add_module("mix", conv(inputs, pooled, 1))
        self.join = Join()

    def forward(self, x: Tensor) -> Tensor:
        """Return (batch, one + three + five + pooled, height, width)."""
        return self.join(self.one(x), self.three(x), self.five(x), self.pooled(x))


class SmallInception(nn.Module):
    """A first convolution ``stem``, two blocks with a halving between them, and the mean of each map."""

    def __init__(self, shape: Shape, classes: int) -> None:
        super().__init__()
        self.stem = conv(shape[0], 16, 3)
        self.pool1 = nn.MaxPool2d(2)
        self.inception1 = Block(16, 8, 16, 8, 8)
        self.pool2 = nn.MaxPool2d(2)
        self.inception2 = Block(40, 16, 32, 16, 16)
        self.mean = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.head = nn.Linear(80, classes)

    def forward(self, x: Tensor) -> Tensor:
        """Return the logits (batch, classes)."""
        x = self.inception1(self.pool1(self.stem(x)))
        return self.head(self.flatten(self.mean(self.inception2(self.pool2(x)))))
