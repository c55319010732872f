"""A kernel that has slid over a picture: every number is torch's and scipy's, and one of them is written out."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import convolve2d, correlate2d
from torch.nn import functional

from engine.data.images.kernel_spec import KernelSpec, fitted, read_weights, write_weights
from engine.data.images.kernels import BY_HAND
from engine.data.images.picked import picked
from engine.data.images.slid import Slid, chosen, slide, written_out
from engine.errors import SpecError
from engine.spec import settings_by_name

SETTINGS = settings_by_name(KernelSpec)


def one_of(name: str) -> st.SearchStrategy:
    return st.sampled_from(SETTINGS[name].options)


OWN = ",".join(f"{weight:g}" for weight in np.random.default_rng(3).normal(size=25).round(3))
specs = st.builds(
    KernelSpec,
    kernel=one_of("kernel"),
    size=one_of("size"),
    weights=st.just(OWN),
    turned=st.booleans(),
    stride=one_of("stride"),
    padding=one_of("padding"),
    dilation=one_of("dilation"),
    bias=st.integers(-500, 500),
    activation=one_of("activation"),
    pool=one_of("pool"),
    row=st.integers(0, 90),
    column=st.integers(0, 90),
)
shapes = st.tuples(st.integers(3, 24), st.integers(3, 24))


def image_of(shape: tuple[int, int]) -> np.ndarray:
    return np.random.default_rng(shape).integers(0, 256, shape).astype(np.uint8)


def torchs(spec: KernelSpec, image: np.ndarray) -> tuple[torch.Tensor, torch.Tensor | None]:
    """Return what torch makes of an image: the output, and what is pooled of it."""
    kernel = spec.kernel_as_written()
    flipped = np.flip(kernel).copy() if spec.turned else kernel.copy()
    stride, dilation = int(spec.stride), int(spec.dilation)
    padding = dilation * (len(kernel) - 1) // 2 if spec.padding == "same" else int(spec.padding)
    given = torch.from_numpy(image.astype(np.float64))[None, None]
    found = functional.conv2d(
        given,
        torch.from_numpy(flipped)[None, None],
        torch.tensor([float(spec.bias)]).double(),
        stride,
        padding,
        dilation,
    )
    found = functional.relu(found) if spec.activation == "relu" else found
    pooling = {"largest": functional.max_pool2d, "mean": functional.avg_pool2d}.get(spec.pool)
    return found[0, 0], pooling(found, 2)[0, 0] if pooling else None


@given(specs, shapes)
def test_every_number_is_torchs(spec: KernelSpec, shape: tuple[int, int]) -> None:
    image = image_of(shape)
    try:
        slid = slide(spec, image)
    except SpecError:
        with pytest.raises(RuntimeError, match=r"Kernel size can't be greater|Output size is too small"):
            torchs(spec, image)
        return
    output, pools = torchs(spec, image)
    np.testing.assert_allclose(slid.output, output, atol=1e-8)
    assert (slid.pools is None) == (pools is None)
    if slid.pools is not None and pools is not None:
        np.testing.assert_allclose(slid.pools, pools, atol=1e-8)
    _one_is_written_out(spec, slid)


def _one_is_written_out(spec: KernelSpec, slid: Slid) -> None:
    row, column = chosen(spec, slid)
    down, across = slid.output.shape
    assert 0 <= row < down
    assert 0 <= column < across
    assert not spec.row or row == min(spec.row, down) - 1
    assert not spec.column or column == min(spec.column, across) - 1
    if not spec.row and not spec.column:
        assert abs(slid.output[row, column]) == np.abs(slid.output).max()
    place = written_out(slid, row, column)
    assert place.total == pytest.approx(slid.sums[row, column], abs=1e-8)
    assert place.with_bias == pytest.approx(place.total + spec.bias)
    assert place.output == pytest.approx(slid.output[row, column], abs=1e-8)
    top, left, bottom, right = slid.window(row, column)
    rows, columns = ([getattr(term, name) for term in place.terms] for name in ("row", "column"))
    assert (min(rows), min(columns), max(rows), max(columns)) == (top, left, bottom, right)
    if slid.pools is not None and row // 2 < slid.pools.shape[0] and column // 2 < slid.pools.shape[1]:
        assert place.pool is not None
        assert place.pooled == slid.pools[row // 2, column // 2]
        made = place.pool.max() if spec.pool == "largest" else place.pool.mean()
        assert place.pooled == pytest.approx(made)
        assert slid.output[row, column] in place.pool
    else:
        assert place.pooled is None


@given(one_of("kernel"), one_of("size"), shapes)
def test_turned_over_it_is_the_convolution_of_the_books(kernel: str, size: str, shape: tuple[int, int]) -> None:
    image = image_of(shape).astype(float)
    spec = KernelSpec(kernel=kernel, size=size, weights=OWN, padding="same")  # type: ignore[arg-type]
    weights = spec.kernel_as_written()
    np.testing.assert_allclose(slide(spec, image).output, correlate2d(image, weights, "same"), atol=1e-8)
    turned = slide(spec.replace(turned=True), image)
    np.testing.assert_allclose(turned.output, convolve2d(image, weights, "same"), atol=1e-8)


@given(one_of("stride"), one_of("dilation"), one_of("size"), st.sampled_from(["none", "largest", "mean"]))
def test_a_number_sees_what_moves_it_and_nothing_else(stride: str, dilation: str, size: str, pool: str) -> None:
    """The receptive field by its gradient, with a kernel of which no number is 0."""
    spec = KernelSpec(kernel="box", size=size, stride=stride, dilation=dilation, pool=pool)  # type: ignore[arg-type]
    image = torch.rand(1, 1, 30, 30, dtype=torch.float64, requires_grad=True)
    weights = torch.from_numpy(spec.kernel_as_laid().copy())[None, None]
    output = functional.conv2d(image, weights, None, int(stride), 0, int(dilation))
    slid = slide(spec, image.detach().numpy()[0, 0])
    for made, reach in ((output, slid.reach), (functional.avg_pool2d(output, 2), slid.pooled_reach)):
        (moves,) = torch.autograd.grad(made[0, 0, 1, 1], image, retain_graph=True)
        rows, columns = np.nonzero(moves.numpy()[0, 0])
        assert (np.ptp(rows) + 1, np.ptp(columns) + 1) == (reach, reach)


def test_same_is_as_large_as_the_picture_and_with_a_stride_its_share() -> None:
    image = image_of((17, 20))
    for size in ("3", "5"):
        for dilation in ("1", "2", "3"):
            spec = KernelSpec(kernel="box", size=size, padding="same", dilation=dilation)  # type: ignore[arg-type]
            assert slide(spec, image).output.shape == (17, 20)
            assert slide(spec.replace(stride="3"), image).output.shape == (6, 7)


def test_what_does_not_fit_is_told() -> None:
    with pytest.raises(SpecError, match="reaches over 13 pixels: expected at most the 8 that are there"):
        slide(KernelSpec(kernel="box", size="5", dilation="3"), image_of((8, 8)))
    with pytest.raises(SpecError, match="has 1 × 1 numbers: expected 2 or more each way"):
        slide(KernelSpec(pool="mean"), image_of((3, 3)))


def test_a_link_brings_the_same_kernel() -> None:
    spec = KernelSpec(kernel="own", size="5", weights=OWN, turned=True, padding="same", bias=-30, row=3)
    again, ignored = KernelSpec.from_link(spec.to_link())
    assert (again, ignored) == (spec, ())
    np.testing.assert_array_equal(read_weights(write_weights(read_weights(OWN))), read_weights(OWN))


@pytest.mark.parametrize(
    "text", ["1,2,3", "1,2,3,4,5,6,7,8,x", "nan," * 8 + "0", "1e9," * 8 + "0", "," * 8, "inf," * 24 + "1"]
)
def test_numbers_that_are_no_kernel_are_left_out(text: str) -> None:
    spec, ignored = KernelSpec.from_link({"weights": text, "kernel": "own"})
    assert [one.name for one in ignored] == ["weights"]
    assert spec.kernel == "own"
    np.testing.assert_array_equal(spec.kernel_as_laid(), BY_HAND["identity"].sizes[3].weights)


def test_a_kernel_of_ones_own_grows_and_shrinks_around_its_middle() -> None:
    five = read_weights(OWN)
    np.testing.assert_array_equal(fitted(five, 3), five[1:4, 1:4])
    np.testing.assert_array_equal(fitted(fitted(five, 3), 5)[1:4, 1:4], five[1:4, 1:4])
    assert fitted(fitted(five, 3), 5)[0].tolist() == [0] * 5


def test_a_kernel_has_the_size_in_which_it_is_known() -> None:
    assert KernelSpec(kernel="emboss", size="5").kernel_as_laid().shape == (3, 3)
    assert KernelSpec(kernel="laplacian", size="5").kernel_as_laid().shape == (5, 5)


@pytest.mark.parametrize("kind", ["drawn_letters", "drawn_digits", "handwritten"])
def test_pictures_are_the_same_by_their_number(kind: str) -> None:
    first, what = picked(kind, 1)  # type: ignore[arg-type]
    assert first.dtype == np.uint8
    assert first.shape == ((8, 8) if kind == "handwritten" else (28, 28))
    assert len(what) == 1
    picked.cache_clear()
    np.testing.assert_array_equal(first, picked(kind, 1)[0])  # type: ignore[arg-type]
    assert not np.array_equal(first, picked(kind, 2)[0])  # type: ignore[arg-type]
    assert picked(kind, 1_797)[0].max() > 0  # type: ignore[arg-type]
