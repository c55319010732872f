"""IDX, the form of MNIST's files (LeCun, Cortes, Burges) and of those that follow it, as Fashion-MNIST (arXiv
1708.07747): a file of images and a file of their labels, also gzipped.

    0 0 | type | number of dimensions d | d sizes, 4 bytes each, the first byte the highest | the numbers

Here the type is always 8, one unsigned byte for each number.
"""

from collections.abc import Sequence
from math import prod

import numpy as np

from engine.data.images.image_set import ImageSet
from engine.data.images.packed import unpacked
from engine.errors import DataError

BYTE = 8
MAX_DIMENSIONS = 4
DIGITS = tuple("0123456789")
FASHION = ("T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "trainer", "bag", "ankle boot")


def read(data: bytes, name: str) -> np.ndarray:
    """Return the numbers of an IDX file, uint8 in the shape that it tells; raises DataError."""
    found = unpacked(data, name)
    if len(found) < 4 or found[:2] != b"\0\0":
        raise DataError(
            f"{name} is no IDX file: expected it to begin with two bytes of zero, a type and a number of dimensions."
        )
    if found[2] != BYTE:
        raise DataError(f"{name} holds numbers of type {found[2]}: expected type {BYTE}, a byte for each.")
    dimensions, start = found[3], 4 + 4 * found[3]
    if not 1 <= dimensions <= MAX_DIMENSIONS:
        raise DataError(f"{name} tells {dimensions} dimensions: expected 1 for labels, or 3 for images.")
    if len(found) < start:
        raise DataError(f"{name} is cut: it ends within its sizes.")
    shape = tuple(int(size) for size in np.frombuffer(found, ">u4", dimensions, 4))
    told, there = prod(shape), len(found) - start
    if told != there:
        sizes = " x ".join(f"{size:,}" for size in shape)
        raise DataError(f"{name} tells {sizes} = {told:,} bytes: expected as many after that, received {there:,}.")
    return np.frombuffer(found, np.uint8, told, start).reshape(shape)


def image_set(title: str, images: np.ndarray, labels: np.ndarray, classes: Sequence[str] = DIGITS) -> ImageSet:
    """Return the images (n, height, width) of one file with the labels (n,) of another; raises DataError."""
    if images.ndim != 3:
        raise DataError(f"{title}: expected images in 3 dimensions, received {images.ndim}; are these the labels?")
    if labels.ndim != 1:
        raise DataError(f"{title}: expected labels in 1 dimension, received {labels.ndim}; are these the images?")
    return ImageSet(title, images[:, None], labels.astype(np.int64), tuple(classes))
