"""A kernel that slides over an image, and what it makes of each place: the sum that a convolutional layer is made of.

As in every such layer the kernel is not turned round, which a convolution in the books would ask for.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from engine.errors import SpecError

Pooling = Literal["largest", "mean"]


class Term(NamedTuple):
    """One product of a sum: the place of the ``pixel``, ``row`` and ``column``, which may lie in the frame of zeros."""

    row: int
    column: int
    pixel: float
    weight: float

    @property
    def product(self) -> float:
        """What it adds."""
        return self.pixel * self.weight


@dataclass(frozen=True, slots=True)
class Sliding:
    """How a kernel slides: ``stride`` pixels at a time, over an image in a frame of ``padding`` zeros, its own pixels
    ``dilation`` apart.
    """

    stride: int = 1
    padding: int = 0
    dilation: int = 1

    def places(self, side: int, kernel: int) -> int:
        """Return how many places a side of an image has for a kernel's side; raises SpecError where it has none."""
        reach = (kernel - 1) * self.dilation + 1
        framed = side + 2 * self.padding
        if reach > framed:
            raise SpecError(f"The kernel reaches over {reach} pixels: expected at most the {framed} that are there.")
        return (framed - reach) // self.stride + 1


def convolve(image: np.ndarray, kernel: np.ndarray, sliding: Sliding) -> np.ndarray:
    """Return what a kernel (k, l) makes of an image (height, width) of any numbers: (places down, across) float64.

    Raises SpecError where the kernel does not fit.
    """
    down, across = (sliding.places(side, reach) for side, reach in zip(image.shape, kernel.shape, strict=True))
    framed, step = np.pad(image.astype(np.float64), sliding.padding), sliding.stride
    found = np.zeros((down, across))
    for (row, column), weight in np.ndenumerate(kernel):
        top, left = row * sliding.dilation, column * sliding.dilation
        found += weight * framed[top : top + down * step : step, left : left + across * step : step][:down, :across]
    return found


def terms(image: np.ndarray, kernel: np.ndarray, sliding: Sliding, row: int, column: int) -> list[Term]:
    """Return the products whose sum is one number of ``convolve``: for each weight of the kernel, line by line."""
    found = []
    for (down, across), weight in np.ndenumerate(kernel):
        y = row * sliding.stride + down * sliding.dilation - sliding.padding
        x = column * sliding.stride + across * sliding.dilation - sliding.padding
        inside = 0 <= y < image.shape[0] and 0 <= x < image.shape[1]
        found.append(Term(y, x, float(image[y, x]) if inside else 0.0, float(weight)))
    return found


def pooled(image: np.ndarray, size: int, pooling: Pooling) -> np.ndarray:
    """Return the largest, or the mean, of each size x size pixels side by side; what is left over is left out.

    Raises SpecError where the image is smaller than that.
    """
    down, across = (side // size for side in image.shape)
    if not down or not across:
        raise SpecError(f"The image has {image.shape[0]} x {image.shape[1]} pixels: expected {size} or more each way.")
    parts = image[: down * size, : across * size].astype(np.float64).reshape(down, size, across, size)
    return parts.max(axis=(1, 3)) if pooling == "largest" else parts.mean(axis=(1, 3))
