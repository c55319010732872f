"""How one looks at a map is told to the page when it rests, and a link brings it back."""

import numpy as np
import pytest

from pages.ui.words.map_look import MapLook
from tests.pages.pointmap.conftest import CANVAS, Screen
from tests.pages.pointmap.samples import Sample

WHOLE = {"view": None, "word": "", "colour": "", "chosen": []}


def told(screen: Screen, count: int = 1) -> dict:
    """Return the look that the page was told last, once it was told so often."""
    screen.until(lambda: len(screen.told("look")) >= count)
    return screen.told("look")[-1]


def test_a_map_that_nobody_touches_tells_nothing(screen: Screen, flat: Sample) -> None:
    screen.show(flat, look=WHOLE)
    screen.page.wait_for_timeout(900)
    assert screen.told("look") == []


@pytest.mark.parametrize("dimensions", [2, 3])
def test_a_link_restores_the_view(screen: Screen, flat: Sample, deep: Sample, dimensions: int) -> None:
    made = flat if dimensions == 2 else deep
    key = screen.show(made, look=WHOLE)
    screen.get("ls-map-search").fill(made.words[33])
    screen.press("Enter")
    screen.rest()
    screen.get("ls-map-colour").select_option("kept")
    screen.get("ls-map-canvas").focus()
    screen.press("Shift+ArrowLeft")
    screen.press("ArrowUp")
    screen.press(" ")
    screen.rest()
    look = told(screen)
    screen.until(lambda: screen.told("look")[-1]["chosen"] != [])
    look = screen.told("look")[-1]
    assert look["map"] == key
    assert look["word"] == made.words[33]
    assert look["colour"] == "kept"
    assert look["chosen"] == [made.words[index] for index in screen.hook("chosen")]
    before = screen.places()
    again = MapLook.of_link(MapLook.of_browser(look).to_link())
    screen.open(key, look=again.to_json())
    screen.rest()
    np.testing.assert_allclose(screen.places(), before, atol=0.15)
    assert screen.get("ls-map-word").inner_text() == made.words[33]
    assert screen.get("ls-map-colour").input_value() == "kept"
    assert screen.get("ls-map-count").inner_text() == "1 word chosen"
    assert screen.hook("marks.neighbours") == made.neighbours[33].tolist()


def test_a_held_key_is_told_once_it_rests(screen: Screen, flat: Sample) -> None:
    screen.show(flat, look=WHOLE)
    screen.get("ls-map-canvas").focus()
    # All at once: between presses of its own a busy machine may rest for longer than a hand.
    screen.ask(
        f"""void [...Array(12)].forEach(() => {CANVAS}.dispatchEvent(
            new KeyboardEvent("keydown", {{ key: "+", bubbles: true, cancelable: true }})))"""
    )
    look = told(screen)
    assert look["view"][3] == pytest.approx(1.3**12, rel=1e-4)
    screen.page.wait_for_timeout(800)
    assert len(screen.told("look")) == 1


def test_a_look_that_the_page_hands_back_changes_nothing(screen: Screen, flat: Sample) -> None:
    screen.show(flat, look=WHOLE)
    screen.get("ls-map-canvas").focus()
    screen.press("+")
    look = told(screen)
    before = screen.places()
    screen.update(look={name: value for name, value in look.items() if name != "map"})
    screen.rest()
    np.testing.assert_array_equal(screen.places(), before)
    screen.page.wait_for_timeout(700)
    assert len(screen.told("look")) == 1


def test_another_look_at_the_same_map_is_flown_to(screen: Screen, flat: Sample) -> None:
    screen.show(flat, look=WHOLE)
    screen.update(look={**WHOLE, "word": flat.words[5], "colour": "frequency"})
    screen.rest()
    assert screen.get("ls-map-word").inner_text() == flat.words[5]
    assert screen.get("ls-map-colour").input_value() == "frequency"
    assert screen.hook("stage.camera.stance.zoom") > 1


@pytest.mark.parametrize(
    "look",
    [
        {"view": [1, 2], "word": "nowhere", "colour": "no such", "chosen": ["nor", "these"]},
        {"view": [0, 0, 0, -1, 0, 0], "word": "", "colour": "", "chosen": []},
        {},
    ],
)
def test_a_look_that_makes_no_sense_shows_the_whole_map(screen: Screen, flat: Sample, look: dict) -> None:
    screen.show(flat, look=look)
    assert screen.hook("stage.camera.stance.zoom") == 1
    assert screen.hook("selected") == -1
    assert screen.hook("chosen") == []
    assert screen.get("ls-map-colour").input_value() == "cluster"


def test_on_another_screen_the_same_part_of_the_map_is_seen(screen: Screen, flat: Sample) -> None:
    key = screen.show(flat, look={**WHOLE, "view": [0.5, -0.5, 0, 3, -0.6, 0.45]})
    screen.page.set_viewport_size({"width": 390, "height": 800})
    screen.rest()
    middle = screen.hook("stage.camera.stance")
    assert (middle["x"], middle["y"], middle["zoom"]) == pytest.approx((0.5, -0.5, 3))
    screen.open(key, look=WHOLE)
    screen.rest()
    places = screen.places()
    width, height = screen.hook("stage.camera.width"), screen.hook("stage.camera.height")
    assert ((places > 0) & (places < [width, height])).all()
