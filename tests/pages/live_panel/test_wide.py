"""The weights that lead from the inputs straight to the outputs, in the drawing of a wide and deep net."""

import json

import numpy as np
import pytest

from tests.pages.live_panel.conftest import Screen
from tests.pages.live_panel.samples import UNITS, sample_frame, sample_panels
from tests.pages.live_panel.test_asking import asked, until_told
from tests.pages.live_panel.test_tables import tables

WIDE = "weights.wide.weight"
VALUES = np.array([[0.5, -1.5, 2.5, -0.25]], np.float32)
PLAN = f"""(async () => {{
    const {{ planNet, curvesOf, edgeAt }} = await import("/live/assets/test/netplan.js");
    const scroller = document.querySelector("[data-testid=panel-network] .ls-scroller");
    const plan = planNet({list(UNITS)}, scroller.clientWidth, scroller.clientHeight, true);
    const edges = [0, 1, 2, 3].map((column) => ({{ layer: {len(UNITS) - 1}, row: 0, column }}));
    const lanes = edges.map((edge) => curvesOf(plan, edge)[1]);
    const lowest = Math.max(...plan.layers.flat().map(({{ y }}) => y + plan.size));
    const found = lanes.map(({{ x0, x1, y0 }}) => edgeAt(plan, (x0 + x1) / 2, y0));
    return {{ lanes, lowest, found, height: plan.height, room: scroller.clientHeight }};
}})()"""


@pytest.fixture
def wide(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> Screen:
    """Open the panel on a net with a wide part."""
    monkeypatch.setattr(
        "tests.pages.live_panel.harness.sample_frame", lambda step: {**sample_frame(step), WIDE: VALUES}
    )
    panels = [{**panel.to_json(), **({"wide": WIDE} if panel.id == "network" else {})} for panel in sample_panels()]
    screen.open()
    screen.ask(f"void harness.update({{ panels: {json.dumps(panels)} }})")
    screen.get("panel-network").scroll_into_view_if_needed()
    return screen


def test_straight_weights_pass_below_all_neurons_each_in_its_lane(wide: Screen) -> None:
    plan = wide.ask(PLAN)
    heights = [lane["y0"] for lane in plan["lanes"]]
    assert all(lane["y0"] == lane["y1"] for lane in plan["lanes"])
    assert plan["lowest"] < min(heights) < max(heights) < plan["height"] <= plan["room"]
    assert np.diff(heights).min() > 5
    assert [edge["column"] for edge in plan["found"]] == [0, 1, 2, 3]
    assert {edge["layer"] for edge in plan["found"]} == {len(UNITS) - 1}


def test_a_straight_weight_is_drawn_in_its_colour_told_and_asked_about(wide: Screen) -> None:
    lanes = wide.ask(PLAN)["lanes"]
    canvas = wide.get("panel-network").locator("canvas")
    wide.until(lambda: canvas.get_attribute("style"))
    for column, (lane, value) in enumerate(zip(lanes, VALUES[0].tolist(), strict=True)):
        x, y = (lane["x0"] + lane["x1"]) / 2, lane["y0"]
        blue = f"""(() => {{
            const canvas = document.querySelector("[data-testid=panel-network] canvas");
            const scale = canvas.width / canvas.clientWidth;
            const [red, , blue, alpha] = canvas.getContext("2d").getImageData({x} * scale, {y} * scale, 1, 1).data;
            return alpha ? blue > red : null;
        }})()"""
        wide.until(lambda blue=blue, value=value: wide.ask(blue) is (value < 0))
        canvas.click(position={"x": x, "y": y})
        until_told(wide, value)
        assert asked(wide)[-1] == {"step": 0, "array": WIDE, "index": [0, column]}
        wide.get("ls-explained").get_by_role("button", name="Close").click()


def test_straight_weights_are_in_the_table_and_told_by_keys(wide: Screen) -> None:
    wide.get("table-network").click()
    wide.until(lambda: any("wide.weight" in table["caption"] for table in tables(wide, "network")))
    table = tables(wide, "network")[-1]
    assert table["rows"] == [["0", "0.5000", "−1.500", "2.500", "−0.2500"]]
    wide.get("table-network").click()
    canvas = wide.get("panel-network").locator("canvas")
    canvas.press("ArrowDown")
    canvas.press("ArrowUp")
    said = wide.get("panel-network").locator(".ls-tooltip")
    wide.until(lambda: "wide.weight[0, 2] = 2.5" in said.inner_text())


def test_a_net_without_them_has_no_lanes(screen: Screen) -> None:
    screen.open()
    assert screen.ask(
        f"""(async () => {{
            const {{ planNet }} = await import("/live/assets/test/netplan.js");
            const [plain, wide] = [false, true].map((wide) => planNet({list(UNITS)}, 600, 380, wide));
            return plain.lanes === null && plain.height === wide.height && plain.size >= wide.size;
        }})()"""
    )
