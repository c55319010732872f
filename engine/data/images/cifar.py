"""CIFAR-10's binary form (Krizhevsky 2009): records of 3,073 bytes, a label, then 32 x 32 bytes each of red, green and
blue, row by row.
"""

import numpy as np

from engine.data.images.image_set import ImageSet
from engine.data.images.packed import unpacked
from engine.errors import DataError

CLASSES = ("aeroplane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "lorry")
SIDE = 32
RECORD = 1 + 3 * SIDE * SIDE


def read(data: bytes, name: str) -> ImageSet:
    """Return the images of one file, as data_batch_1.bin; raises DataError."""
    found = unpacked(data, name)
    if not found or len(found) % RECORD:
        raise DataError(
            f"{name} is no file of CIFAR-10's: expected records of {RECORD:,} bytes, received {len(found):,} bytes."
        )
    records = np.frombuffer(found, np.uint8).reshape(-1, RECORD)
    pixels = records[:, 1:].reshape(-1, 3, SIDE, SIDE)
    return ImageSet(name, pixels, records[:, 0].astype(np.int64), CLASSES)
