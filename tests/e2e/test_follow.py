"""A number that is followed through a trained LeNet in a browser: a product is checked by hand, cells are clicked."""

import re
from itertools import islice
from urllib.parse import parse_qs

import numpy as np
import pytest
import torch
from playwright.sync_api import Locator, expect

from engine.labs.vision import VisionSpec
from engine.labs.vision_experiment import VisionExperiment
from tests.app_server import AppServer
from tests.browser import Screen
from tests.e2e.conftest import Visit
from tests.e2e.test_accessibility import COLOURS, found, wear

UNIT, ROW, COLUMN = 5, 3, 6


def number(text: str) -> float:
    return float(text.strip("() .").replace(",", "").replace("−", "-"))


def section(screen: Screen) -> Locator:
    return screen.page.get_by_test_id("stExpander").filter(has_text="Follow one number").first


def said(screen: Screen, label: str) -> list[str]:
    """Return what stands in the fields of a label that are seen: Streamlit may keep an old one, hidden, for long."""
    fields = section(screen).get_by_label(label, exact=True)
    return fields.evaluate_all("all => all.filter((one) => one.checkVisibility()).map((one) => one.value)")


def nets_own(screen: Screen) -> float:
    """Return the number that the net itself is said to have."""
    sentences = section(screen).get_by_text(re.compile("it has .* there"))
    told = "".join(
        sentences.evaluate_all("all => all.filter((one) => one.checkVisibility()).map((one) => one.innerText)")
    )
    return number(told.partition("it has ")[2].partition(" there")[0] or "nan")


def click(chart: Locator, across: float, down: float) -> None:
    """Click on a figure, so far from its left and its upper side."""
    inside = chart.locator(".nsewdrag").first
    inside.scroll_into_view_if_needed()
    box = inside.bounding_box()
    assert box
    inside.click(position={"x": box["width"] * across, "y": box["height"] * down})


def asked(screen: Screen) -> dict[str, str]:
    """Return what the address says of the number that is followed."""
    names = parse_qs(screen.ask("location.search.slice(1)"))
    return {name.removeprefix("follow."): texts[0] for name, texts in names.items() if name.startswith("follow.")}


@pytest.mark.usefixtures("one_thread")
def test_a_number_of_lenets_second_convolution_is_followed_and_a_product_is_right(
    app_server: AppServer, visit: Visit
) -> None:
    place = f"follow.layer=features.c3&follow.unit={UNIT}&follow.row={ROW}&follow.column={COLUMN}"
    screen = visit(f"{app_server.url}/vision?hide=note&panels=image&image=5&{place}")
    expect(section(screen)).to_contain_text("at step 0")
    screen.get("ls-train").click()
    screen.until(lambda: screen.last >= 60)
    screen.get("ls-train").click()
    screen.until(lambda: screen.state == "paused")
    screen.until(lambda: screen.shown == screen.last)
    step = screen.shown
    expect(section(screen)).to_contain_text(f"at step {step:,}.")  # a net that holds still is followed
    screen.until(lambda: section(screen).locator(".ls-products td:visible").count() == 25)

    experiment = VisionExperiment(VisionSpec(image=5))
    next(islice(experiment.steps(), step, None))
    image = experiment.prepared.images.pixels[experiment.prepared.validation[[5]]]
    features = experiment.net.eval().get_submodule("features")
    with torch.no_grad():
        x = torch.from_numpy(experiment.prepared.inputs(image))
        seen = features[:3](x)  # type: ignore[index]
        made = features[:4](x)[0].numpy()  # type: ignore[index]
    kernel = experiment.net.get_parameter("features.c3.weight")[UNIT].detach().numpy()
    under = seen[0, :, ROW : ROW + 5, COLUMN : COLUMN + 5].numpy()
    channel = int(np.abs((under * kernel).sum(axis=(1, 2))).argmax())
    expect(section(screen)).to_contain_text(f"The 25 products of map {channel} of s2 add up to")
    cell = section(screen).locator(".ls-products td:visible").nth(5 * 2 + 1)
    ones, other = map(number, cell.locator("small").inner_text().split(" × "))
    product = number(cell.locator("b").inner_text())
    assert ones == pytest.approx(float(under[channel, 2, 1]), rel=1e-3)
    assert other == pytest.approx(float(kernel[channel, 2, 1]), rel=1e-3)
    assert product == pytest.approx(ones * other, rel=2e-3, abs=1e-6)
    assert nets_own(screen) == pytest.approx(float(made[UNIT, ROW, COLUMN]), rel=1e-3, abs=1e-4)

    output = screen.page.get_by_test_id("stColumn").filter(has_text=re.compile("^Output, map"), visible=True).first
    click(output.get_by_test_id("stPlotlyChart"), 7.5 / 10, 1.5 / 10)
    screen.until(lambda: (asked(screen).get("row"), asked(screen).get("column")) == ("1", "7"))
    screen.until(lambda: said(screen, "Column of the output") == ["7"])
    screen.until(lambda: nets_own(screen) == pytest.approx(float(made[UNIT, 1, 7]), rel=1e-3, abs=1e-4))

    wall = section(screen).get_by_test_id("stPlotlyChart").filter(visible=True).first
    click(wall, 0.5 / 8, 0.75)  # the first map of the second of two rows
    screen.until(lambda: asked(screen).get("unit") == "8")
    screen.until(lambda: said(screen, "Map") == ["8"])
    screen.until(lambda: nets_own(screen) == pytest.approx(float(made[8, 1, 7]), rel=1e-3, abs=1e-4))

    section(screen).get_by_role("button", name=re.compile("^Back to")).click()
    screen.until(lambda: asked(screen).get("layer") == "features.s2")
    expect(section(screen)).to_contain_text("Max pooling: the largest of 2 × 2")


def test_axe_finds_nothing_serious(app_server: AppServer, visit: Visit) -> None:
    screen = visit(f"{app_server.url}/vision?hide=note&panels=image&follow.layer=features.c3")
    screen.page.set_viewport_size({"width": 390, "height": 900})
    expect(section(screen)).to_contain_text("What becomes of it")
    assert not found(screen), "a convolution, light, 390"
    assert screen.ask("document.documentElement.scrollWidth <= innerWidth")
    screen.page.set_viewport_size({"width": 1440, "height": 1000})
    section(screen).get_by_text("c5 · dense").click()
    expect(section(screen)).to_contain_text("Those that count most come first.")
    wear(screen, "dark")
    assert not found(screen, COLOURS), "a dense layer, dark, 1440"
    screen.page.emulate_media(color_scheme="light")
