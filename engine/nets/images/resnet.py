"""A residual net (He et al. 2015, arXiv 1512.03385) as that paper has it for small images: blocks of two 3 x 3
convolutions, and a way around each.

Without the shortcut it is the plain net to compare with: as many weights, the same depth, but gradients have to come
through every layer.
"""

from torch import Tensor, nn

from engine.nets.images.building import Add, Shape, conv

WIDTHS = (16, 32, 64)


class Block(nn.Module):
    """``first``, ``second``, and their sum with what came in: as it is, or by a 1 x 1 convolution where its shape is
    another.
    """

    def __init__(self, inputs: int, outputs: int, stride: int, *, shortcut: bool) -> None:
        super().__init__()
        self.first = conv(inputs, outputs, 3, stride=stride)
        self.second = conv(outputs, outputs, 3, bent=False)
        other = inputs != outputs or stride != 1
        self.around = conv(inputs, outputs, 1, stride=stride, bent=False) if shortcut and other else nn.Identity()
        self.add = Add() if shortcut else None
        self.relu = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        """Return (batch, outputs, height / stride, width / stride)."""
        through = self.second(self.first(x))
        return self.relu(through if self.add is None else self.add(through, self.around(x)))


class ResNet(nn.Module):
    """``depth`` blocks of each of three widths, after a convolution ``stem``: 6 x depth + 2 layers with weights."""

    def __init__(self, shape: Shape, classes: int, depth: int = 2, *, shortcut: bool = True) -> None:
        super().__init__()
        self.stem = conv(shape[0], WIDTHS[0], 3)
        self.stages = nn.Sequential()
        before = WIDTHS[0]
        for number, width in enumerate(WIDTHS, 1):
            stage = nn.Sequential()
            for place in range(depth):
                stride = 2 if number > 1 and place == 0 else 1
                stage.add_module(f"block{place + 1}", Block(before, width, stride, shortcut=shortcut))
                before = width
            self.stages.add_module(f"stage{number}", stage)
        self.mean = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.head = nn.Linear(before, classes)

    def forward(self, x: Tensor) -> Tensor:
        """Return the logits (batch, classes)."""
        return self.head(self.flatten(self.mean(self.stages(self.stem(x)))))
