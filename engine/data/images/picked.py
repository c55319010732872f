"""One picture by its number, without a net or a set: what a page shows of those that come along."""

from functools import lru_cache

import numpy as np

from engine.data.images.digits import digits
from engine.data.images.glyphs import Distortion, glyphs
from engine.data.images.kernel_spec import Picture
from engine.data.images.names import Alphabet

SEED = 321
"""Under which the first letter and the first digit are large, with edges each way."""
KEPT = 64
_ALPHABETS: dict[Picture, Alphabet] = {"drawn_letters": "letters", "drawn_digits": "digits"}


@lru_cache(maxsize=KEPT)
def picked(kind: Picture, number: int) -> tuple[np.ndarray, str]:
    """Return a picture (height, width) uint8 of a kind that comes along, and what is on it; numbers begin with 1."""
    alphabet = _ALPHABETS.get(kind)
    some = digits() if alphabet is None else glyphs(alphabet, 1, SEED, Distortion(noise=0.0), first=number - 1)
    row = number - 1 if alphabet is None else 0
    return some.pixels[row, 0], some.classes[int(some.labels[row])]
