"""Scikit-learn's handwritten digits (Alpaydin and Kaynak 1998): 1,797 grey images of 8 x 8, which come with it."""

import gzip
import importlib.util
from functools import cache
from pathlib import Path

import numpy as np

from engine.data.images.image_set import ImageSet
from engine.errors import DataError

LEVELS = 16
"""The brightest pixel there."""
SIDE = 8
FILE = ("datasets", "data", "digits.csv.gz")


@cache
def digits() -> ImageSet:
    """Return all of them, as bytes from 0 to 255.

    Their file alone is read: scikit-learn is not imported, so that pages can show them too. Raises DataError where it
    is not there.
    """
    place = importlib.util.find_spec("sklearn")
    if place is None or place.origin is None:
        raise DataError("The handwritten digits are not here: they come with scikit-learn, which is not installed.")
    with gzip.open(Path(place.origin).parent.joinpath(*FILE)) as file:
        table = np.loadtxt(file, delimiter=",")  # (digits, pixels and label)
    pixels = np.rint(table[:, :-1] * (255 / LEVELS)).astype(np.uint8).reshape(-1, 1, SIDE, SIDE)
    return ImageSet("Handwritten digits", pixels, table[:, -1].astype(np.int64), tuple("0123456789"))
