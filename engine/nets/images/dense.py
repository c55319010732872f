"""A dense net on pixels: it is not told which of them are neighbours."""

from itertools import pairwise

from torch import Tensor, nn

from engine.nets.images.building import Shape

UNITS = (128, 64)


class Dense(nn.Module):
    """Two hidden layers with ReLU: ``hidden.0.weight``, ``hidden.2.weight``."""

    def __init__(self, shape: Shape, classes: int) -> None:
        super().__init__()
        channels, height, width = shape
        sizes = (channels * height * width, *UNITS)
        self.flatten = nn.Flatten()
        self.hidden = nn.Sequential(*(layer for two in pairwise(sizes) for layer in (nn.Linear(*two), nn.ReLU())))
        self.head = nn.Linear(UNITS[-1], classes)

    def forward(self, x: Tensor) -> Tensor:
        """Return the logits (batch, classes)."""
        return self.head(self.hidden(self.flatten(x)))
