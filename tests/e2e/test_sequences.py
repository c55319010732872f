"""The sequences lab in a browser: names are learnt, one is typed and read, and a gate on the heatmap is written out."""

import re
from itertools import islice

import pytest
import torch
from playwright.sync_api import expect

from engine.labs.sequences import SequencesSpec
from engine.labs.sequences_experiment import SequencesExperiment
from tests.app_server import AppServer
from tests.e2e.conftest import Visit
from tests.e2e.test_accessibility import COLOURS, found, wear

PLACE = re.compile(r"forget gate of unit (\d+) of layer 1, at step (\d+)", re.IGNORECASE)


@pytest.mark.usefixtures("one_thread")
def test_names_are_learnt_one_is_typed_and_a_gate_is_found_on_the_heatmap(app_server: AppServer, visit: Visit) -> None:
    screen = visit(f"{app_server.url}/sequences?hide=note")
    typed = screen.get("panel-type")
    field = typed.get_by_role("textbox")
    screen.get("ls-train").click()
    screen.until(lambda: screen.last >= 400)
    screen.get("ls-train").click()
    screen.until(lambda: screen.state == "paused")
    screen.until(lambda: screen.shown == screen.last)
    field.fill("Kowalczyk")
    expect(typed).to_contain_text("predicted Polish")
    expect(screen.get("panel-example")).to_contain_text("yours: predicted Polish")

    states = screen.get("panel-states")
    states.scroll_into_view_if_needed()
    states.get_by_role("combobox").select_option(label="forget gate, layer 1")
    canvas = states.locator("canvas").first
    box = canvas.bounding_box()
    assert box
    canvas.click(position={"x": box["width"] / 4, "y": box["height"] / 2})
    told = screen.get("ls-explained")
    expect(told).to_contain_text(PLACE)
    found = PLACE.search(told.inner_text())
    assert found
    unit, at = map(int, found.groups())

    experiment = SequencesExperiment(SequencesSpec())
    next(islice(experiment.steps(), screen.shown, None))
    assert experiment.prepared.vocabulary is not None
    tokens = torch.from_numpy(experiment.prepared.vocabulary.tokens(["Kowalczyk"], 9))
    with torch.no_grad():
        seen = experiment.net.eval().look(tokens)
    value = float(told.locator(".ls-explained-value").get_attribute("title") or "nan")
    assert value == pytest.approx(float(seen.gates["0.ahead.forget"][at][0, unit]), abs=1e-4)
    expect(told).to_contain_text("σ(a) = 1 / (1 + exp(−a))")

    screen.get("ls-scrubber").press("Home")
    screen.until(lambda: screen.shown == 0)
    expect(typed).not_to_contain_text("predicted Polish (9")


def test_axe_finds_nothing_serious(app_server: AppServer, visit: Visit) -> None:
    screen = visit(f"{app_server.url}/sequences")
    screen.page.set_viewport_size({"width": 390, "height": 900})
    screen.get("ls-step").click()
    screen.until(lambda: screen.shown == 1)
    screen.get("panel-type").get_by_role("textbox").fill("Rossini")
    expect(screen.get("panel-type")).to_contain_text("predicted")
    assert not found(screen), "one step and a name, light, 390"
    assert screen.ask("document.documentElement.scrollWidth <= innerWidth")
    screen.page.set_viewport_size({"width": 1440, "height": 1000})
    for table in ("arriving", "states", "unrolled"):
        screen.get(f"table-{table}").click()
    wear(screen, "dark")
    assert not found(screen, COLOURS), "one step and a name, dark, 1440, with tables"
    screen.page.emulate_media(color_scheme="light")
