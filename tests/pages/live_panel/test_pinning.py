"""Two steps of one run compared: a step is pinned, and every panel shows what has changed since."""

import json

import numpy as np
import pytest

from engine.data.catalogue import PROBLEMS
from engine.figures.boundary import boundary_panel
from tests.pages.live_panel.conftest import BOUNDARY, FIRST_CELL, Screen, record
from tests.pages.live_panel.samples import boundary_at, opening, sample_frame, scalars_at

LOSS = "document.querySelector('[data-testid=panel-loss] .ls-plot')"


def shown_map(screen: Screen) -> np.ndarray:
    """Return the numbers of the boundary that are on the screen."""
    return np.array(screen.ask(f"Array.from({BOUNDARY}.data[0].z, (row) => Array.from(row))"), np.float32)


def pin(screen: Screen, position: int, then: int) -> None:
    """Pin a step of a run of 30 frames, and look at another."""
    record(screen.harness, 30)
    screen.open()
    screen.until_step(290)
    screen.get("ls-scrubber").fill(str(position))
    screen.until_step(10 * position)
    screen.get("ls-pin").click()
    screen.get("ls-scrubber").fill(str(then))
    screen.until_step(10 * then)


def test_the_map_shows_what_has_changed_since_the_pinned_step_and_its_key_says_so(screen: Screen) -> None:
    pin(screen, 5, 20)
    change = boundary_at(200) - boundary_at(50)
    np.testing.assert_array_equal(shown_map(screen), change)
    key = screen.get("panel-boundary").locator(".ls-key:not([hidden])")
    limit = f"{np.abs(change).max():.3f}"
    assert key.locator("> span").all_inner_texts() == ["change since step 50", f"−{limit}", "", f"+{limit}"]
    assert not screen.page.locator("[data-testid=panel-boundary] .ls-key-entry").first.is_visible()
    # One press, and all is as before.
    screen.get("ls-pin").click()
    screen.until(lambda: screen.ask(FIRST_CELL) == pytest.approx(200, abs=0.1))
    np.testing.assert_array_equal(shown_map(screen), boundary_at(200))
    assert screen.page.locator("[data-testid=panel-boundary] .ls-key-entry").first.is_visible()
    assert not screen.page.locator(".ls-since").first.is_visible()


def test_the_colours_of_a_change_are_symmetric_around_zero(screen: Screen) -> None:
    screen.load()
    painted = screen.page.evaluate(
        """async () => {
            const { Surface } = await import("/live/assets/test/surface.js");
            const { diverging } = await import("/live/assets/test/colours.js");
            const scale = [[0, "#000000"], [1, "#ffffff"]];
            const surface = new Surface(0, { colorscale: scale, zmin: 0, zmax: 1, zsmooth: false });
            const axis = { l2p: (value) => 10 * value, _offset: 0, _length: 100 };
            const data = [{ x: [0, 1, 2, 3], y: [0], z: [] }];
            const plot = { data, calcdata: [[{ z: [[0]] }]], _fullLayout: { xaxis: axis, yaxis: axis } };
            const tensor = { shape: [1, 4], values: Float32Array.from([-0.25, 0, 0.25, NaN]) };
            surface.paint(plot, tensor, { low: -0.25, high: 0.25, colours: diverging });
            const { data: bytes } = surface.cells.getContext("2d").getImageData(0, 0, 4, 1);
            return [0, 1, 2, 3].map((cell) => [...bytes.slice(4 * cell, 4 * cell + 4)]);
        }"""
    )
    less, same, more, none = painted
    assert less[2] > 150 > less[0]
    assert more[0] > 150 > more[2]
    assert less[3] == pytest.approx(more[3], abs=1) == pytest.approx(255, abs=2)
    assert same[3] <= 2
    assert none[3] == 0


def test_numbers_tensors_tables_and_curves_show_the_change(screen: Screen) -> None:
    pin(screen, 5, 25)
    now, then = scalars_at(250), scalars_at(50)
    told = screen.get("ls-readout-loss-change").inner_text()
    assert float(told.replace("−", "-")) == pytest.approx(now[0] - then[0], rel=2e-3)
    assert told[0] in "+−"
    assert screen.get("ls-readout-step-change").inner_text() == "+200"

    cells = screen.get("panel-confusion").locator("tbody td").all_inner_texts()
    counts = sample_frame(250)["confusion.validation"] - sample_frame(50)["confusion.validation"]
    assert counts[0, 0] == 1
    assert [cells[0], cells[1], cells[2]] == ["+1", "−1", "0"]

    axis = f"{LOSS}._fullLayout.xaxis"
    for line, step in ((".ls-pinned", 50), (".ls-cursor", 250)):
        place = screen.page.locator(f"[data-testid=panel-loss] {line}")
        left = screen.ask(f"{axis}._offset + {axis}.l2p({step})")
        screen.until(
            lambda place=place, left=left: (
                place.evaluate("line => parseFloat(line.style.left)") == pytest.approx(left, abs=0.5)
            )
        )
        assert place.is_visible()

    screen.get("panel-map").scroll_into_view_if_needed()
    ends = screen.get("panel-map").locator(".ls-scale span:not(.ls-bar)")
    name = "gradient_map.layers.0.weight"
    most = np.abs(sample_frame(250)[name] - sample_frame(50)[name]).max()
    screen.until(lambda: ends.all_inner_texts()[2] == "change since step 50")
    low, high, _ = ends.all_inner_texts()
    assert float(high) == pytest.approx(most, rel=5e-3)
    assert low == f"−{high}"


def test_the_net_tells_how_a_weight_has_changed(screen: Screen) -> None:
    pin(screen, 5, 20)
    screen.page.locator("[data-testid=panel-network] canvas").focus()
    for _ in range(6):
        screen.press("ArrowDown")
    tooltip = screen.page.locator("[data-testid=panel-network] .ls-tooltip")
    now, then = (sample_frame(step)["weights.layers.0.weight"][1, 2] for step in (200, 50))
    change = f"{now - then:+.6g}".replace("-", "−")
    screen.until(lambda: f"layers.0.weight[1, 2] = {now:.6g} ({change})".replace("= -", "= −") in tooltip.inner_text())
    assert "change since step 50" in screen.get("panel-network").inner_text()


def test_a_reset_unpins(screen: Screen) -> None:
    pin(screen, 5, 20)
    assert screen.get("ls-pin").inner_text() == "Unpin"
    screen.get("ls-reset").click()
    screen.until_step(0)
    assert screen.get("ls-pin").inner_text() == "Pin"
    assert screen.ask(FIRST_CELL) == 0


def test_the_pin_stays_while_the_run_goes_on(screen: Screen) -> None:
    pin(screen, 5, 20)
    screen.get("ls-live").click()
    screen.until_step(290)
    screen.harness.call("advance", 10)
    screen.until_step(300)
    np.testing.assert_array_equal(shown_map(screen), boundary_at(300) - boundary_at(50))


def test_a_line_shows_the_pinned_one_dashed_beside_it(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    def on_a_line(step: int) -> dict[str, np.ndarray]:
        return sample_frame(step) | {"line.value": boundary_at(step)[0]}

    monkeypatch.setattr("tests.pages.live_panel.harness.sample_frame", on_a_line)
    record(screen.harness, 3)
    screen.open()
    shown = json.dumps([boundary_panel(PROBLEMS["line"]).to_json()]).replace("boundary.value", "line.value")
    screen.ask(f"void harness.update({{ panels: {shown} }})")
    screen.until(lambda: screen.ask(f"{BOUNDARY}.data?.length ?? 0") == 4)
    twin = f"{BOUNDARY}.data[3]"
    assert screen.ask(f"{twin}.visible") is False
    screen.get("ls-pin").click()
    screen.press("Home")
    screen.until_step(0)
    screen.until(lambda: screen.ask(f"{twin}.visible") is True)
    assert screen.ask(f"{twin}.line.dash") == "dash"
    for line, step in ((f"{BOUNDARY}.data[0]", 0), (twin, 20)):
        np.testing.assert_array_equal(
            np.array(screen.ask(f"Array.from({line}.y)"), np.float32), on_a_line(step)["line.value"]
        )
        np.testing.assert_array_equal(np.array(screen.ask(f"Array.from({line}.x)"), np.float32), opening()["axis.x"])


def test_changes_are_worked_out_from_the_arrays_of_both_steps(screen: Screen) -> None:
    screen.load()
    units, size = 3, 4
    draw = np.random.default_rng(3)
    steps = []
    for _ in range(2):
        levels = draw.integers(0, 256, (units, size, size), dtype=np.uint8)
        low = draw.normal(size=units).astype(np.float32)
        steps.append((levels, low, low + draw.uniform(0.1, 4, units).astype(np.float32)))
    told = screen.page.evaluate(
        """async (steps) => {
            const { changeOfMaps, changedClasses, largest, subtract } = await import("/live/assets/test/difference.js");
            const messages = steps.map(([maps, low, high, shape]) => ({ arrays: new Map([
                ["neurons.maps", { shape, values: Uint8Array.from(maps) }],
                ["neurons.low", { shape: [low.length], values: Float32Array.from(low) }],
                ["neurons.high", { shape: [high.length], values: Float32Array.from(high) }],
            ]) }));
            const { change, limits } = changeOfMaps(...messages);
            const floats = (...values) => ({ shape: [values.length], values: Float32Array.from(values) });
            return {
                change: [...change.values], limits: [...limits],
                classes: [...changedClasses(floats(0.2, 1.9, 2.5), floats(0.9, 0.1, 2.1)).values],
                largest: [largest([1, -3, NaN, Infinity]), largest([])],
                misfits: [subtract(floats(1), floats(1, 2)), subtract(undefined, floats(1))],
            };
        }""",
        [[levels.ravel().tolist(), low.tolist(), high.tolist(), [units, size, size]] for levels, low, high in steps],
    )
    then, now = ((low[:, None, None] + levels / 255 * (high - low)[:, None, None]) for levels, low, high in steps)
    change = np.array(told["change"]).reshape(units, size, size)
    np.testing.assert_allclose(change, then - now, atol=1e-6)
    np.testing.assert_allclose(told["limits"], np.abs(change).max(axis=(1, 2)))
    assert [told["classes"][0], told["classes"][2]] == [pytest.approx(np.nan, nan_ok=True)] * 2
    assert told["classes"][1] == pytest.approx(1.999)
    assert told["largest"] == [3, 0]
    assert told["misfits"] == [None, None]
