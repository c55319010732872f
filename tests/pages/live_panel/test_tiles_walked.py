"""Tiles under the pointer and under the keys: what is told of them, and what is asked about."""

import json

import numpy as np
import pytest

from engine.figures.panel import TilesPanel
from tests.pages.live_panel.conftest import Screen
from tests.pages.live_panel.samples import captions_at, tiles_at
from tests.pages.live_panel.test_asking import asked, until_told
from tests.pages.live_panel.test_tables import number
from tests.pages.live_panel.tiles import (
    C3,
    diverging,
    drawn,
    levels_of,
    middle_of,
    open_tiles,
    painted,
    same_colours,
    told,
    written,
)


def test_a_cell_is_told_and_asked_about_by_its_index(screen: Screen) -> None:
    open_tiles(screen, 4)
    step, numbers = 30, tiles_at(30)
    screen.get("tiles-filters").select_option("C3")
    painted(screen, "filters")
    for index in ((0, 0, 0, 0), (5, 4, 3, 1), (7, 5, 4, 4)):
        unit, channel, row, column = index
        canvas = screen.get("panel-filters").locator("canvas")
        canvas.hover(position=middle_of(screen, "filters", (8, 6, 5, 5), unit * 6 + channel, row, column))
        value = float(numbers[C3][index])
        expected = [
            f"features.c3.weight[{unit}, {channel}, {row}, {column}] = {written(value)}",
            f"unit {unit}, channel {channel}, row {row}, column {column}",
        ]
        screen.until(lambda expected=expected: told(screen, "filters") == expected)
        canvas.click(position=middle_of(screen, "filters", (8, 6, 5, 5), unit * 6 + channel, row, column))
        until_told(screen, value)
        assert asked(screen)[-1] == {"step": step, "array": C3, "index": list(index)}
    screen.press("Escape")
    canvas = screen.get("panel-maps").locator("canvas")
    painted(screen, "maps")
    canvas.click(position=middle_of(screen, "maps", (6, 24, 24), 4, 2, 17))
    screen.until(lambda: asked(screen)[-1] == {"step": step, "array": "maps.features.c1", "index": [4, 2, 17]})
    screen.until(lambda: len(told(screen, "maps")) == 2)
    first, second = told(screen, "maps")
    assert first.startswith("features.c1[4, 2, 17] = ")
    assert number(first.partition(" = ")[2]) == pytest.approx(levels_of("c1", step)[4, 2, 17], rel=1e-5)
    assert second == "channel 4, row 2, column 17"
    screen.press("Escape")
    for panel, shape, tile in (("mistakes", (3, 28, 28, 1), 2), ("walls", (4, 32, 32, 3), 1)):
        painted(screen, panel)
        screen.get(f"panel-{panel}").locator("canvas").click(position=middle_of(screen, panel, shape, tile, 9, 20))
        array = f"{panel}.pictures"
        screen.until(
            lambda array=array, tile=tile: (
                asked(screen)[-1] == {"step": step, "array": array, "index": [tile, 9, 20, 0]}
            )
        )
        cell = numbers[array][tile, 9, 20]
        expected = (
            [captions_at(step).split("\n")[tile], f"picture {tile}, row 9, column 20", f"brightness {cell[0]} of 255"]
            if panel == "mistakes"
            else [f"picture {tile}, row 9, column 20", f"red {cell[0]}, green {cell[1]}, blue {cell[2]}"]
        )
        screen.until(lambda panel=panel, expected=expected: told(screen, panel) == expected, patience=20)
        screen.press("Escape")


def test_keys_walk_over_the_tiles_and_within_one_over_its_cells(screen: Screen) -> None:
    open_tiles(screen, 4)
    screen.get("tiles-filters").select_option("C3")
    painted(screen, "filters")
    values = tiles_at(30)[C3]
    screen.get("panel-filters").locator("canvas").focus()
    voice = screen.get("panel-filters").get_by_role("status")

    def walked(*keys: str) -> str:
        for key in keys:
            screen.press(key)
        return voice.first.text_content() or ""

    def around(unit: int, channel: int) -> str:
        low, high = values[unit, channel].min(), values[unit, channel].max()
        return f"unit {unit}, channel {channel}. from {written(low)} to {written(high)}."

    assert walked("ArrowDown") == around(0, 0)
    assert walked("ArrowDown", "ArrowDown") == around(0, 2)
    assert walked("Shift+ArrowDown") == around(1, 2)
    assert walked("ArrowUp", "ArrowUp", "ArrowUp") == around(0, 5)
    assert walked(*["ArrowDown"] * 7, "ArrowUp") == around(1, 5)
    said = walked("Enter", *["ArrowRight"] * 3, "ArrowLeft", "ArrowDown")
    assert said.startswith(f"features.c3.weight[1, 5, 1, 2] = {written(float(values[1, 5, 1, 2]))}.")
    assert screen.shown == 30, "within a tile left and right are its own"
    assert walked("ArrowUp", "ArrowUp").startswith("features.c3.weight[1, 5, 0, 2]")
    walked("Enter")
    until_told(screen, float(values[1, 5, 0, 2]))
    assert asked(screen)[-1] == {"step": 30, "array": C3, "index": [1, 5, 0, 2]}
    assert walked("Escape", "ArrowUp") == around(1, 4)
    assert screen.get("ls-explained").is_hidden()
    walked("ArrowLeft")
    screen.until_step(20)
    assert screen.get("panel-filters").locator(".ls-tooltip").is_visible()
    walked("Escape")
    screen.until(lambda: not screen.get("panel-filters").locator(".ls-tooltip").is_visible())


def test_keys_bring_a_tile_into_sight(screen: Screen) -> None:
    panels = [TilesPanel("low", "Low", 6, 120, "", "Low.", (C3,), signed=True).to_json()]
    open_tiles(screen, panels=json.dumps(panels))
    painted(screen, "low")
    found = drawn(screen, "low", (8, 6, 5, 5))
    assert found["zoom"] == 6
    assert found["height"] > found["room"]
    screen.get("panel-low").locator("canvas").focus()
    screen.press("ArrowDown")
    screen.press("ArrowUp")
    values = tiles_at(0)[C3].astype(np.float64)
    screen.until(lambda: screen.ask("document.querySelector('.ls-tiles').scrollTop") > 0)
    _, y, _, high = drawn(screen, "low", (8, 6, 5, 5))["boxes"][47]
    assert y >= 0
    assert y + high <= found["room"]
    # What has scrolled into sight is painted there; the mark lies around the last tile, and not on this one.
    expected = diverging(values[7, 4], np.abs(values[7, 4]).max())
    screen.until(
        lambda: same_colours(
            np.array(drawn(screen, "low", (8, 6, 5, 5))["pixels"]).reshape(48, 25, 4)[46],
            expected,
        )
    )
    screen.press("ArrowDown")
    screen.until(lambda: drawn(screen, "low", (8, 6, 5, 5))["boxes"][0][1] >= 0)
