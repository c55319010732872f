"""Kernels made by hand, held against those of scipy and against what they are said to do."""

import numpy as np
import pytest
from scipy import ndimage

from engine.data.images.kernels import BY_HAND, Named, Side, sides
from engine.data.images.sliding import Sliding, convolve

IMAGE = np.random.default_rng(0).integers(0, 256, (9, 12)).astype(np.float64)
PLANE = np.add.outer(3.0 * np.arange(9), 2.0 * np.arange(12))
"""Brightness that rises evenly: by 3 from row to row, by 2 from column to column."""
EVERY = [(name, side) for name in BY_HAND for side in sides(name)]


def made(name: Named, side: Side, image: np.ndarray) -> np.ndarray:
    return convolve(image, BY_HAND[name].sizes[side].weights, Sliding(padding=(side - 1) // 2))


@pytest.mark.parametrize(("name", "axis"), [("sobel_across", 1), ("sobel_down", 0)])
def test_sobels_are_scipys(name: Named, axis: int) -> None:
    np.testing.assert_allclose(made(name, 3, IMAGE), ndimage.sobel(IMAGE, axis=axis, mode="constant"))


def test_blurs_and_laplacian_are_scipys() -> None:
    for side in (3, 5):
        np.testing.assert_allclose(made("box", side, IMAGE), ndimage.uniform_filter(IMAGE, side, mode="constant"))
    np.testing.assert_allclose(made("laplacian", 3, IMAGE), ndimage.laplace(IMAGE, mode="constant"))
    soft = np.array([1, 2, 1]) / 4
    twice = np.convolve(soft, soft)
    for side, row in ((3, soft), (5, twice)):  # two soft ones, one after the other, are the larger one
        down = ndimage.correlate1d(IMAGE, row, axis=0, mode="constant")
        np.testing.assert_allclose(made("gaussian", side, IMAGE), ndimage.correlate1d(down, row, mode="constant"))


@pytest.mark.parametrize(("name", "side"), EVERY)
def test_what_they_make_of_brightness_that_is_even_or_rises_evenly(name: Named, side: Side) -> None:
    """Edges are none where all is alike; blurs and the like leave brightness as it is, also where it rises."""
    weights = BY_HAND[name].sizes[side].weights
    rim = (side - 1) // 2
    on_plane = made(name, side, PLANE)[rim:-rim, rim:-rim]
    inner = PLANE[rim:-rim, rim:-rim]
    if name in ("identity", "box", "gaussian", "sharpen"):
        assert weights.sum() == pytest.approx(1)
        np.testing.assert_allclose(on_plane, inner, atol=1e-9)
    elif name == "emboss":
        assert weights.sum() == pytest.approx(1)
        assert (on_plane > inner).all(), "brighter to the lower right"
    else:
        assert weights.sum() == pytest.approx(0)
        away = np.arange(-rim, rim + 1)
        down, across = (weights * away[:, None]).sum(), (weights * away).sum()
        np.testing.assert_allclose(on_plane, 3 * down + 2 * across, atol=1e-9)
        signs = {"across": (0, 1), "down": (1, 0)}.get(name.split("_")[-1], (0, 0))
        assert (np.sign(down), np.sign(across)) == signs


def test_what_is_divided_is_told_exactly() -> None:
    for one in BY_HAND.values():
        for side, whole in one.sizes.items():
            assert np.array(whole.rows).shape == (side, side)
            np.testing.assert_array_equal(whole.weights * whole.divisor, np.array(whole.rows))
