"""The easel: what a person draws or brings, by pointer, by key, by file and by camera."""

from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.pages.live_panel.conftest import Screen
from tests.pages.live_panel.easel import EMPTY, SIDE, Easel, is_empty


@pytest.fixture
def easel(screen: Screen) -> Easel:
    return Easel(screen)


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

    easel.screen.until(lambda: 0 <= gap() < 30)
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
            const wait = new Promise((done) => { window.begin = done; });
            window.createImageBitmap = async (file, ...more) => {
                if (file.name !== "slow.png") return window.createBitmap(file, ...more);
                await wait;
                return (window.opened = window.createBitmap(file, ...more));
            };
            window.openSlow = async () => {
                begin();
                await new Promise((done) => setTimeout(done)); // whoever waits for it begins
                await window.opened;
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
    easel.screen.ask("openSlow().then(() => void 0)")
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
