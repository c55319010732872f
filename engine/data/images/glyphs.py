"""Digits and letters drawn on the fly, 28 x 28, each another way: font, size, rotation, place, noise.

There are as many as one likes. The i-th image of a seed is always the same, however many are drawn; so what is held out
can be told from what is learnt by its place alone.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

from engine.data.images.fonts import Font, fonts
from engine.data.images.image_set import ImageSet
from engine.data.images.names import ALPHABETS, Alphabet
from engine.seeds import numpy_generator

SIDE = 28
FINE = 4
"""A glyph is drawn so many times larger, and made small once it has been turned: its edges are soft then."""
HEIGHT = 20
"""Pixels that the larger side of a glyph takes before it is scaled: as in MNIST."""
SMALLEST = 0.75


@dataclass(frozen=True, slots=True)
class Distortion:
    """How far images may be from a glyph set straight: ``rotation`` in degrees to either side, ``shift`` in pixels each
    way, ``noise`` the standard deviation of each pixel, where 1 is the whole way from black to white.
    """

    rotation: float = 12.0
    shift: float = 2.0
    noise: float = 0.05


def glyphs(alphabet: Alphabet, count: int, seed: int, distortion: Distortion | None = None, first: int = 0) -> ImageSet:
    """Return ``count`` images of a seed from the place ``first`` on, white on black."""
    distortion, names = distortion or Distortion(), ALPHABETS[alphabet]
    pixels, labels = np.empty((count, 1, SIDE, SIDE), np.uint8), np.empty(count, np.int64)
    for row in range(count):
        rng = numpy_generator(seed, "glyphs", alphabet, first + row)
        labels[row] = rng.integers(len(names))
        pixels[row, 0] = _drawn(names[labels[row]], rng, distortion)
    return ImageSet(f"Drawn {alphabet}", pixels, labels, tuple(names))


def _drawn(name: str, rng: np.random.Generator, distortion: Distortion) -> np.ndarray:
    """Return one image, (SIDE, SIDE) uint8; what is random of it is always asked for, so that it does not depend on how
    far it goes.
    """
    font = fonts()[rng.integers(len(fonts()))]
    angle, across, down = rng.uniform(-1, 1, 3) * (distortion.rotation, distortion.shift, distortion.shift)
    scale = rng.uniform(SMALLEST, 1)
    noise = rng.standard_normal((SIDE, SIDE), np.float32) * (255 * distortion.noise)
    turn = np.deg2rad(angle)
    cosine, sine = np.cos(turn) / scale, np.sin(turn) / scale
    middle = FINE * SIDE / 2
    x, y = middle + FINE * across, middle + FINE * down
    # Where each pixel of the result is taken from: the middle of the glyph, turned and scaled around.
    back = (cosine, sine, middle - cosine * x - sine * y, -sine, cosine, middle + sine * x - cosine * y)
    straight = _straight(font, name)
    turned = straight.transform(straight.size, Image.Transform.AFFINE, back, Image.Resampling.BILINEAR)
    small = turned.resize((SIDE, SIDE), Image.Resampling.BOX)
    return np.clip(np.asarray(small, np.float32) + noise, 0, 255).round().astype(np.uint8)


@lru_cache(maxsize=1_024)
def _straight(font: Font, name: str) -> Image.Image:
    """Return a glyph set straight in the middle of an image ``FINE`` times as large."""
    side = FINE * SIDE
    pen = font.sized(side)
    left, top, right, bottom = pen.getbbox(name)
    fitting = font.sized(max(1, round(side * FINE * HEIGHT / max(right - left, bottom - top))))
    left, top, right, bottom = fitting.getbbox(name)
    image = Image.new("L", (side, side))
    at = ((side - left - right) / 2, (side - top - bottom) / 2)
    ImageDraw.Draw(image).text(at, name, fill=255, font=fitting)
    return image
