"""SqueezeNet (Iandola et al. 2016, arXiv 1602.07360): fire blocks, which squeeze the channels by 1 x 1 convolutions and
expand them again by 1 x 1 and 3 x 3 side by side.
"""

from torch import Tensor, nn

from engine.nets.images.building import Join, Shape


class Fire(nn.Module):
    """``squeeze`` to so many channels, then ``expand1`` and ``expand3`` to ``outputs`` / 2 each, joined."""

    def __init__(self, inputs: int, squeezed: int, outputs: int) -> None:
        super().__init__()
        self.squeeze = nn.Conv2d(inputs, squeezed, 1)
        self.relu = nn.ReLU()
        self.expand1 = nn.Conv2d(squeezed, outputs // 2, 1)
        self.relu1 = nn.ReLU()
        self.expand3 = nn.Conv2d(squeezed, outputs // 2, 3, padding=1)
        self.relu3 = nn.ReLU()
        self.join = Join()

    def forward(self, x: Tensor) -> Tensor:
        """Return (batch, outputs, height, width)."""
        x = self.relu(self.squeeze(x))
        return self.join(self.relu1(self.expand1(x)), self.relu3(self.expand3(x)))


class SmallSqueezeNet(nn.Module):
    """A first convolution ``stem``, three fire blocks with a halving between them; ``head`` is a 1 x 1 convolution."""

    def __init__(self, shape: Shape, classes: int) -> None:
        super().__init__()
        self.stem = nn.Conv2d(shape[0], 32, 3, padding=1)
        self.relu = nn.ReLU()
        self.pool1 = nn.MaxPool2d(2)
        self.fire1 = Fire(32, 8, 32)
        self.fire2 = Fire(32, 8, 32)
        self.pool2 = nn.MaxPool2d(2)
        self.fire3 = Fire(32, 16, 64)
        self.head = nn.Conv2d(64, classes, 1)
        self.mean = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()

    def forward(self, x: Tensor) -> Tensor:
        """Return the logits (batch, classes)."""
        x = self.fire2(self.fire1(self.pool1(self.relu(self.stem(x)))))
        return self.flatten(self.mean(self.head(self.fire3(self.pool2(x)))))
