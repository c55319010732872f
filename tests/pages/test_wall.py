"""Pictures side by side as markup: they are what they are of, and words from outside stay words."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from pages.ui.images.wall import Shot, cut_out, wall
from tests.hostile.payloads import PAYLOADS

CHANCE = np.random.default_rng(0)


def drawn(markup: str) -> list[np.ndarray]:
    files = re.findall(r'src="data:image/png;base64,([^"]+)"', markup)
    return [np.asarray(Image.open(io.BytesIO(base64.b64decode(one)))) for one in files]


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(("top", "left"), [(2, 3), (-2, -1), (6, 7), (-3, 7), (40, 0)])
def test_a_square_is_cut_out_with_nothing_where_there_is_no_picture(channels: int, top: int, left: int) -> None:
    picture = CHANCE.integers(0, 256, (9, 11, channels), np.uint8)
    framed = np.pad(picture, ((50, 50), (50, 50), (0, 0)))
    there = np.pad(np.full((9, 11), 255, np.uint8), 50)
    square = np.s_[50 + top : 55 + top, 50 + left : 55 + left]
    found = cut_out(picture, top, left, 5)
    np.testing.assert_array_equal(found[..., :3], np.broadcast_to(framed[square], (5, 5, 3)))
    np.testing.assert_array_equal(found[..., 3], there[square])


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_a_picture_is_drawn_number_by_number(channels: int) -> None:
    pixels = CHANCE.integers(0, 256, (4, 6, channels), np.uint8)
    (found,) = drawn(wall([Shot(pixels, "1.5", "label 2", "a picture")]))
    np.testing.assert_array_equal(found.reshape(pixels.shape), pixels)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_words_from_outside_stay_words(payload: str) -> None:
    pixels = np.zeros((2, 2, 1), np.uint8)
    markup = wall([Shot(pixels, payload, payload, payload)]).partition('<div class="ls-wall"')[2]
    tags = set(re.findall(r"<\s*([a-zA-Z/]+)", markup))
    assert tags <= {"figure", "img", "figcaption", "b", "br", "/b", "/figcaption", "/figure", "/div"}
    assert markup.count('"') == 2 + 4, "it closes no attribute"
