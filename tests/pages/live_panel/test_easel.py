"""The easel: what a person draws or brings is what the net is asked about, and its answer stands in all panels."""

import base64
import io
import json
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

from engine.figures.comparison import side_by_side
from engine.figures.panel import DrawPanel, Panel, TilesPanel
from tests.pages.live_panel.conftest import Screen, record

SIDE = 28
EMPTY = "Draw here"


def panels(**changes: object) -> tuple[Panel, ...]:
    draw = DrawPanel("draw", "Draw", 6, 300, "", "A pad.", words="told")
    image = TilesPanel("image", "Image", 6, 300, "", "An image.", arrays=("image.pixels",), pictures=True, single=True)
    return type(draw)(**{**draw_fields(draw), **changes}), image  # type: ignore[arg-type]


def draw_fields(panel: DrawPanel) -> dict[str, object]:
    return {name: getattr(panel, name) for name in panel.__dataclass_fields__}


class Easel:
    def __init__(self, screen: Screen, frames: int = 1, **changes: object) -> None:
        self.screen, self.page = screen, screen.page
        record(screen.harness, frames)
        screen.open()
        self.show(panels(**changes))
        self.box()

    def show(self, shown: tuple[Panel, ...], **changes: object) -> None:
        data = {"panels": [panel.to_json() for panel in shown], **changes}
        self.screen.ask(f"void harness.update({json.dumps(data)})")

    def box(self) -> dict[str, float]:
        self.canvas.scroll_into_view_if_needed()
        self.screen.until(lambda: (self.canvas.bounding_box() or {"width": 0})["width"] > 100)
        return self.canvas.bounding_box()  # type: ignore[return-value]

    @property
    def canvas(self) -> Locator:
        return self.screen.get("ls-easel")

    @property
    def told(self) -> Locator:
        return self.screen.get("ls-easel-told")

    def draw(self, *places: tuple[float, float]) -> None:
        box = self.box()
        first, *rest = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in places]
        self.page.mouse.move(*first)
        self.page.mouse.down()
        for place in rest:
            self.page.mouse.move(*place, steps=4)
        self.page.mouse.up()

    def asked(self, run: str = "one") -> list[dict]:
        return self.screen.harness.runs[run].questions

    def until_told(self, channels: int = 1, run: str = "one") -> np.ndarray:
        """Return the picture that was asked about last, once that is answered."""
        self.screen.until(lambda: self.asked(run))

        def newest() -> np.ndarray:
            return np.frombuffer(base64.b64decode(self.asked(run)[-1]["values"]), np.uint8)

        def settled() -> bool:
            """Tell whether the newest is answered, and none comes behind it: of a stroke several are on their way."""
            before = newest()
            if f"has {before.sum()}, " not in self.told.inner_text():
                return False
            self.page.wait_for_timeout(150)
            return bool((newest() == before).all())

        self.screen.until(settled)
        return newest().reshape(SIDE, SIDE, channels).squeeze()

    def bring(self, image: Image.Image, name: str = "image.png") -> None:
        file = io.BytesIO()
        image.save(file, "PNG")
        self.screen.get("ls-easel-file").set_input_files(
            {"name": name, "mimeType": "image/png", "buffer": file.getvalue()}
        )


def is_empty(screen: Screen) -> None:
    """Hold that nothing is shown where the net's answer would stand."""
    nothing = screen.get("panel-image").locator(".ls-nothing")
    expect(nothing).to_be_visible()
    expect(nothing).to_contain_text("nothing to be shown")


@pytest.fixture
def easel(screen: Screen) -> Easel:
    return Easel(screen)


def test_what_is_drawn_is_asked_about_and_the_answer_stands_in_the_panels(easel: Easel) -> None:
    expect(easel.told).to_contain_text(EMPTY)
    is_empty(easel.screen)
    easel.draw((0.25, 0.5), (0.75, 0.5))
    pixels = easel.until_told()
    rows, columns = np.nonzero(pixels > 127)
    middle, half = SIDE * 0.5, SIDE * 0.1 / 2  # the width of the pen is a tenth
    assert (rows.min(), rows.max() + 1) == pytest.approx((middle - half, middle + half), abs=1)
    assert (columns.min(), columns.max() + 1) == pytest.approx((SIDE * 0.25 - half, SIDE * 0.75 + half), abs=1)
    assert pixels[13:15, 10:18].min() == 255
    assert pixels[:10].max() == pixels[18:].max() == 0
    question = easel.asked()[-1]
    assert (question["what"], question["settings"], question["step"]) == ("look", {}, -1)
    expect(easel.screen.get("panel-image").locator(".ls-nothing")).to_be_hidden()
    easel.screen.get("panel-image").get_by_role("button", name="Table").click()
    expect(easel.screen.get("panel-image").locator(".ls-data")).to_contain_text(f"{pixels.mean():.4g}")


def test_keys_draw_erase_take_back_and_clear(easel: Easel) -> None:
    easel.canvas.focus()
    easel.page.keyboard.press("Enter")
    for _ in range(4):
        easel.page.keyboard.press("ArrowRight")
    easel.page.keyboard.press("Enter")
    easel.page.keyboard.press("ArrowDown")  # the pen is up
    drawn = easel.until_told()
    rows, columns = np.nonzero(drawn > 127)
    assert (columns.min(), columns.max() + 1) == pytest.approx((SIDE * 0.45, SIDE * 0.75), abs=1)
    assert rows.max() - rows.min() < 4
    easel.page.keyboard.press("e")
    easel.page.keyboard.press("ArrowUp")
    easel.page.keyboard.press(" ")
    easel.screen.until(lambda: easel.until_told().sum() < drawn.sum())
    assert easel.until_told()[14, 15] == 255, "the rubber takes what lies under it alone"
    easel.page.keyboard.press("u")
    easel.screen.until(lambda: (easel.until_told() == drawn).all())
    easel.page.keyboard.press("Delete")
    expect(easel.told).to_contain_text(EMPTY)
    is_empty(easel.screen)
    easel.page.keyboard.press("Control+z")
    easel.screen.until(lambda: (easel.until_told() == drawn).all())
    assert easel.screen.state == "paused", "the page's own keys were not meant"


def test_a_drawing_is_brought_to_the_size_and_place_of_what_was_learnt(screen: Screen) -> None:
    easel = Easel(screen, fit=22 / 28, centred=True)
    easel.draw((0.1, 0.1), (0.1, 0.3))
    pixels = easel.until_told()
    rows, columns = np.nonzero(pixels > 127)
    assert (rows.min(), rows.max() + 1) == pytest.approx((3, 25), abs=1)
    assert (columns.min() + columns.max() + 1) / 2 == pytest.approx(14, abs=1)
    screen.get("ls-easel-middle").uncheck()
    screen.until(lambda: np.nonzero(easel.until_told() > 127)[0].max() < 11)


def test_the_pen_has_a_width_and_where_images_are_coloured_a_colour(screen: Screen) -> None:
    easel = Easel(screen, channels=3)
    screen.get("ls-easel-width").fill("20")
    screen.page.get_by_label("Colour of the pen").fill("#ff8000")
    easel.draw((0.5, 0.5), (0.5, 0.5))
    pixels = easel.until_told(channels=3)
    assert pixels[14, 14].tolist() == [255, 128, 0]
    assert (pixels[:, :, 0] > 127).sum() == pytest.approx(np.pi * (0.1 * SIDE) ** 2, rel=0.15)


def test_an_image_is_taken_by_its_middle_and_ink_on_paper_is_turned_over(screen: Screen) -> None:
    paper = Image.new("L", (400, 200), 255)
    paper.paste(0, (170, 50, 230, 150))
    easel = Easel(screen, bright=True)
    easel.bring(paper)
    turned = easel.until_told()
    assert turned[14, 14] == 255
    assert turned[0, 0] == 0
    assert (turned > 127).sum() == pytest.approx(60 * 100 * (SIDE / 200) ** 2, rel=0.1)
    screen.get("ls-easel-invert").click()
    screen.until(lambda: easel.until_told()[0, 0] == 255)
    screen.get("ls-easel-clear").click()
    photograph = Easel(screen, bright=False)
    photograph.bring(paper)
    assert photograph.until_told()[0, 0] == 255


def test_colours_are_as_bright_as_the_eye_finds_them(easel: Easel) -> None:
    stripes = Image.new("RGB", (SIDE * 3, SIDE * 3))
    for place, colour in enumerate(((255, 0, 0), (0, 255, 0), (0, 0, 255))):
        stripes.paste(colour, (0, place * SIDE, SIDE * 3, (place + 1) * SIDE))
    easel.bring(stripes)
    pixels = easel.until_told()
    grey = np.asarray(stripes.convert("L"))  # Pillow's grey is that of ITU-R BT.601 too
    for row in (4, 14, 23):
        assert pixels[row, 14] == pytest.approx(grey[row * 3, 0], abs=1)


def test_ink_on_nothing_is_ink_on_paper(screen: Screen) -> None:
    nothing = Image.new("RGBA", (200, 200), (0, 0, 0, 0))
    nothing.paste((0, 0, 0, 255), (85, 50, 115, 150))
    easel = Easel(screen, bright=True)
    easel.bring(nothing)
    pixels = easel.until_told()
    assert (pixels[14, 14], pixels[0, 0]) == (255, 0)


def test_on_a_telephone_what_is_told_stands_above_the_pad(easel: Easel) -> None:
    easel.page.set_viewport_size({"width": 390, "height": 844})

    def gap() -> float:
        told, pad = easel.told.bounding_box(), easel.box()
        assert told
        return pad["y"] - told["y"] - told["height"]

    easel.screen.until(lambda: 0 <= gap() < 30, patience=10)
    buttons = easel.page.locator(".ls-easel .ls-button").all()
    heights = [box["height"] for box in (button.bounding_box() for button in buttons) if box]
    assert min(heights) >= 40, "a thumb needs as much"


@pytest.mark.parametrize("content", [b"", b"no image", b"\x89PNG\r\n\x1a\n" + b"x" * 100])
def test_what_is_no_image_is_said_and_the_drawing_stays(easel: Easel, content: bytes) -> None:
    easel.draw((0.2, 0.2), (0.4, 0.2))
    drawn = easel.until_told()
    easel.screen.get("ls-easel-file").set_input_files({"name": "x.png", "mimeType": "image/png", "buffer": content})
    expect(easel.told).to_contain_text("x.png is no image that this browser can open")
    easel.draw((0.2, 0.4), (0.4, 0.4))
    assert (easel.until_told() >= drawn).all(), "the drawing is still there"


@pytest.fixture
def slow_files(screen: Screen) -> Iterator[None]:
    """Have files called slow.png be opened no sooner than the test says, by ``openSlow()``."""
    screen.load()
    screen.ask(
        """(() => {
            window.createBitmap = window.createImageBitmap;
            const wait = new Promise((done) => { window.openSlow = done; });
            window.createImageBitmap = async (file, ...more) => {
                if (file.name === "slow.png") await wait;
                return window.createBitmap(file, ...more);
            };
        })()"""
    )
    yield
    screen.ask("void (window.createImageBitmap = window.createBitmap)")


@pytest.mark.usefixtures("slow_files")
def test_of_two_files_the_one_chosen_last_stays_however_long_the_other_takes(easel: Easel) -> None:
    easel.bring(Image.new("L", (40, 40), 60), "slow.png")
    easel.bring(Image.new("L", (40, 40), 90))
    assert easel.until_told()[14, 14] == 90
    easel.screen.ask("void openSlow()")
    easel.page.wait_for_timeout(300)
    assert easel.until_told()[14, 14] == 90


@pytest.fixture
def lens(screen: Screen) -> Iterator[None]:
    """Put a camera in the place of the one that this machine has not: it sees a grey wall."""
    screen.load()
    yield
    screen.ask("delete navigator.mediaDevices.getUserMedia")


@pytest.mark.usefixtures("lens")
def test_a_camera_is_looked_through_only_until_its_picture_is_taken(screen: Screen) -> None:
    easel = Easel(screen)
    screen.ask(
        """void (navigator.mediaDevices.getUserMedia = async () => {
            const wall = Object.assign(document.createElement("canvas"), { width: 64, height: 48 });
            const context = wall.getContext("2d");
            window.painting = setInterval(() => { context.fillStyle = "#646464"; context.fillRect(0, 0, 64, 48); }, 30);
            return (window.wall = wall.captureStream());
        })"""
    )
    screen.get("ls-easel-camera").click()
    screen.until(lambda: screen.ask("document.querySelector('.ls-camera video').videoWidth") == 64)
    assert not easel.asked()
    screen.get("ls-camera-take").click()
    assert easel.until_told().mean() == pytest.approx(100, abs=4)
    assert screen.ask("window.wall.getTracks().every(({ readyState }) => readyState === 'ended')")
    expect(screen.page.locator(".ls-camera")).to_be_hidden()
    screen.ask("clearInterval(window.painting)")


@pytest.mark.parametrize(("name", "said"), [("NotFoundError", "No camera was found"), ("NotAllowedError", "allow it")])
@pytest.mark.usefixtures("lens")
def test_a_camera_that_cannot_be_used_is_said(screen: Screen, name: str, said: str) -> None:
    easel = Easel(screen)
    refuses = f"async () => {{ throw new DOMException('', '{name}'); }}"
    screen.ask(f"void (navigator.mediaDevices.getUserMedia = {refuses})")
    screen.get("ls-easel-camera").click()
    expect(easel.told).to_contain_text(said)


def test_of_a_long_stroke_only_the_newest_is_asked_about(easel: Easel) -> None:
    run = easel.screen.harness.runs["one"]
    run.silent = True
    easel.draw((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9))
    easel.screen.until(lambda: len(run.questions) == 2)
    easel.page.wait_for_timeout(300)
    assert len(run.questions) == 2, "no more than two are on their way"


def test_an_answer_that_does_not_come_is_not_waited_for(easel: Easel) -> None:
    run = easel.screen.harness.runs["one"]
    run.silent = True
    easel.draw((0.1, 0.1), (0.4, 0.1))
    easel.screen.until(lambda: run.questions)
    run.silent = False
    easel.until_told()


def test_as_the_run_goes_on_the_net_is_asked_again_and_looking_back_the_net_of_that_step(screen: Screen) -> None:
    easel = Easel(screen, frames=4)
    easel.draw((0.3, 0.3), (0.6, 0.6))
    easel.until_told()
    screen.harness.call("advance", 10)
    expect(easel.told).to_contain_text("at 40")
    assert easel.asked()[-1]["step"] == -1
    screen.press("Home")
    expect(easel.told).to_contain_text("at 0")
    assert easel.asked()[-1]["step"] == 0
    before = len(easel.asked())
    screen.page.get_by_role("button", name="Pin").click()
    screen.press("End")
    expect(easel.told).to_contain_text("at 40")
    screen.until(lambda: {question["step"] for question in easel.asked()[before:]} == {0, -1})


def test_a_net_that_answers_slowly_is_asked_less_often_for_the_sake_of_others(screen: Screen) -> None:
    easel = Easel(screen)
    easel.draw((0.3, 0.3), (0.6, 0.6))
    easel.until_told()
    run = screen.harness.runs["one"]

    screen.get("ls-train").click()
    quick = len(run.questions)
    screen.until(lambda: len(run.questions) > quick + 2)
    run.thinks = 0.2
    slow = len(run.questions) + 2  # one may be on its way
    screen.until(lambda: len(run.questions) > slow + 2)
    times = [question["at"] for question in run.questions[slow:]]
    assert min(later - earlier for earlier, later in pairwise(times)) > 1.0, "it rests five times as long as it takes"


def test_who_looks_back_is_answered_by_the_net_of_that_step_at_once_however_slow_it_was(screen: Screen) -> None:
    easel = Easel(screen, frames=4)
    run = screen.harness.runs["one"]
    run.thinks = 1.0
    easel.draw((0.3, 0.3), (0.6, 0.6))
    easel.until_told()
    screen.press("Home")
    expect(easel.told).to_contain_text("at 0")
    screen.press("ArrowRight")
    screen.until(lambda: run.questions[-1]["step"] == 10, patience=3.5)  # it thinks for one, and would rest for five


def test_after_a_stroke_of_the_mouse_the_keys_of_the_page_are_meant(screen: Screen) -> None:
    easel = Easel(screen, frames=4)
    easel.draw((0.3, 0.3), (0.6, 0.6))
    drawn = easel.until_told()
    screen.press("ArrowLeft")
    expect(easel.told).to_contain_text("at 20")
    screen.press("Space")
    screen.until(lambda: screen.state == "running")
    screen.press("Space")
    assert (easel.until_told() == drawn).all(), "nor did the pen do anything"
    screen.press("Control+z")
    expect(easel.told).to_contain_text(EMPTY)


def test_the_answer_of_one_step_does_not_pass_for_that_of_another(screen: Screen) -> None:
    easel = Easel(screen, frames=4)
    easel.draw((0.3, 0.3), (0.6, 0.6))
    easel.until_told()
    run = screen.harness.runs["one"]
    run.silent = True
    screen.press("Home")
    expect(easel.told).to_have_text("The net of step 0 is being asked …")
    image = screen.get("panel-image")
    expect(image.locator(".ls-nothing")).to_be_visible()
    expect(image.locator(".ls-nothing")).to_contain_text("being asked about what you have brought")
    run.silent = False
    expect(easel.told).to_contain_text("at 0")
    expect(image.locator(".ls-nothing")).to_be_hidden()


def test_what_went_wrong_with_an_image_stays_while_the_net_learns(easel: Easel) -> None:
    easel.draw((0.2, 0.2), (0.4, 0.2))
    easel.until_told()
    easel.screen.get("ls-easel-file").set_input_files({"name": "x.png", "mimeType": "image/png", "buffer": b"no image"})
    expect(easel.told).to_contain_text("x.png is no image")
    easel.screen.harness.call("advance", 10)
    expect(easel.told).to_contain_text("at 10")
    expect(easel.told).to_contain_text("x.png is no image")
    easel.draw((0.2, 0.4), (0.4, 0.4))
    expect(easel.told).not_to_contain_text("x.png is no image")


def test_an_answer_that_is_an_error_is_said_and_the_frame_stays(screen: Screen) -> None:
    easel = Easel(screen, side=20)
    easel.draw((0.3, 0.3), (0.6, 0.6))
    expect(easel.told).to_contain_text("This is no picture of mine.")
    is_empty(screen)


def test_a_number_of_the_answer_is_explained_as_one(easel: Easel) -> None:
    easel.draw((0.2, 0.5), (0.8, 0.5))
    easel.until_told()
    picture = easel.screen.get("panel-image").locator("canvas")
    picture.scroll_into_view_if_needed()
    run = easel.screen.harness.runs["one"]
    easel.screen.until(lambda: picture.click(position={"x": 60, "y": 60}) or run.asked)
    assert run.asked[-1]["array"] == "image.pixels"
    assert run.asked[-1]["answered"] is True


def test_two_nets_are_asked_about_one_drawing(screen: Screen) -> None:
    easel = Easel(screen)
    screen.harness.end("paused", "", run="two")
    easel.show(side_by_side(panels()), others=["two"])
    easel.draw((0.3, 0.3), (0.6, 0.6))
    expect(easel.told).to_contain_text("A: yours has")
    expect(easel.told).to_contain_text("B: yours has")
    assert easel.asked("one")[-1]["values"] == easel.asked("two")[-1]["values"]


def test_an_easel_that_leaves_takes_its_drawing_along(easel: Easel) -> None:
    easel.draw((0.3, 0.3), (0.6, 0.6))
    easel.until_told()
    easel.show(panels(pen=0.2))
    expect(easel.told).to_contain_text(EMPTY)
    is_empty(easel.screen)
