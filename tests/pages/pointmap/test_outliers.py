"""A few words far out do not make all others small: the map begins without them, says so, and shows them when asked."""

from dataclasses import replace

import numpy as np
import pytest

from pages.ui import map_routes
from tests.pages.pointmap.conftest import Screen
from tests.pages.pointmap.samples import Sample, sample, write_layout, write_words

FAR = (7, 90, 200)
OUTSIDE = "ls-map-outside"


def with_outliers(made: Sample) -> Sample:
    """Return a map of which three words lie thirty times as far out as they did."""
    positions = made.positions.copy()
    ways = np.array([[1, 0, 0], [0, 1, 0], [-1, -1, 1]])[:, : positions.shape[1]]
    positions[list(FAR)] = 30 * np.abs(positions).max() * ways
    return replace(made, positions=positions.astype(np.float32))


def size_of(screen: Screen) -> np.ndarray:
    box = screen.get("ls-map-canvas").bounding_box()
    assert box
    return np.array([box["width"], box["height"]])


def outside(screen: Screen) -> list[int]:
    """Return the words that are not in sight."""
    places = screen.places()
    behind = np.array(screen.hook("stage.seen.near && [...hooks.stage.seen.near]")) <= 0  # one's back, in a space
    return np.flatnonzero(((places < 0) | (places > size_of(screen))).any(axis=1) | behind).tolist()


def spread(screen: Screen) -> float:
    """Return how much of the stage the words take that do not lie far out, along the side of which it is more."""
    rest = np.delete(screen.places(), FAR, axis=0)
    return float((np.ptp(rest, axis=0) / size_of(screen)).max())


@pytest.mark.parametrize("dimensions", [2, 3])
def test_a_map_begins_with_nearly_all_and_shows_all_when_asked(screen: Screen, dimensions: int) -> None:
    screen.show(with_outliers(sample(300, dimensions)))
    screen.rest()
    assert outside(screen) == list(FAR)
    assert spread(screen) > 0.6
    button = screen.get(OUTSIDE)
    screen.until(lambda: button.inner_text() == "3 words lie far out. Show all")
    begins = screen.places()
    button.click()
    screen.rest()
    assert outside(screen) == []
    assert spread(screen) < 0.1
    assert button.inner_text() == "3 words lie far out. Show the others larger"
    button.click()
    screen.rest()
    np.testing.assert_allclose(screen.places(), begins, atol=0.05)
    assert button.inner_text().endswith("Show all")


def test_home_and_its_button_show_all(screen: Screen) -> None:
    screen.show(with_outliers(sample()))
    screen.rest()
    screen.get("ls-map-canvas").focus()
    screen.press("Home")
    screen.rest()
    assert outside(screen) == []
    assert screen.get(OUTSIDE).inner_text().endswith("Show the others larger")
    screen.get(OUTSIDE).click()
    screen.rest()
    assert outside(screen) == list(FAR)
    screen.get("ls-map-whole").click()
    screen.rest()
    assert outside(screen) == []


def test_a_link_brings_back_what_was_seen(screen: Screen) -> None:
    made = with_outliers(sample())
    key = screen.show(made)
    screen.rest()
    screen.get("ls-map-canvas").focus()
    for pressed in ("+", "Shift+ArrowLeft"):
        screen.press(pressed)
    screen.rest()
    before = screen.places()
    stance = screen.hook("stage.camera.stance")
    stands = pytest.approx([stance[name] for name in ("x", "y", "z", "zoom", "yaw", "pitch")], rel=1e-3, abs=1e-6)
    screen.until(lambda: [look["view"] for look in screen.told("look")[-1:]] == [stands])
    look = screen.told("look")[-1]
    screen.open(key, look={name: look[name] for name in ("view", "word", "colour", "chosen")})
    screen.rest()
    np.testing.assert_allclose(screen.places(), before, atol=0.15)
    screen.open(key, look={"view": None, "word": "", "colour": "", "chosen": []})
    screen.rest()
    assert outside(screen) == list(FAR)


def test_a_map_that_fits_says_nothing_of_it(screen: Screen, flat: Sample, deep: Sample) -> None:
    for made in (flat, deep, sample(16)):
        screen.show(made)
        screen.rest()
        assert outside(screen) == []
        assert screen.get(OUTSIDE).is_hidden()


def test_another_screen_begins_as_well(screen: Screen) -> None:
    screen.show(with_outliers(sample()))
    screen.rest()
    screen.page.set_viewport_size({"width": 390, "height": 844})
    screen.until(lambda: size_of(screen)[0] < 400)
    screen.rest()
    assert outside(screen) == list(FAR)
    assert spread(screen) > 0.6


def test_a_map_that_forms_is_followed_without_what_flies_far_out(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(map_routes, "WAIT_SECONDS", 1.0)
    made = with_outliers(sample())
    key, folder = screen.harness.new_map()
    write_words(folder, made)
    for version in (1, 2, 3):
        write_layout(folder, made.positions * version, version, version / 10, "laying out")
        if version == 1:
            screen.open(key, state="going")
        screen.until(lambda version=version: screen.get("ls-map-news").inner_text() == f"laying out · {version}0 %")
        screen.rest(finished=False)
        assert outside(screen) == list(FAR)
        assert spread(screen) > 0.6
