"""Pictures of many kinds, read in quarantine a batch at a time: each square, of one size, grey or in colour.

Of a picture that is not square the middle is taken, as far as its shorter side goes: nothing is made up around it. What
lets the paper through lies on black; of one that moves the first image counts; it stands as its camera was held.
"""

import io
import time
import warnings
from contextlib import suppress

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from engine.data import batch
from engine.data.beginnings import kind_of
from engine.data.images.picture import FORMATS, MILLIONS
from engine.errors import DataError
from engine.quarantined import Parsed

SECONDS = 6.0
"""Of computing; then a batch is answered as far as it has come, for a reader is ended after some more."""
CUT = ("truncated", "unexpected end", "not enough", "incomplete")
MANY_LEVELS = 257
"""A level of 8 bits in 16 bits: 255 * 257 = 65,535."""
CHANNELS = {"grey": 1, "colour": 3}
_TRANSPARENT = ("RGBA", "LA", "PA", "RGBa", "La")


def parse(data: bytes, _name: str, side: str, colour: str) -> Parsed:
    """Read a batch in quarantine: ``pixels`` (n, channels, side, side) uint8 of the pictures at ``rows`` of it.

    ``dropped`` are [row, why] of the others, ``done`` is how many were looked at.
    """
    began = time.process_time()
    made: list[np.ndarray] = []
    rows: list[int] = []
    dropped: list[tuple[int, str]] = []
    done = 0
    for row, packed in enumerate(batch.opened(data)):
        try:
            made.append(read(batch.unpacked(*packed), int(side), colour))
            rows.append(row)
        except DataError as error:
            dropped.append((row, str(error)))
        except MemoryError:
            dropped.append((row, "needs too much memory"))
        done = row + 1
        if time.process_time() - began > SECONDS:
            break
    empty = np.empty((0, CHANNELS[colour], int(side), int(side)), np.uint8)
    told = {"dropped": dropped, "done": done}
    return told, {"pixels": np.stack(made) if made else empty, "rows": np.array(rows, np.uint32)}


def read(data: bytes, side: int, colour: str) -> np.ndarray:
    """Return a picture (channels, side, side) uint8; raises DataError, the end of a sentence that begins with its name.

    It is to be done in quarantine alone.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _pixels(_image(data), side, colour)
    except (DataError, MemoryError):
        raise
    except Exception as error:  # what decoders raise has no bounds
        said = str(error).lower()
        raise DataError("is cut" if any(word in said for word in CUT) else "is damaged") from None


def fitted(image: Image.Image, side: int) -> Image.Image:
    """Return the middle of an image with so many pixels each way; in between they are as on the straight line."""
    return image if image.size == (side, side) else ImageOps.fit(image, (side, side), Image.Resampling.BILINEAR)


def _image(data: bytes) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError:
        raise DataError(f"has more than {MILLIONS} million pixels") from None
    except UnidentifiedImageError:
        kind = kind_of(data)
        if "picture" in kind:
            raise DataError("is cut, or damaged") from None
        raise DataError(f"is {kind}" if kind else "is no picture") from None
    if image.size[0] * image.size[1] > MILLIONS * 1_000_000:
        raise DataError(f"has more than {MILLIONS} million pixels")
    return image


def _pixels(image: Image.Image, side: int, colour: str) -> np.ndarray:
    image.draft("RGB", (2 * side, 2 * side))  # of a JPEG no more is read than is needed
    image.load()
    with suppress(Exception):  # what is said of a camera may be nonsense; the picture is none
        image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I"):
        levels = np.asarray(image).astype(np.int64).clip(0, 65_535) // MANY_LEVELS
        image = Image.fromarray(levels.astype(np.uint8))
    elif image.mode in _TRANSPARENT or "transparency" in image.info:
        small = fitted(image.convert("RGBA"), side)
        image = Image.alpha_composite(Image.new("RGBA", small.size, (0, 0, 0, 255)), small)
    elif image.mode not in ("L", "RGB"):
        image = image.convert("L" if image.mode == "1" else "RGB")
    mode = "L" if CHANNELS[colour] == 1 else "RGB"
    return np.asarray(fitted(image, side).convert(mode)).reshape(side, side, -1).transpose(2, 0, 1)
