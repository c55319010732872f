"""Plots and tensors as they are drawn."""

import json

import numpy as np
import pytest

from engine.data.catalogue import PROBLEMS
from engine.figures.boundary import boundary_panel
from engine.figures.curves import loss_panel
from engine.figures.gradients import size_panel
from tests.pages.live_panel.conftest import BOUNDARY, HOOKS, Screen, record
from tests.pages.live_panel.samples import sample_frame, sample_panels, scalars_at


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


def test_cards_lie_in_the_order_of_their_panels_while_panels_come_and_go(screen: Screen) -> None:
    screen.open()
    screen.ask("void (window.first = [...document.querySelectorAll('.ls-card')], window.all = harness.panels())")
    count = len(sample_panels())
    for panels, kept in (
        ("all.filter(({ id }) => id !== 'network' && id !== 'words')", count - 2),
        ("all.map((panel) => panel.id === 'score' ? { ...panel, width: 12 } : panel)", count - 3),
        ("[all[2], all[9], ...all.slice(4, 9), { ...all[1], title: 'Another' }, ...all.slice(10), all[0]]", count - 3),
    ):
        screen.ask(f"void harness.update({{ panels: {panels} }})")
        cards = "[...document.querySelectorAll('.ls-card')]"
        shown = screen.ask(f"{cards}.map((card) => card.dataset.testid)")
        assert shown == screen.ask("harness.panels().map(({ id }) => `panel-${id}`)")
        assert screen.ask(f"{cards}.filter((card) => first.includes(card)).length") == kept, "a card was made anew"


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


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_a_plane_is_not_stretched_and_its_surface_lies_between_its_axes(screen: Screen, width: int) -> None:
    screen.page.set_viewport_size({"width": width, "height": 900})
    screen.open()
    shown = json.dumps([boundary_panel(PROBLEMS["circle"]).to_json()])
    screen.ask(f"void harness.update({{ panels: {shown} }})")
    surface = "document.querySelector('[data-testid=panel-boundary] .ls-surface')"

    def lies() -> bool:
        """Tell whether a unit is as long up as across, and the ends of the surface are those of the grid."""
        drawn, corner, axes = screen.ask(
            f"""[{surface}, {BOUNDARY}].map((part) => part.getBoundingClientRect())
                .map((box) => [box.left, box.top, box.width, box.height])
                .concat([["xaxis", "yaxis"].map((name) => {BOUNDARY}._fullLayout?.[name] ?? {{ range: [0, 0] }})
                    .map((axis) => [axis._offset, axis._length, axis.range[1] - axis.range[0]])])"""
        )
        (left, wide, x), (top, high, y) = axes
        if not x or not drawn[2]:
            return False
        ground = [corner[0] + left, corner[1] + top, wide, high]
        fits = 12 < x < 15 > y > 12  # not much more than the grid's 12: points at its edge have a size
        return fits and wide / x == pytest.approx(high / y, rel=0.01) and drawn == pytest.approx(ground, abs=1)

    screen.until(lies, patience=60)
    screen.page.set_viewport_size({"width": width - 40, "height": 900})
    screen.until(lies, patience=60)
    screen.ask("harness.wear('dark')")
    screen.until(lies, patience=60)


def test_a_change_of_theme_reaches_the_plots(screen: Screen) -> None:
    screen.open()
    font = f"{BOUNDARY}._fullLayout?.font.color ?? ''"
    rims = f"{BOUNDARY}._fullData.slice(1).map(({{ marker }}) => marker.line.color)"
    screen.until(lambda: screen.ask(font) != "")
    light = screen.ask(font)
    assert screen.ask(rims) == ["rgb(255, 255, 255)", "rgb(28, 38, 48)"]
    screen.ask("harness.wear('dark')")
    screen.until(lambda: screen.ask(font) != light)
    assert screen.ask(rims) == ["rgb(18, 23, 29)", "rgb(228, 233, 238)"]
    assert screen.ask("getComputedStyle(document.querySelector('.ls-card')).backgroundColor") != "rgb(255, 255, 255)"


def test_a_tensor_of_no_numbers_has_no_scale(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(step: int) -> dict[str, np.ndarray]:
        arrays = sample_frame(step)
        return {n: np.full_like(a, np.nan) if n.startswith("gradient_map") else a for n, a in arrays.items()}

    monkeypatch.setattr("tests.pages.live_panel.harness.sample_frame", broken)
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


def test_a_neuron_lets_the_paper_through_where_it_is_near_zero(screen: Screen) -> None:
    screen.load()
    pixels = screen.page.evaluate(
        """async () => {
            const { NeuronMaps } = await import("/live/assets/test/neuronmaps.js");
            const maps = new NeuronMaps();
            const values = Uint8Array.from([0, 64, 128, 255]);
            maps.update({ shape: [1, 1, 4], values }, [-2], [2]);
            return [...maps.context.getImageData(0, 0, 4, 1).data];
        }"""
    )
    strongest, half, zero, positive = (pixels[place : place + 4] for place in (0, 4, 8, 12))
    assert zero[3] <= 2
    assert half[3] == pytest.approx(128, abs=3)
    assert strongest[2] > 150 > strongest[0]
    assert positive[0] > 150 > positive[2]
    assert strongest[3] == positive[3] == pytest.approx(255, abs=2)


def test_a_key_tells_what_colours_mean(screen: Screen) -> None:
    screen.open()
    key = screen.get("panel-boundary").get_by_role("group", name="Colours")
    assert key.locator(".ls-key-entry").all_inner_texts() == ["class 0", "class 1"]
    swatches = "[...document.querySelectorAll('.ls-key .ls-swatch')].map((dot) => getComputedStyle(dot).borderTopColor)"
    assert screen.ask(swatches) == ["rgb(0, 114, 178)", "rgb(213, 94, 0)"]
    assert key.get_by_role("button").count() == 0
    bar = {"colours": ["rgb(0, 0, 255)", "rgb(255, 0, 0)"], "names": ["−1", "1"], "bar": True}
    screen.ask(f"void harness.update({{ panels: [{{ ...harness.panels()[0], key: {json.dumps(bar)} }}] }})")
    screen.until(lambda: key.locator("> span").all_inner_texts() == ["−1", "", "1"])
    painted = screen.ask("getComputedStyle(document.querySelector('.ls-key .ls-bar')).backgroundImage")
    assert painted == "linear-gradient(to right, rgb(0, 0, 255), rgb(255, 0, 0))"
    assert screen.ask("document.querySelector('.ls-key .ls-bar').offsetWidth * 1") > 50


def test_a_table_says_what_its_rows_and_columns_are(screen: Screen) -> None:
    screen.open()
    corner = screen.get("panel-confusion").locator("thead td")
    screen.until(lambda: corner.all_inner_texts() == ["true, told"])
    assert corner.is_visible()


def test_before_training_a_point_stands_at_step_0_of_an_axis_of_whole_steps(screen: Screen) -> None:
    titles = {f"layers.{layer}": title for layer, title in enumerate(("layer 1", "layer 2", "layer 3", "output layer"))}
    shown = json.dumps([panel.to_json() for panel in (loss_panel(), size_panel(titles))])
    screen.open()
    screen.ask(f"void harness.update({{ panels: {shown} }})")
    plot = "document.querySelector('[data-testid=panel-{}] .ls-plot')"
    loss, size = plot.format("loss"), plot.format("gradient-size")
    ticks = "[...{}.querySelectorAll('.{}tick text')].map((tick) => tick.textContent)"
    for place in (loss, size):
        screen.until(lambda place=place: screen.ask(f"{place}.data?.[0].x?.length ?? 0") == 1)
        screen.until(lambda place=place: screen.ask(ticks.format(place, "x")) == ["0", "2", "4", "6", "8", "10"])
        assert screen.ask(f"{place}._fullLayout.xaxis.range[0]") == 0
    assert screen.ask(ticks.format(size, "y")) == list(titles.values())
    dots = f"[...{loss}.querySelectorAll('.points path')].filter((dot) => dot.getBBox().width > 3).length"
    assert screen.ask(dots) == 3
    screen.harness.call("advance", 40)
    screen.until(lambda: screen.ask(f"{loss}.data[0].x.length") == 2)
    screen.until(lambda: screen.ask(dots) == 0)
    assert screen.ask(f"{loss}._fullLayout.xaxis.range[0]") == 0
    assert screen.ask(f"{loss}._fullLayout.xaxis.range[1]") >= 40


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
