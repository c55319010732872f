"""Tiles as they are painted: filters, feature maps in levels, and pictures, in the colours of their numbers."""

import json

import numpy as np
import pytest

from engine.figures.comparison import side_by_side
from engine.figures.panel import TilesPanel
from tests.pages.live_panel import samples
from tests.pages.live_panel.conftest import HOOKS, Screen, record
from tests.pages.live_panel.samples import tiles_at, tiles_panels
from tests.pages.live_panel.test_tables import number
from tests.pages.live_panel.test_taking import table, taken
from tests.pages.live_panel.tiles import (
    BROKEN,
    C1,
    C3,
    cividis,
    diverging,
    drawn,
    levels_of,
    middle_of,
    open_tiles,
    painted,
    same_colours,
    told,
    until_drawn,
)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_filters_have_the_colours_of_their_numbers_on_each_scale(screen: Screen, theme: str) -> None:
    open_tiles(screen, 3, theme)
    c1, c3 = (tiles_at(20)[name].astype(np.float64) for name in (C1, C3))
    for scale, limits in (
        ("tile", np.abs(c1).max(axis=(2, 3), keepdims=True)),
        ("layer", np.abs(c1).max()),
        ("net", max(np.abs(c1).max(), np.abs(c3).max())),
    ):
        screen.get("scale-filters").select_option(scale)
        until_drawn(
            screen, "filters", c1.shape, lambda found, limits=limits: same_colours(found, diverging(c1, limits))
        )
    ends = screen.get("panel-filters").locator(".ls-scale span:not(.ls-bar)").all_inner_texts()
    assert float(ends[1]) == pytest.approx(max(np.abs(c1).max(), np.abs(c3).max()), rel=5e-3)
    assert ends[0] == f"−{ends[1]}"
    assert ends[2] == "6 × 1 × 5 × 5"
    screen.get("scale-filters").select_option("tile")
    screen.get("tiles-filters").select_option("C3")
    limits = np.abs(c3).max(axis=(2, 3), keepdims=True)
    shown = until_drawn(screen, "filters", c3.shape, lambda found: same_colours(found, diverging(c3, limits)))
    assert shown["zoom"] >= 6
    assert shown["crisp"], "a cell is a square of one colour"


def test_maps_sent_in_levels_have_the_colours_of_the_numbers_that_they_stand_for(screen: Screen) -> None:
    open_tiles(screen, 3)
    colours = cividis(screen)
    maps = levels_of("c1", 20)
    everything = np.concatenate([levels_of(layer, 20).ravel() for layer in samples.MAPS])
    for scale, low, high in (
        ("tile", maps.min(axis=(1, 2), keepdims=True), maps.max(axis=(1, 2), keepdims=True)),
        ("layer", maps.min(), maps.max()),
        ("net", everything.min(), everything.max()),
    ):
        screen.get("scale-maps").select_option(scale)
        shades = np.round((maps - low) / (high - low) * 255).astype(int).ravel()
        until_drawn(screen, "maps", maps.shape, lambda found, shades=shades: np.abs(found - colours[shades]).max() <= 3)
    units = levels_of("f5", 20)
    screen.get("scale-maps").select_option("tile")
    screen.get("tiles-maps").select_option("F5")
    shades = np.round((units - units.min()) / (units.max() - units.min()) * 255).astype(int)
    until_drawn(screen, "maps", units.shape, lambda found: np.abs(found - colours[shades]).max() <= 3)
    # A tile of one number has no scale of its own: it is compared with the others, until tiles have more again.
    scale = screen.get("scale-maps")
    assert scale.input_value() == "layer"
    assert scale.locator("option").first.is_disabled()
    screen.get("tiles-maps").select_option("C3")
    screen.until(lambda: scale.input_value() == "tile")


def test_pictures_are_painted_byte_by_byte(screen: Screen) -> None:
    open_tiles(screen, 4)
    grey = tiles_at(30)["mistakes.pictures"]
    painted(screen, "mistakes")
    screen.until(
        lambda: (
            drawn(screen, "mistakes", grey.shape, True, ("",))["pixels"]
            == [[*3 * [int(level)], 255] for level in grey.ravel()]
        )
    )
    colour = tiles_at(30)["walls.pictures"]
    painted(screen, "walls")
    screen.until(
        lambda: (
            drawn(screen, "walls", colour.shape, True)["pixels"]
            == [[*map(int, cell), 255] for cell in colour.reshape(-1, 3)]
        )
    )


def test_where_there_is_nothing_it_is_said(screen: Screen) -> None:
    panels = [TilesPanel("none", "None", 6, 200, "", "None.", ("filters.nothing",)).to_json()]
    open_tiles(screen, panels=json.dumps(panels))
    nothing = screen.get("panel-none").locator(".ls-nothing")
    screen.until(lambda: nothing.is_visible())
    assert nothing.inner_text() == "There is nothing to be shown at this step."
    assert not screen.get("tiles-none").is_visible(), "one array is no choice"
    assert screen.get("scale-none").locator("option").all_inner_texts() == ["Each tile", "This layer"]
    assert not screen.errors


@pytest.mark.parametrize(("panel", "layer"), [("filters", C3), ("maps", "maps.features.c1")])
def test_a_pinned_step_shows_what_has_changed(screen: Screen, panel: str, layer: str) -> None:
    open_tiles(screen, 6)
    screen.get(f"tiles-{panel}").select_option(layer)
    screen.get(f"scale-{panel}").select_option("layer")
    screen.press("Home")
    screen.until_step(0)
    screen.get("ls-pin").click()
    screen.press("End")
    screen.until_step(50)
    now, then = (
        tiles_at(step)[C3].astype(np.float64) if panel == "filters" else levels_of("c1", step) for step in (50, 0)
    )
    change = now - then
    until_drawn(screen, panel, change.shape, lambda found: same_colours(found, diverging(change, np.abs(change).max())))
    ends = screen.get(f"panel-{panel}").locator(".ls-scale span:not(.ls-bar)").all_inner_texts()
    assert ends[2] == "change since step 0"
    assert float(ends[1]) == pytest.approx(np.abs(change).max(), rel=5e-3)
    screen.get(f"panel-{panel}").locator("canvas").hover(position=middle_of(screen, panel, change.shape, 3, 1, 2))
    screen.until(lambda: told(screen, panel)[:1] != [] and "changed by" in told(screen, panel)[0])
    value = told(screen, panel)[0].partition("changed by ")[2]
    assert number(value) == pytest.approx(change.reshape(-1, *change.shape[-2:])[3, 1, 2], rel=1e-4, abs=1e-6)


def test_noise_of_levels_is_no_strong_change(screen: Screen) -> None:
    screen.load()
    found = screen.page.evaluate(
        """async () => {
            const { readTiles } = await import("/live/assets/test/tilesdata.js");
            const { limitsOf } = await import("/live/assets/test/tileslimits.js");
            const message = (level) => ({ header: { step: 0 }, arrays: new Map([
                ["maps.a.b", { shape: [2, 1, 2], values: Uint8Array.from([0, level, 0, 255]) }],
                ["low.a.b", { shape: [2], values: Float32Array.from([0, 0]) }],
                ["high.a.b", { shape: [2], values: Float32Array.from([255, 10]) }],
            ]) });
            const panel = { low: "low", high: "high", captions: "", axes: [] };
            const tiles = readTiles(panel, "maps.a.b", { frame: message(101), pinned: message(100) });
            return [[...tiles.values], limitsOf("tile", tiles)(0), limitsOf("layer", tiles)(1)];
        }"""
    )
    assert found[0] == [0, 1, 0, 0]
    assert found[1] == found[2] == [pytest.approx(-2), pytest.approx(2)]


def test_the_two_runs_of_a_comparison_have_their_own_tiles(screen: Screen) -> None:
    record(screen.harness, 3)
    for _ in range(2):
        screen.harness.call("advance", 7, run="two")
    screen.open()
    panels = json.dumps([panel.to_json() for panel in side_by_side(tiles_panels())])
    screen.ask(f"void harness.update({{ others: ['two'], panels: {panels}, learning_rate: null }})")
    screen.until(lambda: screen.ask(f"{HOOKS}.other?.shownStep") == 14)
    screen.get("tiles-filters").select_option("C3")
    for half, step in (("A", 20), ("B", 14)):
        values = tiles_at(step)[C3].astype(np.float64)
        limits = np.abs(values).max(axis=(2, 3), keepdims=True)
        screen.until(
            lambda half=half: screen.ask(
                f"document.querySelector('[data-testid=panel-filters] [data-run={half}] .ls-tiles canvas').style.width"
            )
        )
        screen.until(
            lambda half=half, values=values, limits=limits: same_colours(
                np.array(drawn(screen, "filters", values.shape, half=f"[data-run={half}]")["pixels"]),
                diverging(values, limits),
            )
        )
    columns, rows = table(screen, "maps")
    assert columns == ["run", "step", "array", "channel", "row", "column", "value"]
    assert {(row[0], row[1]) for row in rows} == {("A", "20"), ("B", "14")}
    (name, data) = taken(screen, "walls", "png")
    assert name.endswith(".png")
    assert data.startswith(b"\x89PNG")
    assert not screen.errors


def test_what_is_no_number_and_what_is_everywhere_the_same_can_be_told_apart(screen: Screen) -> None:
    screen.load()
    pixels = screen.page.evaluate(
        """async () => {
            const { TilesImage } = await import("/live/assets/test/tilesimage.js");
            const { limitsOf } = await import("/live/assets/test/tileslimits.js");
            const of = (signed, ...values) => {
                const form = { count: 1, width: values.length, height: 1, pictures: false, least: null };
                const tiles = { ...form, signed, values: Float32Array.from(values) };
                const image = new TilesImage();
                image.paint(tiles, 0, 1, limitsOf("tile", tiles, () => []));
                const { data } = image.context.getImageData(0, 0, values.length, 1);
                return values.map((_, cell) => [...data.slice(4 * cell, 4 * cell + 4)]);
            };
            const signed = [of(true, NaN, -1, 1, Infinity), of(true, 0, 0)];
            return [...signed, of(false, 0, 0), of(false, 0, NaN, 1), of(false, NaN)];
        }"""
    )
    ends, zeros, dead, sizes, nothing = pixels
    assert [tuple(cell[:3]) for cell in (ends[0], sizes[1], nothing[0])] == [BROKEN] * 3
    assert ends[2] == ends[3]
    assert ends[1][2] > 150 > ends[1][0]
    assert all(cell[3] <= 2 for cell in zeros)
    assert dead == [sizes[0]] * 2


@pytest.mark.parametrize(("cropped", "read"), [(True, (3, 4)), (True, (5, 6)), (False, (3, 4)), (True, (0, 0))])
def test_behind_the_end_of_what_was_read_nothing_is_drawn(screen: Screen, cropped: bool, read: tuple[int, int]) -> None:
    screen.load()
    rows, columns = read
    array = np.full((2, 3, 5, 6), np.nan)
    array[..., :rows, :columns] = np.arange(6 * rows * columns).reshape(2, 3, rows, columns)
    array[0, 0, 0, 0] = np.nan  # what is no number in the middle is seen
    kept = array[..., :rows, :columns] if cropped and rows else array
    shape, values, index = screen.page.evaluate(
        """async ([cropped, shape, values]) => {
            const { indexOfCell, placeOf, readTiles } = await import("/live/assets/test/tilesdata.js");
            const numbers = Float32Array.from(values, (value) => value ?? NaN);
            const arrays = new Map([["patterns.all", { shape, values: numbers }]]);
            const panel = { axes: [], sets: [], along: [], cropped, pictures: false };
            const tiles = readTiles(panel, "patterns.all", { frame: { arrays, header: {} }, pinned: null });
            const place = placeOf(tiles, 4, 2, 3);
            const found = [...tiles.values].map((value) => (Number.isNaN(value) ? null : value));
            return [tiles.shape, found, [indexOfCell(tiles, 4, 2, 3), tiles.width * tiles.height, found[place]]];
        }""",
        [cropped, array.shape, [None if np.isnan(one) else one for one in array.ravel().tolist()]],
    )
    assert tuple(shape) == kept.shape
    np.testing.assert_array_equal([np.nan if one is None else one for one in values], kept.ravel())
    assert index[0] == [1, 1, 2, 3], "the cell has the place in the array that it had"
    assert index[1] == kept.shape[2] * kept.shape[3]
    np.testing.assert_equal(np.nan if index[2] is None else index[2], array[1, 1, 2, 3])
