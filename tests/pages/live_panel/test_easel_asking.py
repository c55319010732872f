"""The easel and the net: it is asked about what is drawn, and its answer stands in all panels."""

from itertools import pairwise

import numpy as np
import pytest
from playwright.sync_api import expect

from engine.figures.comparison import side_by_side
from engine.figures.panel import TilesPanel
from tests.pages.live_panel.conftest import Screen
from tests.pages.live_panel.easel import EMPTY, SIDE, Easel, is_empty, panels
from tests.pages.live_panel.samples import tiles_at
from tests.pages.live_panel.tiles import C1, diverging, same_colours, until_drawn


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


def test_of_a_long_stroke_only_the_newest_is_asked_about(easel: Easel) -> None:
    run = easel.screen.harness.runs["one"]
    run.silent = True
    with easel.screen.time_stands_still() as wait:  # what is not answered for seconds is asked about again
        for y in (0.1, 0.3, 0.5, 0.7, 0.9):
            easel.draw((0.1, y), (0.9, y))
            wait(100)
        assert easel.screen.ask("window.questions") == 2, "no more than two are on their way"
    easel.screen.until(lambda: len(run.questions) == 2)
    run.silent = False
    assert easel.until_told()[round(0.9 * SIDE), SIDE // 2] == 255, "in the end it is asked about all of it"


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
    screen.until(lambda: run.heard[-1] == 10, patience=4.5)  # it has thought for a second, and would rest for five


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


def test_while_the_net_of_another_step_is_asked_all_that_was_recorded_of_that_step_is_shown(screen: Screen) -> None:
    easel = Easel(screen, frames=4)
    filters = TilesPanel("filters", "Filters", 6, 300, "", "Filters.", (C1,), signed=True)
    easel.show((*panels(), filters))
    easel.draw((0.3, 0.3), (0.6, 0.6))
    easel.until_told()
    screen.harness.runs["one"].silent = True
    screen.press("Home")
    expect(easel.told).to_have_text("The net of step 0 is being asked …")
    values = tiles_at(0)[C1].astype(np.float64)
    colours = diverging(values, np.abs(values).max(axis=(2, 3), keepdims=True))
    until_drawn(screen, "filters", values.shape, lambda found: same_colours(found, colours))
    expect(screen.get("panel-filters").locator(".ls-nothing")).to_be_hidden()


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
