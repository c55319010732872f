"""The vision lab in a browser: a net learns digits, its filters change, and a number of a feature map is followed."""

import re
from itertools import islice
from typing import Any

import pytest
import torch
from playwright.sync_api import Locator, expect

from engine.labs.vision import VisionSpec
from engine.labs.vision_experiment import VisionExperiment
from pages.ui.lesson import LAYERS_TITLE
from tests.app_server import AppServer
from tests.browser import Screen
from tests.e2e.conftest import Visit
from tests.e2e.test_accessibility import COLOURS, found, wear
from tests.strokes import THREE, draw

FILTERS = "document.querySelector('[data-testid=panel-kernels] .ls-tiles canvas')"
PLACE = re.compile(r"row (\d+), column (\d+) of map (\d+) of c1, for the image looked at", re.IGNORECASE)


def pixels(screen: Screen) -> str:
    """Return the filters as they are painted just now."""
    screen.page.mouse.move(0, 0)  # what lies under it is marked
    screen.get("panel-kernels").scroll_into_view_if_needed()
    screen.until(lambda: screen.ask(f"{FILTERS}?.style.width ?? ''"))
    return screen.ask(f"{FILTERS}.toDataURL()")


@pytest.mark.usefixtures("one_thread")
def test_lenet_learns_its_filters_change_and_a_number_is_what_its_kernel_makes_of_the_image(
    app_server: AppServer, visit: Visit
) -> None:
    screen = visit(f"{app_server.url}/vision?hide=note&image=5")
    untrained = pixels(screen)
    screen.get("ls-train").click()
    screen.until(lambda: screen.last >= 150)
    screen.get("ls-train").click()
    screen.until(lambda: screen.state == "paused")
    screen.until(lambda: screen.shown == screen.last)
    assert pixels(screen) != untrained
    step = screen.shown

    experiment = VisionExperiment(VisionSpec(image=5))
    at = next(islice(experiment.steps(), step, None))
    moment = experiment.observe(at)
    assert float(screen.get("ls-readout-val-loss").inner_text()) == pytest.approx(moment.scalars["val_loss"], rel=2e-3)
    assert moment.scalars["val_score"] > 0.9

    maps = screen.get("panel-maps")
    maps.scroll_into_view_if_needed()
    canvas = maps.locator(".ls-tiles canvas")
    box = canvas.bounding_box()
    assert box
    canvas.click(position={"x": box["width"] / 2 - 30, "y": box["height"] / 2})
    told = screen.get("ls-explained")
    expect(told).to_contain_text(PLACE)
    found = PLACE.search(told.inner_text())
    assert found
    row, column, unit = map(int, found.groups())
    image = experiment.prepared.validation[5]
    inputs = torch.from_numpy(experiment.prepared.inputs(experiment.prepared.images.pixels[[image]]))
    with torch.no_grad():
        made = experiment.net.get_submodule("features.c1")(inputs)[0, unit, row, column]
    value = float(told.locator(".ls-explained-value").get_attribute("title") or "nan")
    assert value == pytest.approx(float(made), abs=1e-4)
    expect(told).to_contain_text("Σ weight · pixel + bias =")

    screen.get("ls-scrubber").press("Home")
    screen.until(lambda: screen.shown == 0)
    screen.until(lambda: pixels(screen) == untrained)


def test_a_three_that_is_drawn_is_told_while_the_net_learns_and_when_it_is_over(
    app_server: AppServer, visit: Visit
) -> None:
    screen = visit(f"{app_server.url}/vision?hide=note&max_epochs=12&image=5")
    told = screen.get("ls-easel-told")
    screen.get("ls-train").click()
    draw(screen, THREE)
    expect(told).to_contain_text("predicted")
    screen.until(lambda: screen.state == "finished")
    expect(told).to_contain_text("predicted 3")
    screen.get("ls-easel-undo").click()
    expect(told).to_contain_text("Draw here")
    draw(screen, THREE)
    expect(told).to_contain_text("predicted 3")
    bars = screen.ask("[...document.querySelector('[data-testid=panel-prediction] .ls-plot').data[0].y]")
    assert bars.index(max(bars)) == 3
    screen.get("ls-scrubber").press("Home")
    screen.until(lambda: screen.shown == 0)
    expect(told).not_to_contain_text("predicted 3 (100%)")
    expect(told).to_contain_text("predicted")


def test_what_is_followed_and_why_stand_open_beside_each_other(app_server: AppServer, visit: Visit) -> None:
    screen = visit(f"{app_server.url}/vision?hide=note")
    screen.get("ls-step").click()
    screen.until(lambda: screen.shown == 1)
    boxes = [screen.page.get_by_test_id("stExpander").filter(has_text=name).first for name in ("Follow one", "Why")]
    for box in boxes:
        box.locator("summary").first.click()
    follow, why = boxes
    expect(why).to_contain_text("Do integrated gradients add up?")
    expect(follow).to_contain_text("What becomes of it")
    expect(screen.page.get_by_test_id("stException")).to_have_count(0)


def test_a_net_of_ones_own_that_does_not_fit_says_which_layer(app_server: AppServer, visit: Visit) -> None:
    screen = visit(f"{app_server.url}/vision?hide=note")
    screen.page.goto(f"{app_server.url}/vision?hide=note&net=own&layers=conv+8+5,pool+40,dense+9")
    expect(screen.get("ls-banner")).to_contain_text("Layer 2, 'pool 40', has '40' in it")
    told = "getComputedStyle(document.querySelector('[data-testid=panel-maps] .ls-body'), '::after').content"
    screen.until(lambda: "has failed" in screen.ask(told))
    layers(screen).click()
    expect(screen.get("stAlertContentWarning")).to_contain_text("Layer 2, 'pool 40', has '40' in it")


def layers(screen: Screen) -> Locator:
    """Return what opens the table of layers."""
    return screen.page.locator("summary").filter(has_text=LAYERS_TITLE)


def test_the_table_of_layers_is_scrolled_within_itself_and_reached_by_tab(app_server: AppServer, visit: Visit) -> None:
    screen = visit(f"{app_server.url}/vision?hide=note&net=resnet")
    screen.page.set_viewport_size({"width": 390, "height": 900})
    layers(screen).focus()
    screen.page.keyboard.press("Enter")
    table = screen.page.get_by_role("region", name="Small ResNet: ")
    expect(table).to_be_visible()
    expect(table.get_by_role("rowheader", name="stages.stage2.block1.around.conv")).to_have_count(1)
    screen.page.keyboard.press("Tab")  # to the choice of the net
    screen.page.keyboard.press("Tab")
    expect(table).to_be_focused()
    screen.page.keyboard.press("ArrowRight")
    screen.until(lambda: table.evaluate("table => table.scrollLeft") > 0)
    assert screen.ask("document.documentElement.scrollWidth <= innerWidth")
    assert not found(screen), "the table, light, 390"
    wear(screen, "dark")
    assert not found(screen, COLOURS), "the table, dark, 390"
    screen.page.emulate_media(color_scheme="light")


def test_what_may_be_brought_is_said_in_full_however_narrow_the_side_bar(app_server: AppServer, visit: Visit) -> None:
    screen = visit(f"{app_server.url}/vision?hide=note")
    screen.page.goto(f"{app_server.url}/vision?hide=note&images=own")
    picker = screen.page.get_by_test_id("stElementContainer").filter(has=screen.page.locator(".ls-picker-said"))
    said = picker.locator(".ls-picker-said")
    expect(said).to_contain_text("a zip with a folder of pictures for each class")
    screen.until(lambda: said.evaluate("said => getComputedStyle(said).overflowWrap") == "anywhere")  # it has its style
    screen.until(lambda: inside(said.bounding_box(), picker.bounding_box()))
    screen.go(f"{app_server.url}/vision?hide=note")  # where there is a run to be left


def inside(inner: Any, outer: Any) -> bool:
    """Tell whether a box lies within another, but for half a pixel."""
    assert inner
    assert outer
    wide, high = (inner["x"] - outer["x"] + inner["width"], inner["y"] - outer["y"] + inner["height"])
    return wide <= outer["width"] + 0.5 and high <= outer["height"] + 0.5


def test_axe_finds_nothing_serious(app_server: AppServer, visit: Visit) -> None:
    screen = visit(f"{app_server.url}/vision")
    screen.page.set_viewport_size({"width": 390, "height": 900})
    screen.get("ls-step").click()
    screen.until(lambda: screen.shown == 1)
    assert not found(screen), "one step, light, 390"
    screen.page.set_viewport_size({"width": 1440, "height": 1000})
    for table in ("maps", "mistakes"):
        screen.get(f"table-{table}").click()
    wear(screen, "dark")
    assert not found(screen, COLOURS), "one step, dark, 1440, with tables"
    assert screen.ask("document.documentElement.scrollWidth <= innerWidth")
    screen.page.emulate_media(color_scheme="light")
