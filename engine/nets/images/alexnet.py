"""AlexNet in the shape of its paper (Krizhevsky, Sutskever and Hinton 2012): 227 x 227 pixels in colour, 1,000 classes.

Its table is to be read beside the small nets' ones: it is too large to be trained while one watches. The paper's two
halves of the second, fourth and fifth layer, one on each of two cards, are here two groups of channels.
"""

from torch import Tensor, nn

from engine.nets.images.building import Shape, flat

SHAPE: Shape = (3, 227, 227)
CLASSES = 1_000


class AlexNet(nn.Module):
    """``conv1`` to ``conv5``, then ``fc6``, ``fc7`` and ``head``; where the paper says so a response is normalised."""

    def __init__(self, shape: Shape = SHAPE, classes: int = CLASSES) -> None:
        super().__init__()
        self.features = nn.Sequential()
        for name, layer in {
            "conv1": nn.Conv2d(shape[0], 96, 11, 4),
            "relu1": nn.ReLU(),
            "norm1": nn.LocalResponseNorm(5, alpha=5e-4, k=2),
            "pool1": nn.MaxPool2d(3, 2),
            "conv2": nn.Conv2d(96, 256, 5, padding=2, groups=2),
            "relu2": nn.ReLU(),
            "norm2": nn.LocalResponseNorm(5, alpha=5e-4, k=2),
            "pool2": nn.MaxPool2d(3, 2),
            "conv3": nn.Conv2d(256, 384, 3, padding=1),
            "relu3": nn.ReLU(),
            "conv4": nn.Conv2d(384, 384, 3, padding=1, groups=2),
            "relu4": nn.ReLU(),
            "conv5": nn.Conv2d(384, 256, 3, padding=1, groups=2),
            "relu5": nn.ReLU(),
            "pool5": nn.MaxPool2d(3, 2),
        }.items():
            self.features.add_module(name, layer)
        self.flatten = nn.Flatten()
        self.fc6 = nn.Linear(flat(self.features, shape), 4096)
        self.relu6 = nn.ReLU()
        self.fc7 = nn.Linear(4096, 4096)
        self.relu7 = nn.ReLU()
        self.head = nn.Linear(4096, classes)

    def forward(self, x: Tensor) -> Tensor:
        """Return the logits (batch, classes)."""
        x = self.flatten(self.features(x))
        return self.head(self.relu7(self.fc7(self.relu6(self.fc6(x)))))
