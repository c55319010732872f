"""A kernel that slides over an image, held against torch and scipy, and its sums written out."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from engine.data.images.sliding import Sliding, convolve, pooled, terms
from engine.errors import SpecError

IMAGE = np.random.default_rng(0).integers(0, 256, (9, 12)).astype(np.uint8)

slidings = st.builds(Sliding, stride=st.integers(1, 4), padding=st.integers(0, 3), dilation=st.integers(1, 3))


@given(slidings, st.integers(1, 4), st.integers(1, 4), st.integers(0, 99))
def test_it_slides_as_torchs_layer_does(sliding: Sliding, high: int, wide: int, seed: int) -> None:
    kernel = np.random.default_rng(seed).normal(size=(high, wide))
    image, weight = (torch.from_numpy(array.astype(np.float64))[None, None] for array in (IMAGE, kernel))
    if any(
        (k - 1) * sliding.dilation >= n + 2 * sliding.padding for k, n in zip((high, wide), IMAGE.shape, strict=True)
    ):
        with pytest.raises(SpecError, match="reaches over"):
            convolve(IMAGE, kernel, sliding)
        return
    theirs = functional.conv2d(image, weight, None, sliding.stride, sliding.padding, sliding.dilation)[0, 0].numpy()
    found = convolve(IMAGE, kernel, sliding)
    np.testing.assert_allclose(found, theirs, atol=1e-9)
    row, column = found.shape[0] - 1, found.shape[1] // 2
    written = terms(IMAGE, kernel, sliding, row, column)
    assert len(written) == kernel.size
    assert sum(term.product for term in written) == pytest.approx(found[row, column], abs=1e-9)
    for term in written:
        inside = 0 <= term.row < 9 and 0 <= term.column < 12
        assert term.pixel == (IMAGE[term.row, term.column] if inside else 0)


def test_pools_are_torchs() -> None:
    image = torch.from_numpy(IMAGE.astype(np.float64))[None, None]
    for size in (1, 2, 4, 9):
        largest, mean = functional.max_pool2d(image, size)[0, 0], functional.avg_pool2d(image, size)[0, 0]
        np.testing.assert_allclose(pooled(IMAGE, size, "largest"), largest)
        np.testing.assert_allclose(pooled(IMAGE, size, "mean"), mean)


def test_what_does_not_fit_is_told() -> None:
    with pytest.raises(SpecError, match="reaches over 13 pixels: expected at most the 9 that are there"):
        convolve(IMAGE, np.ones((5, 5)), Sliding(dilation=3))
    with pytest.raises(SpecError, match="has 9 x 12 pixels: expected 10 or more each way"):
        pooled(IMAGE, 10, "mean")
