"""Why, in a browser: a net that has learnt is asked, its numbers are those of its weights, and all can read it."""

import re
from itertools import islice

import pytest
from playwright.sync_api import expect

from engine.jobs.arrays import unpacked
from engine.labs.vision import VisionSpec
from engine.labs.vision_experiment import VisionExperiment
from engine.labs.vision_units import patches
from engine.labs.vision_why import pixels
from engine.labs.why_spec import PixelsSpec, UnitSpec
from tests.app_server import AppServer
from tests.browser import Screen
from tests.e2e.conftest import Visit
from tests.e2e.test_accessibility import COLOURS, SHAPES, found, wear
from tests.engine.labs.test_vision_why import done

WHY = "[class*=st-key-vision-why]"
"""The section; the page around it is held to axe by the tests of the lab."""
NUMBER = re.compile(r"−?\d+\.\d{4}")


@pytest.mark.usefixtures("one_thread")
def test_a_net_that_has_learnt_is_asked_why(app_server: AppServer, visit: Visit) -> None:
    screen = visit(f"{app_server.url}/vision?hide=note&image=5")
    page = screen.page
    screen.get("ls-train").click()
    screen.until(lambda: screen.last >= 100)
    screen.get("ls-train").click()
    screen.until(lambda: screen.state == "paused")
    screen.until(lambda: screen.shown == screen.last)
    step = screen.shown
    box = page.get_by_test_id("stExpander").filter(has=page.get_by_text("Why", exact=True))
    box.locator("summary").first.click()
    expect(box.get_by_text(f"The net at step {step}")).to_be_visible()

    experiment = VisionExperiment(VisionSpec(image=5))
    next(islice(experiment.steps(), step, None))
    told = done(pixels(experiment, 5, "told", PixelsSpec()))
    whole = told["completeness"]
    table = box.locator(".ls-numbers").first
    expect(table).to_contain_text("all pixels together")
    seen = [float(one.replace("−", "-")) for one in NUMBER.findall(table.inner_text())]
    difference = whole["picture"] - whole["baseline"]
    expected = (whole["picture"], whole["baseline"], difference, whole["sum"], whole["gap"])
    assert seen == pytest.approx(expected, abs=2e-4)
    assert seen[3] - seen[2] == pytest.approx(seen[4], abs=2e-4), "what is shown adds up"
    expect(box.get_by_test_id("stPlotlyChart")).to_have_count(6)
    assert_all_can_read(screen, "pixels")

    page.get_by_text("Where it forgets", exact=True).click()
    expect(box.get_by_text("How alike each map is to that of the net as it learnt")).to_be_visible()
    assert_all_can_read(screen, "forgetting")

    page.get_by_text("What excites a unit", exact=True).click()
    expect(box.get_by_text("An input that is made to excite it")).to_be_visible()
    shots = box.locator(".ls-wall img")
    expect(shots).to_have_count(11)
    best = unpacked(done(patches(experiment, "features.c1", UnitSpec()))["values"])[0]
    captions = [float(one.replace("−", "-")) for one in box.locator(".ls-wall figcaption b").all_inner_texts()[:9]]
    assert captions == pytest.approx(best.tolist(), rel=1e-3)
    assert all(screen.ask("[...document.querySelectorAll('.ls-wall img')].map((one) => one.naturalWidth > 0)"))
    assert_all_can_read(screen, "unit")


def assert_all_can_read(screen: Screen, what: str) -> None:
    """Hold the section to axe, in both themes, and see that nothing sticks out on a telephone."""
    assert not found(screen, SHAPES, WHY), what
    wear(screen, "dark")
    assert not found(screen, COLOURS, WHY), f"{what}, dark"
    wear(screen, "light")
    wide = screen.page.viewport_size
    screen.page.set_viewport_size({"width": 390, "height": 900})
    assert not found(screen, COLOURS, WHY), f"{what}, 390"
    assert screen.ask("document.documentElement.scrollWidth <= innerWidth"), what
    assert wide is not None
    screen.page.set_viewport_size(wide)
