"""LeNet-5 (LeCun, Bottou, Bengio and Haffner 1998): convolve, shrink, convolve, shrink, decide.

As is usual today: ReLU for its tanh, the largest of four pixels for their weighted mean, every feature map connected to
every one before, and a softmax for its radial basis units. The 28 x 28 pixels of a digit are framed to 32 x 32, as its
authors did, so that strokes at the border come into the middle of a kernel too.
"""

from torch import Tensor, nn

from engine.nets.images.building import Shape, flat

PIXELS = 32
"""The side of an image as the paper has it; smaller ones are framed."""


class LeNet5(nn.Module):
    """``c1`` and ``c3`` convolve, ``s2`` and ``s4`` shrink, ``c5`` and ``f6`` are dense: named as in the paper."""

    def __init__(self, shape: Shape, classes: int) -> None:
        super().__init__()
        channels, height, width = shape
        frame = max(0, PIXELS - height) // 2, max(0, PIXELS - width) // 2
        self.features = nn.Sequential()
        for name, layer in {
            "c1": nn.Conv2d(channels, 6, 5, padding=frame),
            "relu1": nn.ReLU(),
            "s2": nn.MaxPool2d(2),
            "c3": nn.Conv2d(6, 16, 5),
            "relu3": nn.ReLU(),
            "s4": nn.MaxPool2d(2),
        }.items():
            self.features.add_module(name, layer)
        self.flatten = nn.Flatten()
        self.c5 = nn.Linear(flat(self.features, shape), 120)
        self.relu5 = nn.ReLU()
        self.f6 = nn.Linear(120, 84)
        self.relu6 = nn.ReLU()
        self.head = nn.Linear(84, classes)

    def forward(self, x: Tensor) -> Tensor:
        """Return the logits (batch, classes)."""
        x = self.flatten(self.features(x))
        return self.head(self.relu6(self.f6(self.relu5(self.c5(x)))))
