"""Scikit-learn's handwritten digits (Alpaydin and Kaynak 1998): 1,797 grey images of 8 x 8, which come with it."""

from typing import Any

import numpy as np

from engine.data.images.image_set import ImageSet

LEVELS = 16
"""The brightest pixel there."""


def digits() -> ImageSet:
    """Return all of them, as bytes from 0 to 255. Scikit-learn is imported on the first use, in the worker alone."""
    from sklearn.datasets import load_digits

    bunch: Any = load_digits()
    pixels = np.rint(np.asarray(bunch.images) * (255 / LEVELS)).astype(np.uint8)
    return ImageSet("Handwritten digits", pixels[:, None], np.asarray(bunch.target, np.int64), tuple("0123456789"))
