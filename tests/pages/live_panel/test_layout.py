"""How the panel lies on screens of all sizes."""

import numpy as np
import pytest
from playwright.sync_api import Browser

from pages.ui.places import ASSETS
from tests.pages.live_panel import samples
from tests.pages.live_panel.conftest import BOUNDARY, Screen

STYLE = (ASSETS / "live" / "panel.css").read_text(encoding="utf-8")
CARDS = """<style>%s</style><div class="ls-panel"><div class="ls-grid">
<div class="ls-card" data-kind="plot" style="--ls-span: 6">units</div>
<div class="ls-card" data-kind="plot" style="--ls-span: 6">map</div>
<div class="ls-card" data-kind="table" style="--ls-span: 6">table</div>
<div class="ls-card" data-kind="plot" style="--ls-span: 6">rate</div>
</div></div>"""
WIDTHS = """() => {
  const whole = document.querySelector('.ls-grid').offsetWidth;
  return [...document.querySelectorAll('.ls-card')].map((card) => Math.round(2 * card.offsetWidth / whole));
}"""


def test_no_width_makes_the_page_scroll_sideways(screen: Screen) -> None:
    screen.open()
    drawn, place = f"{BOUNDARY}._fullLayout?.width ?? 0", f"{BOUNDARY}.parentElement.clientWidth"
    for width in (1440, 1024, 768, 390):
        screen.page.set_viewport_size({"width": width, "height": 900})
        screen.until(lambda: 0 < screen.ask(drawn) <= screen.ask(place))
        assert screen.ask("document.documentElement.scrollWidth") <= width


CUT = """[...document.querySelectorAll('.ls-title')].filter((title) => title.scrollWidth > title.clientWidth)
    .map((title) => title.textContent)"""
ALONE = """[...document.querySelectorAll('.ls-head')].filter((head) => {
    const [tools, help] = [".ls-tools", ":scope > .ls-ends > .ls-help"].map((part) => head.querySelector(part));
    return help && Math.abs(help.getBoundingClientRect().bottom - tools.getBoundingClientRect().bottom) > 20;
}).length"""


@pytest.mark.parametrize("width", [1440, 690, 358])
def test_a_narrow_card_has_its_whole_title_and_a_plane_no_empty_stripes(screen: Screen, width: int) -> None:
    screen.page.set_viewport_size({"width": width, "height": 900})
    screen.open()
    screen.get("panel-boundary").scroll_into_view_if_needed()
    drawn, body = f"{BOUNDARY}._fullLayout?.height", f"{BOUNDARY}.parentElement"
    screen.until(lambda: screen.ask(drawn) == screen.ask(f"{body}.clientHeight"))
    assert screen.ask(CUT) == []
    assert screen.ask(ALONE) == 0, "a question mark in a line of its own"
    if width < 1000:
        assert screen.ask(f"{body}.clientHeight") <= max(320, screen.ask(f"{body}.clientWidth") + 24)


UNITS = {"five": samples.UNITS, "eight": (7, 16, 16, 16, 16, 16, 16, 1)}
CAPTIONS = {
    ("five", 1440): ["inputs", "layer 1", "layer 2", "layer 3", "output layer"],
    ("five", 390): ["inputs", "layer 1", "layer 2", "layer 3", "output"],
    ("eight", 1440): ["inputs", *(f"layer {number}" for number in range(1, 7)), "output layer"],
    ("eight", 390): ["in", *"123456", "out"],
}


@pytest.mark.parametrize(("units", "width"), CAPTIONS)
def test_the_net_fits_its_place_with_captions_apart(
    screen: Screen, monkeypatch: pytest.MonkeyPatch, units: str, width: int
) -> None:
    arrays = samples.opening() | {"network.units": np.array(UNITS[units], np.int32)}
    monkeypatch.setattr("tests.pages.live_panel.harness.opening", lambda: arrays)
    screen.page.set_viewport_size({"width": width, "height": 900})
    screen.open()
    screen.ask(
        """void (() => {
            const { prototype } = CanvasRenderingContext2D;
            const original = (prototype.original ??= prototype.fillText);
            prototype.fillText = function (words, x, y) {
                original.call(this, words, x, y);
                if (this.textAlign !== "center") return;
                const half = this.measureText(words).width / 2;
                window.written = [...(words.startsWith("in") ? [] : window.written), [words, x - half, x + half]];
            };
        })()"""
    )
    screen.open()
    place = "document.querySelector('[data-testid=panel-network] .ls-scroller')"
    screen.get("panel-network").scroll_into_view_if_needed()
    screen.until(lambda: screen.ask("window.written?.map(([words]) => words)") == CAPTIONS[units, width])
    room = screen.ask(f"{place}.clientWidth")
    assert screen.ask(f"{place}.scrollWidth") <= room
    assert width > 390 or room <= 324, "the harness has to be as narrow as the app"
    ends = [end for _, *ends in screen.ask("written") for end in ends]
    assert ends == sorted(ends)
    assert ends[0] >= 0
    assert ends[-1] <= room


def test_nothing_jumps_when_numbers_grow(screen: Screen) -> None:
    screen.open()
    parts = "[...document.querySelectorAll('.ls-card, .ls-readout, .ls-button')]"
    boxes = f"JSON.stringify({parts}.map((part) => part.getBoundingClientRect()))"
    before = screen.ask(boxes)
    screen.harness.call("advance", 123_450)
    screen.until_step(123_450)
    assert screen.ask(boxes) == before


def test_on_a_phone_all_that_moves_through_time_takes_two_lines(screen: Screen) -> None:
    screen.page.set_viewport_size({"width": 390, "height": 844})
    screen.open()
    buttons = "[...document.querySelectorAll('.ls-scrubber .ls-button')]"
    assert screen.ask(f"new Set({buttons}.map((button) => button.getBoundingClientRect().top)).size") == 1
    assert screen.ask("document.querySelector('.ls-scrubber input').offsetWidth") > 280
    assert screen.ask("document.querySelector('.ls-top').offsetHeight") < 200


def test_a_score_has_no_name_before_the_run_has_told_it(screen: Screen) -> None:
    screen.open()
    labels = "[...document.querySelectorAll('.ls-readout dt')].map((label) => label.textContent).slice(-2)"
    assert screen.ask(labels) == ["Accuracy", "Val. accuracy"]
    first = screen.ask(f"harness.open().then(() => [{labels}, document.querySelector('.ls-readout dt').offsetHeight])")
    assert first[0] == ["\u00a0", "\u00a0"]
    height = "document.querySelector('.ls-readout:last-child dt').offsetHeight"
    assert screen.ask(height) == first[1]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_word_on_the_train_button_can_be_read(screen: Screen, theme: str) -> None:
    screen.open(theme=theme)
    # A canvas brings every CSS colour into bytes.
    ink, ground = screen.ask(
        """["color", "backgroundColor"].map((kind) => {
            const context = document.createElement("canvas").getContext("2d");
            context.fillStyle = getComputedStyle(document.querySelector("[data-testid=ls-train]"))[kind];
            context.fillRect(0, 0, 1, 1);
            return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
        })"""
    )
    bright, dim = sorted((_luminance(ink), _luminance(ground)), reverse=True)
    assert (bright + 0.05) / (dim + 0.05) >= 4.5  # WCAG 2.2, 1.4.3


def _luminance(channels: list[int]) -> float:
    """Return the relative luminance of an sRGB colour, as WCAG defines it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (byte / 255 for byte in channels)]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))


def test_a_thumb_can_hit_every_control_on_a_phone(screen: Screen) -> None:
    screen.page.set_viewport_size({"width": 390, "height": 844})
    screen.open()
    controls = ".ls-panel :is(button, select, summary, input[type=range], input[type=number], .ls-tool)"
    small = screen.ask(
        f"""[...document.querySelectorAll("{controls}")].filter((part) => part.checkVisibility())
            .map((part) => [part.closest("label, button, summary, select, input"), part])
            .filter(([target]) => target.getBoundingClientRect().height < 40)
            .map(([, part]) => part.outerHTML.slice(0, 120))"""
    )
    assert small == []


def test_what_follows_a_table_last_has_its_row_where_the_table_has_one(browser: Browser) -> None:
    """The grid of cards on a screen of two columns, as its style sheet alone lays it out."""
    alone = browser.new_page(viewport={"width": 1300, "height": 700})
    alone.set_content(CARDS % STYLE)
    assert alone.evaluate(WIDTHS) == [1, 1, 1, 1]
    alone.set_viewport_size({"width": 900, "height": 700})
    assert alone.evaluate(WIDTHS) == [1, 1, 2, 2]
    alone.close()
