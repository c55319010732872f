"""Softmax regression: each class has one weight for each pixel, and the largest sum wins. Its weights are images."""

from torch import Tensor, nn

from engine.nets.images.building import Shape


class SoftmaxRegression(nn.Module):
    """No hidden layer; ``head.weight`` is (classes, channels x height x width)."""

    def __init__(self, shape: Shape, classes: int) -> None:
        super().__init__()
        channels, height, width = shape
        self.flatten = nn.Flatten()
        self.head = nn.Linear(channels * height * width, classes)

    def forward(self, x: Tensor) -> Tensor:
        """Return the logits (batch, classes)."""
        return self.head(self.flatten(x))
