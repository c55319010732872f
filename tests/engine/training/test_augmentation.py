"""Images changed before they are learnt: each change held against scipy or numpy, and none alters another."""

import math

import numpy as np
import pytest
import torch
from scipy import ndimage

from engine.data.images.digits import digits
from engine.data.images.image_set import resized
from engine.training.augmentation import augment
from engine.training.augmentation_spec import AugmentationSpec


@pytest.fixture(scope="module")
def images() -> torch.Tensor:
    """Return 60 digits, of 28 x 28."""
    return torch.from_numpy(resized(digits(), 28).pixels[:60].copy()).double() / 255


def changed(images: torch.Tensor, seed: int = 0, **settings: float) -> torch.Tensor:
    return augment(images, AugmentationSpec(**settings), torch.Generator().manual_seed(seed))  # type: ignore[arg-type]


def chances(images: torch.Tensor, seed: int = 0) -> np.ndarray:
    """Return what the first five random numbers of each image are."""
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(len(images), 11 + images.shape[1], generator=generator)[:, :5].double().numpy().T


def test_nothing_is_changed_unless_it_is_asked_for(images: torch.Tensor) -> None:
    assert torch.equal(changed(images), images)
    assert not AugmentationSpec().augments


@pytest.mark.parametrize(
    "settings", [{"flip": True}, {"rotate": 20}, {"shift": 0.1}, {"crop": 0.3}, {"colour": 0.4}, {"erase": 0.3}]
)
def test_what_is_changed_follows_from_the_seed(images: torch.Tensor, settings: dict[str, float]) -> None:
    before = images.clone()
    one, same, other = (changed(images, seed, **settings) for seed in (1, 1, 2))
    assert AugmentationSpec(**settings).augments  # type: ignore[arg-type]
    assert torch.equal(one, same)
    assert not torch.equal(one, other)
    assert not torch.equal(one, images)
    assert torch.equal(images, before)
    assert ((one >= 0) & (one <= 1)).all()


def test_half_are_mirrored(images: torch.Tensor) -> None:
    found, flips = changed(images, flip=True), chances(images)[0] < 0.5
    assert 15 < flips.sum() < 45
    for image, new, flipped in zip(images, found, flips, strict=True):
        torch.testing.assert_close(new, image.flip(2) if flipped else image, atol=1e-6, rtol=0)


def test_turned_as_scipy_turns(images: torch.Tensor) -> None:
    found, angles = changed(images, rotate=30), (2 * chances(images)[1] - 1) * 30
    for image, new, angle in zip(images, found, angles, strict=True):
        turned = ndimage.rotate(image[0].numpy(), -angle, reshape=False, order=1, mode="grid-constant")
        assert np.abs(turned - new[0].numpy()).max() < 1e-5


def test_turned_pictures_that_are_no_squares_keep_their_angles() -> None:
    image = torch.zeros(1, 1, 20, 41, dtype=torch.double)
    image[0, 0, 10, 5:36] = 1
    found = changed(image, rotate=30)
    angle = (2 * chances(image)[1, 0] - 1) * 30
    down, across = np.nonzero(found[0, 0].numpy() > 0.5)
    slope = np.polyfit(across, down, 1)[0]
    assert abs(math.degrees(math.atan(slope))) == pytest.approx(abs(angle), abs=1)


def test_shifted_as_scipy_shifts(images: torch.Tensor) -> None:
    found = changed(images, shift=0.2)
    _, _, across, down, _ = chances(images)
    for image, new, x, y in zip(images, found, across, down, strict=True):
        way = [-0.2 * 28 * (2 * y - 1), -0.2 * 28 * (2 * x - 1)]
        moved = ndimage.shift(image[0].numpy(), way, order=1, mode="grid-constant")
        assert np.abs(moved - new[0].numpy()).max() < 1e-5


def test_cut_and_grown_as_scipy_zooms(images: torch.Tensor) -> None:
    found, cuts = changed(images, crop=0.5), chances(images)[4]
    for image, new, cut in zip(images, found, cuts, strict=True):
        scale, middle = 1 - 0.5 * cut, 13.5
        grown = ndimage.affine_transform(
            image[0].numpy(), [scale] * 2, middle - scale * middle, order=1, mode="grid-constant"
        )
        assert np.abs(grown - new[0].numpy()).max() < 1e-5


def test_one_change_does_not_alter_another(images: torch.Tensor) -> None:
    """All that is flipped is flipped with others too: the same images, and by the same pixels where none is moved."""
    alone = changed(images, colour=0.5)
    both = changed(images, colour=0.5, erase=0.3)
    same = (alone == both).flatten(1).double().mean(dim=1)
    assert same.min() > 0.6
    assert same.mean() < 1


def test_light_changes_by_as_much_as_is_told() -> None:
    flat = torch.full((200, 3, 4, 4), 0.5)
    found = changed(flat, colour=0.4).mean(dim=(2, 3))
    assert 0.5 * 0.6**2 - 1e-6 <= found.min() < 0.3
    assert 0.8 < found.max() <= 0.5 * 1.4**2 + 1e-6
    assert (found.std(dim=1) > 0.01).double().mean() > 0.9, "each colour by itself"
    grey = changed(torch.full((200, 1, 4, 4), 0.5), colour=0.4)
    assert 0.3 - 1e-6 <= grey.min() <= 0.35
    assert 0.65 <= grey.max() <= 0.7 + 1e-6


def test_one_rectangle_of_noise_covers_at_most_as_much_as_is_told() -> None:
    dark = torch.full((300, 1, 30, 40), -1.0, dtype=torch.double)
    found = changed(dark, erase=0.4)[:, 0] != -1
    shares = found.double().mean(dim=(1, 2))
    assert 0.3 < shares.max() <= 0.4
    for covered in found[shares > 0]:
        rows, columns = covered.any(dim=1).nonzero(), covered.any(dim=0).nonzero()
        square = covered[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        assert square.all()
    corners = [found[:, 0, 0].any(), found[:, 0, -1].any(), found[:, -1, 0].any(), found[:, -1, -1].any()]
    assert all(corners), "as likely at the border as elsewhere"
