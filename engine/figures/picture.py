"""Pictures that stand for a lab on its card: drawn from readings, on transparent paper, for light and dark pages."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from engine.figures.style import DIVERGING

FINER = 4
"""Discs are drawn so many times larger, and then made smaller: Pillow's have jagged rims."""
RIM = (255, 255, 255, 230)


def diverging(values: np.ndarray, reach: float, strongest: float = 0.72) -> Image.Image:
    """Return numbers (h, w), the first row the lowest, as a picture of w x h pixels.

    Blue from ``-reach`` on, orange from ``reach`` on, both at the opacity ``strongest``; nothing at zero.
    """
    share = np.clip(values[::-1] / reach, -1, 1)  # (h, w)
    pixels = np.empty((*share.shape, 4), np.uint8)
    pixels[..., :3] = np.where(share[..., None] < 0, *(np.array(channels(colour)) for colour in DIVERGING))
    pixels[..., 3] = np.round(np.abs(share) * strongest * 255)
    return Image.fromarray(pixels, "RGBA")


def discs(size: tuple[int, int], places: np.ndarray, colours: Sequence[str], radius: float) -> Image.Image:
    """Return discs with a rim at ``places`` (n, 2), in pixels from the top left, on transparent paper."""
    large = Image.new("RGBA", (size[0] * FINER, size[1] * FINER), (*channels(DIVERGING[0]), 0))
    pen = ImageDraw.Draw(large)
    for (x, y), colour in zip((places * FINER).tolist(), colours, strict=True):
        pen.circle((x, y), radius * FINER, fill=(*channels(colour), 255), outline=RIM, width=FINER)
    return large.resize(size, Image.Resampling.LANCZOS)


def channels(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue of ``#rrggbb``."""
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue
