"""The live panel in a real Chromium, against a run that is made up (see panel_harness.py)."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from playwright.sync_api import Page

from engine.runs.frames import Message, encode
from tests import browser as browsers
from tests.pages.panel_harness import Harness, serving
from tests.pages.panel_samples import boundary_at, sample_frame, scalars_at

HOOKS = "document.querySelector('.ls-panel').learnscope"
BOUNDARY = "document.querySelector('[data-testid=panel-boundary] .ls-plot')"
FIRST_CELL = f"{BOUNDARY}.data[0].z[0][0] * 1e6"


@dataclass
class Screen(browsers.Screen):
    """A page with the panel on the harness."""

    harness: Harness = None  # type: ignore[assignment]

    def open(self, **query: str) -> "Screen":
        """Go to the harness and wait for the first picture."""
        return self.go(f"{self.harness.url}/?" + "&".join(f"{key}={value}" for key, value in query.items()))

    def load(self) -> None:
        """Go where the panel's modules can be imported and nothing else runs."""
        self.page.goto(f"{self.harness.url}/live/assets/test/panel.css")

    def until_step(self, step: int) -> None:
        """Wait until that step is on the screen."""
        self.until(lambda: self.shown == step)


@pytest.fixture(scope="module")
def served() -> Iterator[Harness]:
    with serving() as harness:
        yield harness


@pytest.fixture
def harness(served: Harness) -> Harness:
    served.renew()
    return served


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with browsers.chromium() as browser:
        yield browser.new_page()


@pytest.fixture
def screen(page: Page, harness: Harness) -> Iterator[Screen]:
    page.set_viewport_size({"width": 1440, "height": 1000})
    screen = Screen(page, harness=harness)
    yield screen
    screen.leave()
    assert screen.hosts <= {harness.url.removeprefix("http://")}


def record(harness: Harness, frames: int) -> None:
    """Record frames 0, 10, 20, ... before anybody looks, and pause there."""
    for _ in range(frames - 1):
        harness.call("advance", 10)
    harness.end("paused", "")


def test_every_message_is_read_as_it_was_written(screen: Screen) -> None:
    screen.load()
    arrays = {
        "bytes": np.arange(5, dtype=np.uint8),
        "counts": np.array([[1, -2], [3, 4]], np.int32),
        "floats": np.array([[[0.5, -1.25, np.inf]]], np.float32),
        "doubles": np.array([np.pi, np.nan], np.float64),
        "none": np.empty((0, 3), np.float32),
    }
    raw = encode(Message("frame", {"step": 7, "words": {"a": "ü ‹"}}, arrays))
    told = screen.page.evaluate(
        """async (bytes) => {
            const { decode } = await import("/live/assets/test/message.js");
            const { kind, header, arrays } = decode(new Uint8Array(bytes).buffer);
            const list = ([name, { shape, values }]) => [name, shape, [...values].map(String), values.constructor.name];
            return { kind, header, listed: [...arrays].map(list) };
        }""",
        list(raw),
    )
    assert told["kind"] == "frame"
    assert told["header"] == {"step": 7, "words": {"a": "ü ‹"}}
    assert told["listed"] == [
        ["bytes", [5], ["0", "1", "2", "3", "4"], "Uint8Array"],
        ["counts", [2, 2], ["1", "-2", "3", "4"], "Int32Array"],
        ["floats", [1, 1, 3], ["0.5", "-1.25", "Infinity"], "Float32Array"],
        ["doubles", [2], ["3.141592653589793", "NaN"], "Float64Array"],
        ["none", [0, 3], [], "Float32Array"],
    ]


@pytest.mark.parametrize("bad", [b"", b"LSF1", b"nonsense" * 4, b"LSF1\xff\xff\xff\x7f{}      "])
def test_bytes_that_are_no_message_are_refused(screen: Screen, bad: bytes) -> None:
    screen.load()
    script = """async (bytes) => {
        const { decode } = await import("/live/assets/test/message.js");
        try { decode(new Uint8Array(bytes).buffer); return "read"; } catch (error) { return error.message; }
    }"""
    assert "message" in screen.page.evaluate(script, list(bad))


def test_a_run_trains_pauses_and_steps(screen: Screen) -> None:
    screen.open()
    assert screen.get("ls-state").get_attribute("data-state") == "ready"
    screen.get("ls-train").click()
    screen.until(lambda: screen.ask(f"{HOOKS}.shownStep") > 100)
    assert screen.get("ls-train").inner_text() == "Pause"
    assert screen.get("ls-step").is_disabled()
    screen.get("ls-train").click()
    screen.until(lambda: screen.get("ls-state").get_attribute("data-state") == "paused")
    screen.get("ls-step").click()
    step = screen.harness.runs["one"].step
    screen.until_step(step)
    assert step % 10 == 1
    assert screen.get("ls-readout-step").inner_text() == f"{step:,}"
    assert float(screen.get("ls-readout-loss").inner_text()) == pytest.approx(scalars_at(step)[0], abs=6e-4)
    assert not screen.errors


def test_scrubbing_moves_every_panel_to_that_step(screen: Screen) -> None:
    record(screen.harness, 30)
    screen.open()
    screen.until_step(290)
    assert screen.ask(FIRST_CELL) == pytest.approx(290, abs=0.1)
    screen.get("ls-scrubber").fill("12")
    screen.until_step(120)
    shown = np.array(screen.ask(f"Array.from({BOUNDARY}.data[0].z, (row) => Array.from(row))"))
    np.testing.assert_array_equal(shown.astype(np.float32), boundary_at(120))
    assert "step 120" in screen.get("panel-words").inner_text()
    assert screen.get("ls-readout-step").inner_text() == "120"
    expected = sample_frame(120)["confusion.validation"][0, 0]
    assert screen.get("panel-confusion").locator("tbody td").first.inner_text() == str(expected)
    assert screen.page.locator("[data-testid=panel-loss] .ls-cursor").is_visible()
    screen.get("ls-live").click()
    screen.until_step(290)
    assert not screen.page.locator("[data-testid=panel-loss] .ls-cursor").is_visible()


def test_the_picture_of_the_boundary_changes_with_the_step(screen: Screen) -> None:
    record(screen.harness, 60)
    screen.open()
    surface = screen.page.locator("[data-testid=panel-boundary] .ls-surface")
    screen.until(lambda: screen.ask("document.querySelector('.ls-surface').width") > 100)
    newest = surface.screenshot()
    screen.get("ls-scrubber").fill("0")
    screen.until_step(0)
    assert surface.screenshot() != newest


def test_while_one_looks_back_new_frames_are_recorded_and_not_shown(screen: Screen) -> None:
    record(screen.harness, 20)
    screen.open()
    screen.get("ls-scrubber").fill("5")
    screen.until_step(50)
    screen.harness.call("advance", 10)
    screen.until(lambda: screen.ask(f"{HOOKS}.lastStep") == 200)
    assert screen.ask(f"{HOOKS}.shownStep") == 50
    assert screen.ask(f"{HOOKS}.recorded") == list(range(0, 201, 10))
    assert screen.get("ls-scrubber").input_value() == "5"


def test_keys_scrub_and_train(screen: Screen) -> None:
    record(screen.harness, 40)
    screen.open()
    screen.until_step(390)
    for key, step in (("ArrowLeft", 380), ("Shift+ArrowLeft", 280), ("ArrowRight", 290), ("Home", 0), ("End", 390)):
        screen.press(key)
        screen.until_step(step)
    screen.press(" ")
    screen.until(lambda: screen.get("ls-state").get_attribute("data-state") == "running")
    screen.press(" ")
    screen.until(lambda: screen.get("ls-state").get_attribute("data-state") == "paused")


def test_keys_belong_to_a_field_that_has_the_focus(screen: Screen) -> None:
    record(screen.harness, 5)
    screen.open()
    screen.get("ls-rate").focus()
    for key in (" ", "ArrowLeft", "Home"):
        screen.press(key)
    screen.get("ls-step").click()
    screen.until_step(41)
    assert screen.harness.runs["one"].commands == [("step", None)]


def test_keys_work_wherever_nothing_else_uses_them(screen: Screen) -> None:
    record(screen.harness, 5)
    screen.page.set_viewport_size({"width": 1024, "height": 500})
    screen.open()
    screen.until_step(40)
    # A click on an empty part of Streamlit's page gives the focus to its main part.
    screen.ask("[(place.tabIndex = 0), place.focus({ preventScroll: true })].length")
    screen.press("ArrowLeft")
    screen.until_step(30)
    screen.press(" ")
    screen.until(lambda: screen.state == "running")
    assert screen.ask("window.scrollY") == 0


def test_keys_belong_to_whatever_uses_them(screen: Screen) -> None:
    record(screen.harness, 5)
    screen.open()
    screen.until_step(40)
    for markup in (
        "<textarea></textarea>",
        "<a href='#'>there</a>",
        "<div tabindex='0' role='slider'></div>",
        "<div role='listbox'><div tabindex='0' role='option'></div></div>",
        "<button role='tab'>one</button>",
        "<div contenteditable></div>",
    ):
        screen.page.evaluate(
            """(markup) => {
                document.body.insertAdjacentHTML("beforeend", markup);
                const added = document.body.lastElementChild;
                (added.querySelector("[tabindex]") ?? added).focus();
            }""",
            markup,
        )
        for key in (" ", "ArrowLeft", "Home"):
            screen.press(key)
        assert screen.state == "paused", markup
    screen.get("ls-step").click()
    screen.until_step(41)
    assert screen.harness.runs["one"].commands == [("step", None)]


def test_the_learning_rate_is_sent_within_its_bounds(screen: Screen) -> None:
    screen.open()
    assert screen.get("ls-rate").input_value() == "0.03"
    for typed in ("0.5", "5000"):
        screen.get("ls-rate").fill(typed)
        screen.press("Enter")
    screen.until(lambda: len(screen.harness.runs["one"].commands) == 2)
    assert screen.harness.runs["one"].commands == [("set", "learning_rate=0.5"), ("set", "learning_rate=10")]
    assert screen.get("ls-rate").input_value() == "10"


def test_what_is_no_learning_rate_is_taken_back(screen: Screen) -> None:
    screen.open()
    for typed in ("", "-1", "0", "-0.5e-3"):
        screen.get("ls-rate").fill(typed)
        screen.press("Enter")
        assert screen.get("ls-rate").input_value() == "0.03", typed
    screen.get("ls-step").click()
    screen.until_step(1)
    assert screen.harness.runs["one"].commands == [("step", None)]


def test_the_page_is_told_of_another_learning_rate(screen: Screen) -> None:
    screen.open()
    screen.ask(
        """["0.5", "0.6", "0.7"].forEach((typed) => {
            const field = document.querySelector("[data-testid=ls-rate]");
            field.value = typed;
            field.dispatchEvent(new Event("change", { bubbles: true }));
        })"""
    )
    last = ["set", {"run": "one", "name": "learning_rate", "value": "0.7"}]
    screen.until(lambda: screen.ask("harness.told.at(-1)") == last)
    assert screen.ask("harness.told.length") == 2, "the page is not to run its script for every position"
    # A rate that comes while the field has the focus is shown when it leaves.
    screen.get("ls-rate").focus()
    screen.harness.tell_rate(0.2)
    screen.get("ls-step").click()
    screen.until(lambda: screen.get("ls-rate").input_value() == "0.2")


def test_a_run_that_is_over_can_be_had_again(screen: Screen) -> None:
    screen.open()
    for state in ("stopped", "finished", "crashed", "failed", "interrupted"):
        screen.harness.end("paused", "")
        screen.until(lambda: screen.get("ls-reset").inner_text() == "Reset")
        screen.harness.end(state, "It is over.")
        screen.until(lambda: screen.get("ls-reset").inner_text() == "Again")
    screen.get("ls-reset").click()
    assert screen.ask("harness.told[0]") == ["again", {"run": "one"}]
    assert screen.harness.runs["one"].commands == []
    screen.ask("void harness.update({ run: 'two' })")
    screen.until(lambda: screen.get("ls-reset").inner_text() == "Reset")
    screen.get("ls-reset").click()
    screen.until(lambda: screen.harness.runs["two"].commands == [("reset", None)])


def test_another_run_is_asked_for_until_there_is_one(screen: Screen) -> None:
    screen.open()
    screen.harness.end("stopped", "It is over.")
    screen.until(lambda: screen.get("ls-reset").inner_text() == "Again")
    screen.page.clock.install()
    screen.get("ls-reset").click()
    screen.page.clock.run_for(4_100)
    assert screen.ask("harness.told") == 3 * [["again", {"run": "one"}]]
    screen.ask("void harness.update({ run: 'two' })")
    screen.page.clock.run_for(10_000)
    assert screen.ask("harness.told.length") == 3


def test_the_rate_of_a_run_that_is_over_is_shown(screen: Screen) -> None:
    screen.harness.tell_rate(None)
    screen.open()
    screen.ask("void harness.update({ rate: 0.7 })")
    assert screen.get("ls-rate").input_value() == "0.7"


def test_a_lost_server_leaves_the_picture_and_comes_back(screen: Screen) -> None:
    record(screen.harness, 10)
    screen.open()
    screen.until_step(90)
    screen.harness.drop(refusing=True)
    screen.until(lambda: screen.get("ls-state").inner_text().startswith("Reconnecting"))
    assert screen.get("ls-train").is_disabled()
    assert screen.ask(FIRST_CELL) == pytest.approx(90, abs=0.1)
    screen.harness.call("advance", 10)
    screen.harness.refusing = False
    screen.until_step(100)
    assert screen.ask(f"{HOOKS}.recorded") == list(range(0, 101, 10))


def test_a_reset_forgets_all_steps(screen: Screen) -> None:
    record(screen.harness, 10)
    screen.open()
    screen.get("ls-scrubber").fill("3")
    screen.until_step(30)
    screen.get("ls-reset").click()
    screen.until_step(0)
    assert screen.ask(f"{HOOKS}.recorded") == [0]
    assert screen.ask(FIRST_CELL) == 0


def test_another_run_takes_over_the_panels_that_are_equal(screen: Screen) -> None:
    record(screen.harness, 10)
    screen.open()
    screen.until_step(90)
    card = "document.querySelector('[data-testid=panel-{}]')"
    screen.ask(f"[window.boundary = {BOUNDARY}, window.loss = {card.format('loss')}].length")
    screen.ask(
        """void harness.update({ run: "two", panels: harness.panels().map((panel) =>
            panel.id === "loss" ? { ...panel, title: "Another loss" } : panel) })"""
    )
    screen.until_step(0)
    assert screen.ask(f"window.boundary === {BOUNDARY}")
    assert screen.ask(f"window.loss !== {card.format('loss')}")
    assert screen.ask(f"{HOOKS}.recorded") == [0]
    titles = screen.page.locator(".ls-title").all_inner_texts()
    assert [title.lower() for title in titles[:4]] == ["boundary", "network", "another loss", "score"]


def test_who_watches_has_no_buttons(screen: Screen) -> None:
    screen.open(control="0")
    assert not screen.get("ls-train").is_visible()
    assert not screen.get("ls-rate").is_visible()
    assert screen.page.get_by_text("You are watching").is_visible()
    screen.press(" ")
    assert screen.harness.runs["one"].commands == []


@pytest.mark.parametrize(
    ("state", "message"), [("crashed", "The worker was killed."), ("failed", "The data are gone.")]
)
def test_a_run_that_broke_says_so(screen: Screen, state: str, message: str) -> None:
    screen.open()
    screen.harness.end(state, message)
    alert = screen.page.get_by_role("alert").filter(has_text=message)
    alert.wait_for()
    assert screen.get("ls-state").get_attribute("data-state") == state
    assert screen.get("ls-train").is_disabled()
    assert "ended" in screen.get("ls-train").get_attribute("title")


def test_a_run_that_nobody_knows_is_told(screen: Screen) -> None:
    screen.open()
    screen.ask("void harness.update({ run: 'nowhere' })")
    screen.page.get_by_role("alert").filter(
        has_text="does not know this run any more: Again opens a new one"
    ).wait_for()
    screen.get("ls-reset").click()
    assert screen.ask("harness.told[0]") == ["again", {"run": "nowhere"}]


def test_who_watches_a_run_that_is_gone_is_told_what_to_do(screen: Screen) -> None:
    screen.open(control="0")
    screen.ask("void harness.update({ run: 'nowhere' })")
    screen.page.get_by_role("alert").filter(has_text="reload the page").wait_for()
    assert screen.ask("harness.told") == []


def test_words_from_a_run_never_become_elements(screen: Screen) -> None:
    screen.open(run="hostile")
    screen.until(lambda: "<img" in screen.get("panel-words").inner_text())
    screen.page.locator("[data-testid=panel-network] canvas").focus()
    screen.press("ArrowDown")
    screen.until(lambda: "<img" in screen.page.locator("[data-testid=panel-network] .ls-tooltip").inner_text())
    assert screen.ask("document.querySelectorAll('.ls-panel img, .ls-panel script').length") == 0
    assert screen.ask("window.hacked ?? null") is None
    assert not screen.errors


def test_a_sentence_tells_what_happens(screen: Screen) -> None:
    record(screen.harness, 13)
    screen.open()
    line = screen.get("ls-aria")
    screen.until(lambda: "Step 120, epoch 9.2. Loss 0.6" in line.inner_text())
    assert line.get_attribute("aria-live") == "polite"
    assert "accuracy" in line.inner_text()
    assert "percent" in line.inner_text()


def test_the_tooltip_of_the_net_names_the_tensor_and_its_number(screen: Screen) -> None:
    record(screen.harness, 3)
    screen.open()
    screen.page.locator("[data-testid=panel-network] canvas").focus()
    for _ in range(6):  # four inputs, then the second neuron of the first hidden layer
        screen.press("ArrowDown")
    tooltip = screen.page.locator("[data-testid=panel-network] .ls-tooltip")
    expected = f"{sample_frame(20)['weights.layers.0.weight'][1, 2]:.6g}".replace("-", "−")
    screen.until(lambda: f"layers.0.weight[1, 2] = {expected}" in tooltip.inner_text())


def test_smoothing_adds_a_strong_curve_over_a_faint_one(screen: Screen) -> None:
    record(screen.harness, 40)
    screen.open()
    loss = "document.querySelector('[data-testid=panel-loss] .ls-plot')"
    screen.until(lambda: screen.ask(f"{loss}.data?.[0].y?.length ?? 0") == 40)
    raw = np.array([scalars_at(step)[0] for step in range(0, 400, 10)])
    np.testing.assert_array_equal(screen.ask(f"Array.from({loss}.data[0].y)"), raw)
    screen.get("smoothing-loss").fill("0.9")
    screen.until(lambda: screen.ask(f"{loss}.data[2].visible"))
    mean, expected = 0.0, []
    for count, value in enumerate(raw, start=1):
        mean = 0.9 * mean + 0.1 * value
        expected.append(mean / (1 - 0.9**count))
    np.testing.assert_allclose(screen.ask(f"Array.from({loss}.data[2].y)"), expected, rtol=1e-12)
    assert screen.ask(f"{loss}.data[0].opacity") < 0.5
    screen.get("log-loss").check()
    screen.until(lambda: screen.ask(f"{loss}._fullLayout.yaxis.type") == "log")


def test_a_change_of_theme_reaches_the_plots(screen: Screen) -> None:
    screen.open()
    font = f"{BOUNDARY}._fullLayout?.font.color ?? ''"
    screen.until(lambda: screen.ask(font) != "")
    light = screen.ask(font)
    screen.ask("harness.wear('dark')")
    screen.until(lambda: screen.ask(font) != light)
    assert screen.ask("getComputedStyle(document.querySelector('.ls-card')).backgroundColor") != "rgb(255, 255, 255)"


def test_no_width_makes_the_page_scroll_sideways(screen: Screen) -> None:
    screen.open()
    drawn, place = f"{BOUNDARY}._fullLayout?.width ?? 0", f"{BOUNDARY}.parentElement.clientWidth"
    for width in (1440, 1024, 768, 390):
        screen.page.set_viewport_size({"width": width, "height": 900})
        screen.until(lambda: 0 < screen.ask(drawn) <= screen.ask(place))
        assert screen.ask("document.documentElement.scrollWidth") <= width


def test_nothing_jumps_when_numbers_grow(screen: Screen) -> None:
    screen.open()
    parts = "[...document.querySelectorAll('.ls-card, .ls-readout, .ls-button')]"
    boxes = f"JSON.stringify({parts}.map((part) => part.getBoundingClientRect()))"
    before = screen.ask(boxes)
    screen.harness.call("advance", 123_450)
    screen.until_step(123_450)
    assert screen.ask(boxes) == before


def test_one_steers_while_one_looks_at_the_lowest_panel(screen: Screen) -> None:
    record(screen.harness, 30)
    screen.page.set_viewport_size({"width": 1024, "height": 700})
    screen.open()
    screen.ask("window.scrollTo(0, document.documentElement.scrollHeight)")
    top = "document.querySelector('.ls-top').getBoundingClientRect()"
    screen.until(lambda: screen.ask("window.scrollY") > 500)
    assert 0 <= screen.ask(f"{top}.top") < screen.ask(f"{top}.bottom") < 200
    screen.get("ls-step").click()
    screen.until_step(291)
    screen.harness.end("crashed", "The worker was killed.")
    alert = screen.page.get_by_role("alert").filter(has_text="killed")
    alert.wait_for()
    assert 0 < alert.bounding_box()["y"] < 250  # type: ignore[index]


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


@pytest.mark.parametrize("classes", [2, 3, 5, 8])
def test_a_sure_class_has_its_own_colour_and_not_its_neighbours(screen: Screen, classes: int) -> None:
    screen.load()
    hues = [f"#{index * 30:02x}0000" for index in range(classes)]
    scale = [[(index + end) / classes, hue] for index, hue in enumerate(hues) for end in (0, 1)]
    surest = [index + 0.999 for index in range(classes)]
    painted = screen.page.evaluate(
        """async ([scale, values]) => {
            const { Surface } = await import("/live/assets/test/surface.js");
            const surface = new Surface(0, { colorscale: scale, zmin: 0, zmax: values.length, zsmooth: false });
            const axis = { l2p: (value) => 10 * value, _offset: 0, _length: 100 };
            const data = [{ x: values.map((_, index) => index), y: [0], z: [] }];
            const plot = { data, calcdata: [[{ z: [values] }]], _fullLayout: { xaxis: axis, yaxis: axis } };
            surface.paint(plot, { shape: [1, values.length], values: Float32Array.from(values) });
            const { data: bytes } = surface.cells.getContext("2d").getImageData(0, 0, values.length, 1);
            return values.map((_, index) => bytes[4 * index]);
        }""",
        [scale, surest],
    )
    assert painted == [index * 30 for index in range(classes)]


def test_numbers_keep_their_digits_when_they_get_small(screen: Screen) -> None:
    screen.load()
    written = {0.0: "0.000", 1.0: "1.000", 0.001234: "0.001234", 0.98765: "0.9877", -12.345: "−12.35", 34567.8: "34568"}
    written |= {0.000034: "3.4e−5", 5.2e11: "5.2e11"}
    told = screen.page.evaluate(
        """async (values) => {
            const { short } = await import("/live/assets/test/numbers.js");
            return values.map((value) => short(value));
        }""",
        list(written),
    )
    assert told == list(written.values())


def test_speed_is_that_of_the_run_and_not_of_frames_that_waited(screen: Screen) -> None:
    screen.load()
    told = screen.page.evaluate(
        """async () => {
            const { Speed } = await import("/live/assets/test/readouts.js");
            const speed = new Speed();
            for (let step = 0; step < 4000; step += 40) speed.add(step, 0); // a backlog, read at once
            const told = [];
            for (let at = 40; at <= 4000; at += 40) { // then 500 steps a second
                speed.add(4000 + at / 2, at);
                told.push([at, speed.perSecond]);
            }
            speed.forget();
            return [...told, [0, speed.perSecond]];
        }"""
    )
    assert all(np.isnan(speed) for at, speed in told if at <= 1500)
    assert {round(speed, 6) for at, speed in told if at > 1500} == {500}


def test_a_tensor_of_no_numbers_has_no_scale(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(step: int) -> dict[str, np.ndarray]:
        arrays = sample_frame(step)
        return {n: np.full_like(a, np.nan) if n.startswith("gradient_map") else a for n, a in arrays.items()}

    monkeypatch.setattr("tests.pages.panel_harness.sample_frame", broken)
    screen.open()
    screen.get("panel-map").scroll_into_view_if_needed()
    ends = screen.get("panel-map").locator(".ls-scale span:not(.ls-bar, .ls-shape)")
    screen.until(lambda: ends.all_inner_texts() == ["–", "–"])
    middle = """(() => {
        const canvas = document.querySelector("[data-testid=panel-map] canvas");
        const pixel = canvas.getContext("2d").getImageData(canvas.width / 2 + 3, canvas.height / 2 + 3, 1, 1);
        return [...pixel.data].slice(0, 3);
    })()"""
    assert screen.ask(middle) == [0xD5, 0x5E, 0x00]


def test_when_more_comes_than_can_be_painted_the_newest_is_painted(screen: Screen) -> None:
    screen.open()
    painted, sent = screen.painted or 0, 200
    for _ in range(sent):
        screen.harness.call("advance", 10)
    screen.until_step(10 * sent)
    assert screen.recorded == list(range(0, 10 * sent + 1, 10))
    assert screen.painted - painted < sent


def test_the_legend_hides_and_shows_a_curve(screen: Screen) -> None:
    record(screen.harness, 5)
    screen.open()
    visible = "document.querySelector('[data-testid=panel-loss] .ls-plot')._fullData?.[1]?.visible"
    screen.until(lambda: screen.ask(visible) is True)
    entry = screen.get("panel-loss").get_by_role("button", name="val_loss")
    entry.click()
    screen.until(lambda: screen.ask(visible) is False)
    assert entry.get_attribute("aria-pressed") == "false"
    entry.click()
    screen.until(lambda: screen.ask(visible) is True)
