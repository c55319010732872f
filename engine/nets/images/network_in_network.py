"""Network in network (Lin, Chen and Yan 2013, arXiv 1312.4400): behind each convolution two of 1 x 1, a small dense net
that every pixel goes through. At the end there is no dense layer at all: each class has a map of its own, and its mean
is the logit.
"""

from torch import Tensor, nn

from engine.nets.images.building import Shape, conv


class NetworkInNetwork(nn.Module):
    """``block1.spatial.conv.weight``, ``block1.mix1.conv.weight``, ...; ``head`` is a 1 x 1 convolution too."""

    def __init__(self, shape: Shape, classes: int) -> None:
        super().__init__()
        self.features = nn.Sequential()
        before = shape[0]
        for number, (width, kernel) in enumerate(((32, 5), (64, 3)), 1):
            block = nn.Sequential()
            block.add_module("spatial", conv(before, width, kernel))
            block.add_module("mix1", conv(width, width, 1))
            block.add_module("mix2", conv(width, width, 1))
            block.add_module("pool", nn.MaxPool2d(2))
            self.features.add_module(f"block{number}", block)
            before = width
        self.head = nn.Conv2d(before, classes, 1)
        self.mean = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()

    def forward(self, x: Tensor) -> Tensor:
        """Return the logits (batch, classes)."""
        return self.flatten(self.mean(self.head(self.features(x))))
