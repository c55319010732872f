"""The pad on which points are drawn: by pointer and by key, moved, painted anew, erased, taken back, and given away."""

import itertools
import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from engine.data.drawing import MOST_POINTS, read_drawing, write_drawing
from engine.figures.style import CLASS_COLOURS
from tests.pages.live_panel.conftest import Screen

SIDE = 360


class Pad:
    def __init__(self, screen: Screen, most: int) -> None:
        self.screen, self.page, self.most = screen, screen.page, most
        self.show("")

    def show(self, text: str) -> None:
        """Mount the pad, or update it, as the page would."""
        data = {"text": text, "most": self.most, "colours": CLASS_COLOURS}
        self.page.evaluate(
            """async (data) => {
                const { default: mount } = await import("/live/assets/test/pad.js");
                window.used ??= [];
                const place = document.querySelector("#pad") ?? document.createElement("div");
                if (!place.id) {
                    place.id = "pad";
                    place.append(Object.assign(document.createElement("div"), { className: "ls-pad" }));
                    document.body.prepend(place);
                }
                const setTriggerValue = (name, value) => window.used.push([name, value]);
                mount({ parentElement: place, data, setTriggerValue });
            }""",
            data,
        )
        self.screen.until(lambda: self.canvas.bounding_box()["width"] == SIDE)  # type: ignore[index]

    @property
    def canvas(self):
        return self.page.get_by_test_id("ls-pad-canvas")

    def at(self, x: float, y: float) -> tuple[float, float]:
        box = self.canvas.bounding_box()
        assert box is not None
        return box["x"] + (x + 1.5) / 3 * box["width"], box["y"] + (1.5 - y) / 3 * box["height"]

    def stroke(self, *places: tuple[float, float]) -> None:
        self.page.mouse.move(*self.at(*places[0]))
        self.page.mouse.down()
        for place in places[1:]:
            self.page.mouse.move(*self.at(*place), steps=50)
        self.page.mouse.up()

    def press(self, name: str) -> None:
        self.page.get_by_test_id(f"ls-pad-{name}").click()

    @property
    def said(self) -> str:
        return self.page.get_by_test_id("ls-pad-said").inner_text()

    def used(self) -> list[tuple[float, float, int]]:
        """Press "Use these points" and return what the page is told; the page then gives it back."""
        self.press("use")
        name, text = self.page.evaluate("window.used.at(-1)")
        assert name == "use"
        coordinates, labels = read_drawing(text)
        assert write_drawing(coordinates, labels) == text, "the two do not write alike"
        self.show(text)
        return [(x, y, k) for (x, y), k in zip(coordinates.tolist(), labels.tolist(), strict=True)]


@pytest.fixture
def pad(screen: Screen, page: Page) -> Iterator[Pad]:
    screen.open()
    yield Pad(screen, MOST_POINTS)
    page.evaluate("document.querySelector('#pad').remove(); delete window.used")


def near(found: tuple[float, ...], expected: tuple[float, ...]) -> bool:
    return all(abs(one - other) <= 0.011 for one, other in zip(found, expected, strict=True))


def test_clicks_and_strokes_set_points_of_the_class_chosen(pad: Pad) -> None:
    assert "No points yet" in pad.said
    assert pad.page.get_by_test_id("ls-pad-use").is_disabled()
    pad.stroke((-1, 1))
    pad.press("class-2")
    pad.stroke((-1, -1), (0, -1))
    assert "Not used yet." in pad.said
    found = pad.used()
    assert near(found[0], (-1, 1, 0))
    line = found[1:]
    assert 8 <= len(line) <= 12
    assert all(near(point[1:], (-1, 2)) for point in line)
    gaps = [after[0] - before[0] for before, after in itertools.pairwise(line)]
    assert min(gaps) >= 0.08
    assert pad.said == f"{len(found)} points: 1 of class 0, {len(line)} of class 2."
    assert pad.page.get_by_test_id("ls-pad-use").is_disabled()


def test_points_are_moved_painted_anew_and_erased_and_each_act_is_taken_back(pad: Pad) -> None:
    pad.show(write_drawing([(-1, 0), (0, 0), (1, 0)], [0, 0, 1]))  # type: ignore[arg-type]
    pad.press("tool-move")
    pad.stroke((-1, 0), (-0.5, 0.7))
    pad.press("class-1")
    pad.stroke((0, 0))
    pad.press("tool-erase")
    pad.stroke((0.8, 0), (1.2, 0))
    assert "2 points" in pad.said
    (moved, painted) = pad.used()
    assert near(moved, (-0.5, 0.7, 0))
    assert near(painted, (0, 0, 1))
    pad.press("undo")
    assert near(pad.used()[2], (1, 0, 1))
    pad.press("undo")
    assert [label for *_, label in pad.used()] == [0, 0, 1]
    pad.press("undo")
    assert near(pad.used()[0], (-1, 0, 0))
    assert pad.page.get_by_test_id("ls-pad-undo").is_disabled()
    pad.press("clear")
    assert "No points yet" in pad.said
    pad.press("undo")
    assert "3 points" in pad.said


def test_everything_can_be_done_by_key(pad: Pad) -> None:
    pad.canvas.focus()
    for key in ["ArrowRight"] * 4 + ["ArrowUp", "Shift+ArrowUp", "Enter", "1", *["ArrowLeft"] * 12, "Enter"]:
        pad.canvas.press(key)
    assert "2 points: 1 of class 0, 1 of class 1." in pad.said
    for key in ["m", "Enter", *["ArrowDown"] * 6, "Enter", "ArrowUp"]:
        pad.canvas.press(key)
    found = pad.used()
    assert found == [(0.2, 0.06, 0), (-0.4, -0.24, 1)]
    pad.canvas.focus()
    for key in ["ArrowDown", "e", "Enter"]:
        pad.canvas.press(key)
    assert "1 point of class 0." in pad.said
    assert "points of another class" in pad.said
    pad.canvas.press("Control+z")
    assert "2 points" in pad.said
    assert pad.screen.shown == 0, "the keys of the live panel were meant"
    assert pad.screen.state == "ready"


def test_there_are_never_too_many(screen: Screen, page: Page) -> None:
    screen.open()
    pad = Pad(screen, 5)
    pad.stroke((-1, 0), (1, 0))
    assert "5 points" in pad.said
    assert "as many as there may be (5)" in pad.said
    pad.stroke((0, 1))
    assert len(pad.used()) == 5
    page.evaluate("document.querySelector('#pad').remove(); delete window.used")


def test_what_is_being_drawn_stays_when_the_page_is_drawn_anew(pad: Pad) -> None:
    pad.stroke((0.5, 0.5))
    pad.show("")
    assert "1 point of class 0." in pad.said
    pad.show("AAA.AAB")
    assert "2 points" in pad.said, "another drawing is in use, as after a link"


def test_a_finger_draws_and_a_hostile_text_draws_nothing(pad: Pad) -> None:
    assert pad.canvas.evaluate("canvas => getComputedStyle(canvas).touchAction") == "none"
    pad.show(json.dumps("<img src=x onerror='window.hacked=true'>"))
    assert pad.page.evaluate("window.hacked ?? null") is None


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_of_it_lies_outside_of_the_screen(pad: Pad, width: int) -> None:
    pad.page.set_viewport_size({"width": width, "height": 844})
    pad.screen.until(lambda: (pad.canvas.bounding_box() or {})["width"] <= width - 32)
    assert pad.page.evaluate("document.querySelector('#pad').scrollWidth <= document.querySelector('#pad').clientWidth")
    for name in ("use", "class-7", "tool-erase", "clear"):
        box = pad.page.get_by_test_id(f"ls-pad-{name}").bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= width
