"""Images with labels, as they are kept: bytes, before anything is made of them for a net."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from engine.errors import DataError

CHANNELS = (1, 3)


@dataclass(frozen=True, slots=True, eq=False)
class ImageSet:
    """n images of one size: ``pixels`` (n, channels, height, width) uint8, 0 is dark, with 1 channel (grey) or 3 (red,
    green, blue); ``labels`` (n,) int64, places in ``classes``, which are their names.

    Raises DataError where these do not fit together; ``title`` is what messages call them.
    """

    title: str
    pixels: np.ndarray
    labels: np.ndarray
    classes: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.pixels.ndim != 4 or self.pixels.dtype != np.uint8 or self.pixels.shape[1] not in CHANNELS:
            raise DataError(
                f"{self.title} holds no images: expected bytes of shape (images, 1 or 3 channels, height, width), "
                f"received {self.pixels.dtype} of shape {self.pixels.shape}."
            )
        if not self.pixels.size:
            raise DataError(f"{self.title} holds no images: expected at least one, of at least one pixel.")
        if len(self.pixels) != len(self.labels):
            raise DataError(
                f"{self.title} does not fit together: it has {len(self.pixels):,} images and {len(self.labels):,} "
                "labels."
            )
        if not ((self.labels >= 0) & (self.labels < len(self.classes))).all():
            raise DataError(
                f"{self.title} has a label of {int(self.labels.max())}: expected 0 to {len(self.classes) - 1}, for it "
                f"has {len(self.classes)} classes."
            )
        for array in (self.pixels, self.labels):
            array.flags.writeable = False

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self.pixels)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Return channels, height and width of each image."""
        channels, height, width = self.pixels.shape[1:]
        return channels, height, width


def joined(title: str, parts: Sequence[ImageSet]) -> ImageSet:
    """Return some sets, one after the other, as one; raises DataError where their images or classes are others."""
    first = parts[0]
    for part in parts[1:]:
        if part.shape != first.shape or part.classes != first.classes:
            raise DataError(
                f"{title} does not fit together: {first.title} has images of {first.shape} in {len(first.classes)} "
                f"classes, {part.title} of {part.shape} in {len(part.classes)}."
            )
    pixels, labels = (np.concatenate([getattr(part, name) for part in parts]) for name in ("pixels", "labels"))
    return ImageSet(title, pixels, labels, first.classes)


def resized(images: ImageSet, side: int) -> ImageSet:
    """Return the same images with so many pixels each way; in between they are as on the straight line."""
    pixels = np.empty((len(images), images.shape[0], side, side), np.uint8)
    for given, made in zip(images.pixels.reshape(-1, *images.shape[1:]), pixels.reshape(-1, side, side), strict=True):
        made[:] = np.asarray(Image.fromarray(given).resize((side, side), Image.Resampling.BILINEAR))
    return ImageSet(images.title, pixels, images.labels, images.classes)


def framed(images: ImageSet, side: int) -> ImageSet:
    """Return the same images in the middle of dark ones with so many pixels each way, which must not be fewer."""
    channels, height, width = images.shape
    top, left = (side - height) // 2, (side - width) // 2
    pixels = np.zeros((len(images), channels, side, side), np.uint8)
    pixels[:, :, top : top + height, left : left + width] = images.pixels
    return ImageSet(images.title, pixels, images.labels, images.classes)
