"""A map is moved, turned and zoomed, and gone through: by key, by pointer, by wheel, by touch."""

import math

import numpy as np
import pytest

from tests.pages.pointmap.conftest import CANVAS, Screen
from tests.pages.pointmap.pointer import at, drag
from tests.pages.pointmap.samples import Sample


@pytest.mark.parametrize("key", ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"])
def test_arrows_go_to_the_next_word_in_that_direction(screen: Screen, flat: Sample, key: str) -> None:
    screen.show(flat)
    screen.get("ls-map-canvas").focus()
    screen.press(key)
    start = screen.hook("marks.cursor")
    places = screen.places()
    middle = np.array(screen.ask(f"[{CANVAS}.clientWidth / 2, {CANVAS}.clientHeight / 2]"))
    assert start == int(np.linalg.norm(places - middle, axis=1).argmin()), "first the word in the middle"
    direction = {"ArrowLeft": (-1, 0), "ArrowRight": (1, 0), "ArrowUp": (0, -1), "ArrowDown": (0, 1)}[key]
    for _ in range(3):
        before = screen.hook("marks.cursor")
        screen.press(key)
        now = screen.hook("marks.cursor")
        assert (places[now] - places[before]) @ np.array(direction) > 0
        assert now != before
    spoken = screen.page.locator(".ls-map-stage [role=status].ls-hidden").inner_text()
    assert spoken.startswith(f"{flat.words[now]}. Seen: ")


def test_the_keys_select_choose_zoom_pan_and_lead_to_the_search(screen: Screen, flat: Sample) -> None:
    screen.show(flat)
    canvas = screen.get("ls-map-canvas")
    canvas.focus()
    screen.press("ArrowRight")
    screen.press("Enter")
    index = screen.hook("selected")
    assert index == screen.hook("marks.cursor") >= 0
    screen.press(" ")
    assert screen.hook("chosen") == [index]
    screen.press(" ")
    assert screen.hook("chosen") == []
    screen.press("+")
    assert screen.hook("stage.camera.stance.zoom") == pytest.approx(1.3)
    screen.press("-")
    assert screen.hook("stage.camera.stance.zoom") == pytest.approx(1)
    screen.rest()
    before = screen.places()
    screen.press("Shift+ArrowRight")
    screen.rest()
    np.testing.assert_allclose(screen.places() - before, np.tile([-60, 0], (flat.count, 1)), atol=0.01)
    screen.press("Home")
    screen.rest()
    assert screen.hook("stage.camera.stance.zoom") == pytest.approx(1)
    screen.press("/")
    assert screen.ask("document.activeElement.dataset.testid") == "ls-map-search"


def test_dragging_moves_a_map_and_turns_a_space(screen: Screen, flat: Sample, deep: Sample) -> None:
    screen.show(flat)
    before = screen.places()
    drag(screen, np.array([[300, 300], [350, 320], [380, 340]]))
    screen.rest()
    np.testing.assert_allclose(screen.places() - before, np.tile([80, 40], (flat.count, 1)), atol=8)
    screen.show(deep)
    yaw, pitch = screen.hook("stage.camera.stance.yaw"), screen.hook("stage.camera.stance.pitch")
    drag(screen, np.array([[300, 300], [340, 310], [400, 330]]))
    assert screen.hook("stage.camera.stance.yaw") != yaw
    assert screen.hook("stage.camera.stance.pitch") != pitch


def test_a_space_is_seen_as_a_turn_and_a_perspective_have_it(screen: Screen, deep: Sample) -> None:
    """Numpy's own: turned about the upright axis, then tilted; what is nearer is larger."""
    screen.show(deep)
    stance = screen.hook("stage.camera.stance")
    width, height = screen.ask(f"[{CANVAS}.clientWidth, {CANVAS}.clientHeight]")
    yaw, pitch = stance["yaw"], stance["pitch"]
    about_y = np.array([[math.cos(yaw), 0, -math.sin(yaw)], [0, 1, 0], [math.sin(yaw), 0, math.cos(yaw)]])
    about_x = np.array([[1, 0, 0], [0, math.cos(pitch), -math.sin(pitch)], [0, math.sin(pitch), math.cos(pitch)]])
    turned = (deep.positions - [stance[axis] for axis in "xyz"]) @ (about_x @ about_y).T
    near = np.array(screen.hook("stage.seen.near && [...hooks.stage.seen.near]"))
    distance = turned[:, 2] / (1 - 1 / near)
    assert distance.std() < 1e-3 * distance.mean(), "one eye, at one distance"
    scale = screen.hook("stage.camera.scale")
    expected = [width / 2, height / 2] + turned[:, :2] * [scale, -scale] * near[:, None]
    np.testing.assert_allclose(screen.places(), expected, atol=0.05)


def wheel(screen: Screen, index: int, amount: float) -> None:
    screen.page.mouse.move(*at(screen, index))
    screen.page.mouse.wheel(0, amount)


def test_the_wheel_zooms_at_the_pointer(screen: Screen, flat: Sample) -> None:
    screen.show(flat)
    before = screen.places()[7]
    wheel(screen, 7, -300)
    screen.until(lambda: screen.hook("stage.camera.stance.zoom") > 1.2)
    screen.rest()
    np.testing.assert_allclose(screen.places()[7], before, atol=0.5)


def test_who_scrolls_the_page_scrolls_on_over_the_map(screen: Screen, flat: Sample) -> None:
    screen.show(flat)
    wheels = """(targets) => targets.map((target) => {
        const event = new WheelEvent("wheel", { deltaY: -120, bubbles: true, cancelable: true });
        document.querySelector(target).dispatchEvent(event);
        return event.defaultPrevented;
    })"""
    # The page scrolls on until it is left alone for a while; then the wheel is the map's, wherever the page may be.
    assert screen.page.evaluate(wheels, ["body", ".ls-map-over", ".ls-map-over"]) == [False, False, False]
    assert screen.hook("stage.camera.stance.zoom") == 1
    screen.page.wait_for_timeout(500)
    assert screen.page.evaluate(wheels, [".ls-map-over", ".ls-map-over"]) == [True, True]
    assert screen.hook("stage.camera.stance.zoom") > 1


def test_two_fingers_pinch_and_one_moves(screen: Screen, flat: Sample) -> None:
    screen.show(flat)
    session = screen.page.context.new_cdp_session(screen.page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        listed = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": listed})

    x, y = at(screen, 9)
    touch("touchStart", (x - 40, y), (x + 40, y))
    touch("touchMove", (x - 80, y), (x + 80, y))
    touch("touchEnd")
    screen.until(lambda: screen.hook("stage.camera.stance.zoom") > 1.9)
    screen.rest()
    assert screen.hook("stage.camera.stance.zoom") == pytest.approx(2, rel=0.02)
    now = at(screen, 9)
    assert math.dist(now, (x, y)) < 3, "what is between the fingers stays there"
    before = screen.places()
    touch("touchStart", (x, y))
    for step in range(1, 6):
        touch("touchMove", (x + 20 * step, y))
    touch("touchEnd")
    screen.rest()
    assert 60 <= (screen.places() - before)[:, 0].mean() <= 101
    assert screen.hook("selected") == -1, "a drag selects nothing"
    x, y = at(screen, 9)
    touch("touchStart", (x, y))
    touch("touchEnd")
    screen.until(lambda: screen.hook("selected") == 9)
    session.detach()


def test_what_moves_is_still_for_who_asks_for_less_motion(screen: Screen, flat: Sample) -> None:
    screen.page.emulate_media(reduced_motion="reduce")
    try:
        screen.show(flat)
        screen.get("ls-map-search").fill(flat.words[50])
        screen.press("Enter")
        assert screen.hook("stage.motion.flying") is False
        screen.rest()
        width, height = screen.ask(f"[{CANVAS}.clientWidth, {CANVAS}.clientHeight]")
        np.testing.assert_allclose(screen.places()[50], [width / 2, height / 2], atol=1)
    finally:
        screen.page.emulate_media(reduced_motion="no-preference")
