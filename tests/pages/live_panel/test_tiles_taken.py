"""Tiles as numbers: in a file, in the table behind them, and as a picture for paper."""

import csv
import io

import numpy as np

from tests.pages.live_panel.conftest import Screen
from tests.pages.live_panel.samples import captions_at, tiles_at
from tests.pages.live_panel.test_tables import number, show, tables
from tests.pages.live_panel.test_taking import table, taken
from tests.pages.live_panel.tiles import C1, C3, levels_of, open_tiles, painted


def test_all_numbers_are_taken_with_their_indices(screen: Screen) -> None:
    open_tiles(screen, 4)
    arrays = tiles_at(30)
    screen.get("tiles-filters").select_option("C3")
    columns, rows = table(screen, "filters")
    assert columns == ["array", "unit", "channel", "row", "column", "value"]
    assert {row[0] for row in rows} == {"features.c3.weight"}
    for axes, value in ((row[1:5], row[5]) for row in rows):
        assert float(value) == arrays[C3][tuple(map(int, axes))]
    assert len(rows) == arrays[C3].size
    columns, rows = table(screen, "maps")
    assert columns == ["array", "channel", "row", "column", "value"]
    np.testing.assert_allclose([float(row[4]) for row in rows], levels_of("c1", 30).ravel(), rtol=1e-5, atol=1e-6)
    screen.get("tiles-maps").select_option("F5")
    columns, rows = table(screen, "maps")
    assert columns == ["array", "unit", "value"]
    np.testing.assert_allclose([float(row[2]) for row in rows], levels_of("f5", 30), rtol=1e-5, atol=1e-6)
    columns, rows = table(screen, "mistakes")
    assert columns == ["array", "picture", "caption", "row", "column", "brightness"]
    assert list(dict.fromkeys(row[2] for row in rows)) == captions_at(30).split("\n")
    np.testing.assert_array_equal([int(row[5]) for row in rows], arrays["mistakes.pictures"].ravel())
    columns, rows = table(screen, "walls")
    assert columns == ["array", "picture", "row", "column", "red", "green", "blue"]
    np.testing.assert_array_equal(np.array([row[4:] for row in rows], int).ravel(), arrays["walls.pictures"].ravel())
    screen.harness.call("advance", 10)
    screen.until_step(40)
    _name, data = taken(screen, "mistakes", "csv")
    assert list(csv.reader(io.StringIO(data.decode()))) == [
        ["array", "picture", "caption", "row", "column", "brightness"]
    ]


def test_the_table_has_every_number_where_they_are_few_and_else_the_range_of_each_tile(screen: Screen) -> None:
    open_tiles(screen, 4)
    arrays = tiles_at(30)
    shown = show(screen, "filters", 30)
    assert [table["caption"] for table in shown] == [
        f"Filters, step 30: C1, unit {unit}, channel 0" for unit in range(6)
    ]
    for unit, one in enumerate(shown):
        cells = [[number(cell) for cell in row[1:]] for row in one["rows"]]
        np.testing.assert_allclose(cells, arrays[C1][unit, 0], rtol=6e-4, atol=1e-4)
    (maps,) = show(screen, "maps", 30)
    assert [name for _, name in maps["head"]] == ["number", "lowest", "mean", "highest"]
    expected = levels_of("c1", 30).reshape(6, -1)
    expected = np.stack([expected.min(axis=1), expected.mean(axis=1), expected.max(axis=1)], axis=1)
    np.testing.assert_allclose(
        [[number(cell) for cell in row[1:]] for row in maps["rows"]], expected, rtol=6e-4, atol=1e-3
    )
    (mistakes,) = show(screen, "mistakes", 30)
    assert [row[1] for row in mistakes["rows"]] == captions_at(30).split("\n")
    screen.harness.call("advance", 10)
    screen.until(lambda: tables(screen, "mistakes")[0]["rows"] == [["0", "Nothing is mistaken."]])


def test_a_picture_for_paper_is_the_same_in_both_themes(screen: Screen) -> None:
    open_tiles(screen, 4)
    painted(screen, "filters")
    light = taken(screen, "filters", "png")[1]
    screen.ask("harness.wear('dark')")
    assert taken(screen, "filters", "png")[1] == light
