"""Images that come along: digits and letters drawn on the fly, and scikit-learn's handwritten digits."""

from typing import Any, cast

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.neighbors import KNeighborsClassifier

from engine.data.images.digits import digits
from engine.data.images.fonts import FILES, OWN, fonts
from engine.data.images.glyphs import HEIGHT, SIDE, SMALLEST, Distortion, glyphs
from engine.data.images.image_set import resized
from engine.data.images.names import ALPHABETS, Alphabet

STRAIGHT = Distortion(0, 0, 0)


def box(image: np.ndarray) -> tuple[float, float, int, int]:
    """Return the middle of what is bright, down and across, and its height and width."""
    rows, columns = (np.flatnonzero(image.max(axis=axis) > 60) for axis in (1, 0))
    high, wide = np.ptp(rows) + 1, np.ptp(columns) + 1
    return (rows[0] + rows[-1]) / 2, (columns[0] + columns[-1]) / 2, int(high), int(wide)


def test_all_fonts_are_found_inside_the_dependencies() -> None:
    assert [font.name for font in fonts()] == [OWN, *FILES]


@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_an_image_is_the_same_however_many_are_drawn(alphabet: Alphabet) -> None:
    many, some = glyphs(alphabet, 12, 5), glyphs(alphabet, 4, 5, first=8)
    assert np.array_equal(many.pixels[8:], some.pixels)
    assert np.array_equal(many.labels[8:], some.labels)
    assert not np.array_equal(many.pixels, glyphs(alphabet, 12, 6).pixels)
    assert (some.shape, some.classes) == ((1, SIDE, SIDE), tuple(ALPHABETS[alphabet]))


@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_labels_say_what_is_seen_and_all_classes_come(alphabet: Alphabet) -> None:
    learnt, held_out = glyphs(alphabet, 1_500, 0, STRAIGHT), glyphs(alphabet, 200, 0, STRAIGHT, first=1_500)
    assert set(learnt.labels.tolist()) == set(range(len(learnt.classes)))
    nearest = KNeighborsClassifier(1).fit(learnt.pixels.reshape(1_500, -1), learnt.labels)
    assert nearest.score(held_out.pixels.reshape(200, -1), held_out.labels) >= 0.9


def test_glyphs_set_straight_stand_in_the_middle_as_large_as_told() -> None:
    for image in glyphs("digits", 60, 1, STRAIGHT).pixels[:, 0]:
        down, across, high, wide = box(image)
        assert max(abs(down - (SIDE - 1) / 2), abs(across - (SIDE - 1) / 2)) <= 1.5
        assert HEIGHT * SMALLEST - 2 <= max(high, wide) <= HEIGHT + 1


def test_shifted_glyphs_move_as_far_as_told_and_the_glyph_stays() -> None:
    straight, moved = (glyphs("digits", 80, 2, Distortion(0, shift, 0)).pixels[:, 0] for shift in (0, 4))
    ways = np.array([np.subtract(box(b)[:2], box(a)[:2]) for a, b in zip(straight, moved, strict=True)])
    assert np.abs(ways).max() <= 4.5
    assert np.abs(ways).max() >= 3
    assert abs(ways.mean()) < 1


def test_turned_glyphs_are_turned_by_what_is_told() -> None:
    """The way in which an upright stroke leans is the angle: that of the main axis of the bright pixels."""

    def lean(image: np.ndarray) -> float:
        down, across = np.nonzero(image > 60)
        (_, upright) = np.linalg.eigh(np.cov(np.stack([across, down])))[1].T
        return float(np.rad2deg(np.arctan2(upright[0], upright[1]) + np.pi / 2) % 180 - 90)

    straight, turned = (glyphs("digits", 150, 3, Distortion(rotation, 0, 0)) for rotation in (0, 20))
    ones = np.flatnonzero(straight.labels == 1)
    changes = [abs(lean(turned.pixels[one, 0]) - lean(straight.pixels[one, 0])) for one in ones]
    assert len(ones) >= 8
    assert 8 < max(changes) < 23


def test_noise_has_the_deviation_that_is_told() -> None:
    clean, noisy = (glyphs("digits", 40, 4, Distortion(0, 0, noise)).pixels.astype(float) for noise in (0, 0.1))
    dark = clean == 0
    # Below 0 there is nothing: the mean of what is left of a normal distribution is its deviation / sqrt(2 pi).
    assert noisy[dark].mean() == pytest.approx(25.5 / np.sqrt(2 * np.pi), rel=0.05)


def test_handwritten_digits_are_scikit_learns() -> None:
    found, theirs = digits(), cast(Any, load_digits())
    assert found.shape == (1, 8, 8)
    assert np.array_equal(np.rint(found.pixels[:, 0] / (255 / 16)), theirs.images)
    assert np.array_equal(found.labels, theirs.target)
    assert found.pixels.max() == 255


def test_images_made_larger_show_the_same() -> None:
    small = digits()
    large = resized(small, 32)
    assert (large.shape, large.classes) == ((1, 32, 32), small.classes)
    assert np.array_equal(large.labels, small.labels)
    means = large.pixels[:, 0].reshape(-1, 8, 4, 8, 4).mean(axis=(2, 4))
    assert np.abs(means - small.pixels[:, 0]).mean() < 25  # each old pixel's place holds it, mixed with its neighbours
    assert large.pixels[0, 0, 0, 0] == small.pixels[0, 0, 0, 0]
