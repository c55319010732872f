"""A small VGG (Simonyan and Zisserman 2014, arXiv 1409.1556): nothing but 3 x 3 convolutions, two by two, and halving.

Two of them see 5 x 5 pixels, as one large kernel would, with fewer weights and a ReLU in between.
"""

from torch import Tensor, nn

from engine.nets.images.building import Shape, conv, flat

WIDTHS = (16, 32, 64)


class SmallVGG(nn.Module):
    """Three blocks: ``block1.first.conv.weight``, ``block1.second.conv.weight``, ...; the size is halved after each."""

    def __init__(self, shape: Shape, classes: int) -> None:
        super().__init__()
        self.features = nn.Sequential()
        before = shape[0]
        for number, width in enumerate(WIDTHS, 1):
            block = nn.Sequential()
            block.add_module("first", conv(before, width, 3))
            block.add_module("second", conv(width, width, 3))
            block.add_module("pool", nn.MaxPool2d(2))
            self.features.add_module(f"block{number}", block)
            before = width
        self.flatten = nn.Flatten()
        self.hidden = nn.Linear(flat(self.features, shape), 64)
        self.relu = nn.ReLU()
        self.head = nn.Linear(64, classes)

    def forward(self, x: Tensor) -> Tensor:
        """Return the logits (batch, classes)."""
        return self.head(self.relu(self.hidden(self.flatten(self.features(x)))))
