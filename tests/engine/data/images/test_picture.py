"""A picture of somebody's own: made grey and small, and whatever is none is told in one sentence."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from engine.data.images.picture import FORMATS, MOST_SIDE, as_file, read_picture
from engine.errors import DataError

PIXELS = np.random.default_rng(0).integers(0, 256, (20, 31)).astype(np.uint8)


def file_of(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def bomb(side: int) -> bytes:
    """A file of some bytes that says it has side x side pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def test_a_small_grey_picture_comes_as_it_is() -> None:
    np.testing.assert_array_equal(read_picture(as_file(PIXELS), "a.png"), PIXELS)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_large_picture_in_colours_becomes_grey_and_small(kind: str) -> None:
    """Left half red, right half white: each is one grey, and the border is where it was."""
    image = Image.new("RGB", (600, 300), (255, 0, 0))
    image.paste((255, 255, 255), (300, 0, 600, 300))
    found = read_picture(file_of(image, kind), "a")
    assert found.shape == (MOST_SIDE // 2, MOST_SIDE)
    red = round(0.299 * 255)  # ITU-R 601-2, as Pillow has it
    assert np.abs(found[:, :30].astype(int) - red).max() <= 6
    assert found[:, 34:].min() >= 249


def test_what_lets_the_paper_through_is_black() -> None:
    image = Image.new("RGBA", (10, 10), (255, 255, 255, 0))
    image.paste((255, 255, 255, 255), (0, 0, 5, 10))
    found = read_picture(file_of(image), "a.png")
    assert (found[:, :5] == 255).all()
    assert (found[:, 5:] == 0).all()


def test_a_picture_taken_sideways_is_set_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter, clockwise
    found = read_picture(file_of(Image.fromarray(PIXELS), exif=exif), "a.png")
    np.testing.assert_array_equal(found, np.rot90(PIXELS, -1))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"no picture", "cannot be shown: expected a picture (PNG, JPEG, GIF, BMP, WEBP), and it is none, or damaged"),
        (b"%PDF-1.7", "and it is a PDF"),
        (b"PK\x03\x04", "and it is a zip archive"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "and it is none, or damaged"),
        (file_of(Image.fromarray(PIXELS))[:90], "the picture in it is cut short, or damaged"),
        (file_of(Image.fromarray(PIXELS), "JPEG")[:300], "damaged"),
        (file_of(Image.fromarray(PIXELS), "TIFF"), "cannot be shown: expected a picture"),
        (file_of(Image.new("L", (4_000, 2))), "too narrow: expected at least 3 pixels each way once it is made small"),
        (bomb(50_000), "is too large: expected at most 40 million pixels."),
        (bomb(7_000), "is too large: expected at most 40 million pixels, received 7000 × 7000"),
    ],
    ids=["text", "pdf", "zip", "svg", "cut", "cut-jpeg", "tiff", "narrow", "bomb", "large"],
)
def test_what_cannot_be_shown_is_told_in_one_sentence(data: bytes, told: str) -> None:
    with pytest.raises(DataError) as error:
        read_picture(data, "a.png")
    sentence = str(error.value)
    assert sentence.startswith("a.png ")
    assert told in sentence
