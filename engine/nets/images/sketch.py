"""A way through a net of which only shapes are known: what is put down of each layer is its row in the table.

It does with numbers what a pass does with tensors, so it needs no torch; a test holds each net's to the net.
"""

from math import prod
from typing import NamedTuple

from engine.nets.images.layer import PIXEL, WHOLE, Layer, Seen

Shape = tuple[int, ...]


class Made(NamedTuple):
    """What a layer makes of an image: its shape without the batch, and how much of the image each number sees."""

    shape: Shape
    seen: Seen = PIXEL

    @property
    def channels(self) -> int:
        """Return how many maps there are, or numbers where there are no maps any more."""
        return self.shape[0]


class Sketch:
    """The ``rows`` of a net, layer by layer; each method puts one down and returns what comes out of it.

    A row's receptive field follows from those before it (Araujo, Norris and Sim 2019, doi:10.23915/distill.00021).
    """

    def __init__(self) -> None:
        self.rows: list[Layer] = []

    def conv(
        self,
        x: Made,
        name: str,
        outputs: int,
        kernel: int,
        stride: int = 1,
        *,
        pad: tuple[int, int] | None = None,
        groups: int = 1,
        bias: bool = True,
    ) -> Made:
        """Put a convolution down, by default with a frame that keeps the size at stride 1."""
        sides = _slid(x.shape[1:], kernel, stride, (kernel // 2, kernel // 2) if pad is None else pad)
        each = x.channels // groups * kernel**2
        seen, flops = _wider(x.seen, kernel, stride), 2 * outputs * prod(sides) * each
        return self._put(name, "Conv2d", (outputs, *sides), seen, outputs * (each + bias), flops)

    def pool(self, x: Made, name: str, size: int, stride: int = 0, pad: int = 0) -> Made:
        """Put down a layer that takes the largest of some pixels; by default they do not overlap."""
        sides = _slid(x.shape[1:], size, stride or size, (pad, pad))
        return self._put(name, "MaxPool2d", (x.channels, *sides), _wider(x.seen, size, stride or size))

    def norm(self, x: Made, name: str) -> Made:
        """Put batch normalisation down."""
        kind = "BatchNorm2d" if len(x.shape) == 3 else "BatchNorm1d"
        return self._put(name, kind, x.shape, x.seen, 2 * x.channels)

    def each(self, x: Made, name: str, kind: str = "ReLU") -> Made:
        """Put down a layer without weights that leaves the shape as it is."""
        return self._put(name, kind, x.shape, x.seen)

    def mean(self, x: Made, name: str) -> Made:
        """Put down the mean of each map."""
        return self._put(name, "AdaptiveAvgPool2d", (x.channels, 1, 1), WHOLE)

    def flatten(self, x: Made, name: str) -> Made:
        """Put down what makes numbers of an image."""
        return self._put(name, "Flatten", (prod(x.shape),), WHOLE)

    def dense(self, x: Made, name: str, units: int) -> Made:
        """Put a dense layer down."""
        return self._put(name, "Linear", (units,), WHOLE, units * (x.channels + 1), 2 * units * x.channels)

    def add(self, name: str, *parts: Made) -> Made:
        """Put a sum down."""
        return self._put(name, "Add", parts[0].shape, _widest(parts))

    def join(self, name: str, *parts: Made) -> Made:
        """Put down what lays maps one behind the other."""
        channels = sum(part.channels for part in parts)
        return self._put(name, "Join", (channels, *parts[0].shape[1:]), _widest(parts))

    def block(self, x: Made, name: str, outputs: int, kernel: int, *, stride: int = 1, bent: bool = True) -> Made:
        """Put down a convolution, its batch normalisation, and a ReLU if it is ``bent``."""
        x = self.conv(x, f"{name}.conv", outputs, kernel, stride, bias=False)
        x = self.norm(x, f"{name}.norm")
        return self.each(x, f"{name}.relu") if bent else x

    def _put(self, name: str, kind: str, output: Shape, seen: Seen, parameters: int = 0, flops: int = 0) -> Made:
        self.rows.append(Layer(name, kind, output, parameters, flops, *seen))
        return Made(output, seen)


def _slid(sides: Shape, kernel: int, stride: int, pad: tuple[int, int]) -> Shape:
    """Return at how many places a kernel is put, each way."""
    return tuple((side + 2 * frame - kernel) // stride + 1 for side, frame in zip(sides, pad, strict=True))


def _wider(seen: Seen, kernel: int, stride: int) -> Seen:
    field, step = seen
    return WHOLE if seen == WHOLE else (field + (kernel - 1) * step, step * stride)


def _widest(parts: tuple[Made, ...]) -> Seen:
    seen = [part.seen for part in parts]
    return WHOLE if WHOLE in seen else max(seen)
