"""A picture of somebody's own, read in quarantine: grey, and small enough that its pixels can be seen one by one."""

import io

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from engine import quarantine
from engine.data.beginnings import kind_of
from engine.errors import DataError
from engine.quarantined import Parsed

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP")
MOST_SIDE = 64
MILLIONS = 40
"""Of pixels: more than cameras have; a file of some bytes may say that it has more."""
LEAST_SIDE = 3


def read_picture(data: bytes, name: str) -> np.ndarray:
    """Return a picture (height, width) uint8 of at most ``MOST_SIDE`` pixels each way; raises DataError.

    What lets the paper through lies on black.
    """
    _, arrays = quarantine.read("engine.data.images.picture:parse", data, name)
    return arrays["pixels"]


def parse(data: bytes, name: str) -> Parsed:
    """Read a picture in quarantine."""
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError:
        raise DataError(f"{name} is too large: expected at most {MILLIONS} million pixels.") from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        found = kind_of(data)
        what = f"it is {found}" if found and "picture" not in found else "it is none, or damaged"
        raise DataError(f"{name} cannot be shown: expected a picture ({', '.join(FORMATS)}), and {what}.") from None
    width, height = image.size
    if width * height > MILLIONS * 1_000_000:
        raise DataError(
            f"{name} is too large: expected at most {MILLIONS} million pixels, received {width} × {height}."
        )
    try:
        image.draft("L", (4 * MOST_SIDE, 4 * MOST_SIDE))
        upright = ImageOps.exif_transpose(image).convert("RGBA")
        upright.thumbnail((MOST_SIDE, MOST_SIDE), Image.Resampling.BOX)
        paper = Image.new("RGBA", upright.size, (0, 0, 0, 255))
        grey = Image.alpha_composite(paper, upright).convert("L")
    except (OSError, ValueError, SyntaxError, EOFError):
        raise DataError(f"{name} cannot be shown: the picture in it is cut short, or damaged.") from None
    if min(grey.size) < LEAST_SIDE:
        raise DataError(
            f"{name} is too narrow: expected at least {LEAST_SIDE} pixels each way once it is made small, received "
            f"{grey.size[0]} × {grey.size[1]}."
        )
    return {}, {"pixels": np.asarray(grey)}


def as_file(pixels: np.ndarray) -> bytes:
    """Return a picture (height, width) uint8 as a file that ``read_picture`` gives back as it is."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()
