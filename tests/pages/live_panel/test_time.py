"""A run as it goes on, and the way back through it."""

import numpy as np
import pytest

from tests.pages.live_panel.conftest import BOUNDARY, FIRST_CELL, HOOKS, Screen, record
from tests.pages.live_panel.harness import STEPS_A_SECOND
from tests.pages.live_panel.samples import boundary_at, sample_frame, scalars_at


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
    # Steps come ten at a time while it trains: one more is the click's.
    screen.until(lambda: screen.harness.runs["one"].step % 10 == 1)
    step = screen.harness.runs["one"].step
    screen.until_step(step)
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


def test_the_speed_is_that_of_the_run_and_not_of_a_burst_nor_of_an_old_step(screen: Screen) -> None:
    record(screen.harness, 50)
    screen.harness.end("running", "")
    screen.open()
    speed = screen.get("ls-readout-speed")
    screen.until(lambda: speed.inner_text() != "–")
    assert speed.inner_text() == str(STEPS_A_SECOND)
    screen.get("ls-scrubber").fill("5")
    screen.until(lambda: speed.inner_text() == "–")
    screen.until_step(50)
    screen.get("ls-live").click()
    screen.until(lambda: speed.inner_text() == str(STEPS_A_SECOND))
    screen.get("ls-train").click()
    screen.until(lambda: screen.state == "paused")
    screen.until(lambda: speed.inner_text() == "–")


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


@pytest.mark.parametrize("width", [1440, 390])
def test_who_looks_back_is_told_how_far_the_run_is(screen: Screen, width: int) -> None:
    screen.page.set_viewport_size({"width": width, "height": 900})
    record(screen.harness, 20)
    screen.open()
    label = screen.get("ls-step-label")
    parts = ".ls-top, .ls-step-label, .ls-scrubber input, .ls-live"
    boxes = f"JSON.stringify([...document.querySelectorAll('{parts}')].map((part) => part.getBoundingClientRect()))"
    screen.until(lambda: label.text_content() == "Step 190")
    before = screen.ask(boxes)
    screen.get("ls-scrubber").fill("5")
    screen.until(lambda: label.text_content() == "Step 50 of 190")
    screen.harness.call("advance", 123_266)
    screen.until(lambda: label.text_content() == "Step 50 of 123,456")
    assert screen.ask(boxes) == before
    room = "document.querySelector('.ls-step-label')"
    assert screen.ask(f"{room}.scrollWidth <= {room}.clientWidth && {room}.scrollHeight <= {room}.clientHeight")
    screen.get("ls-live").click()
    screen.until(lambda: label.text_content() == "Step 123,456")
    assert screen.ask(boxes) == before


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


def test_when_more_comes_than_can_be_painted_the_newest_is_painted(screen: Screen) -> None:
    screen.open()
    painted, sent = screen.painted or 0, 200
    screen.harness.call("flood", sent)
    screen.until_step(10 * sent)
    assert screen.recorded == list(range(0, 10 * sent + 1, 10))
    assert screen.painted - painted < sent


def test_the_page_is_told_at_which_step_one_stays_and_when_one_follows_again(screen: Screen) -> None:
    record(screen.harness, 30)
    screen.open()
    screen.until_step(290)
    looked = "harness.told.filter(([event]) => event === 'look')"
    with screen.time_stands_still() as pass_time:
        for position in (3, 7, 12):
            screen.get("ls-scrubber").fill(str(position))
        pass_time(400)
        assert screen.ask(looked) == []
        pass_time(200)
        assert screen.ask(looked) == [["look", {"run": "one", "step": 120}]]
        screen.get("ls-live").click()
        pass_time(600)
        assert screen.ask(f"{looked}.slice(1)") == [["look", {"run": "one", "step": None}]]
        screen.get("ls-live").click()
        pass_time(600)
        assert screen.ask(f"{looked}.length") == 2, "it is there already"
