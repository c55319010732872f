"""A heatmap whose cells have texts: each is told with its number, stands in the table and in the file."""

from dataclasses import replace

import pytest

from tests.pages.live_panel.conftest import Screen
from tests.pages.live_panel.sequence_samples import CLASSES, TEXT, classes_panel, sequence_at
from tests.pages.live_panel.sequences import open_sequences, quoted, told, until_drawn
from tests.pages.live_panel.test_tables import number, show
from tests.pages.live_panel.test_taking import table

COLUMNS = list(TEXT.replace(" ", "␣"))
TEXTS = [f"{row}{column}" for row in "xyz" for column in range(len(TEXT))]


def test_texts_are_told_with_the_numbers_of_their_cells(screen: Screen) -> None:
    screen.harness.runs["one"].words = {"cells": "\n".join(TEXTS)}
    open_sequences(screen, replace(classes_panel(), texts="cells"), frames=2)
    values = sequence_at(10)["prediction.classes"][:, : len(TEXT)]
    canvas = screen.get("panel-classes").locator("canvas")
    plan = until_drawn(screen, "classes", CLASSES, COLUMNS, lambda found: found[..., 3].all())
    x, y = plan["centres"][1][3]
    canvas.hover(position={"x": x, "y": y})
    start = f"classes, {CLASSES[1]} at step 3, {quoted('c')}: {quoted('y3')} "
    screen.until(lambda: told(screen, "classes")[0].startswith(start))
    assert number(told(screen, "classes")[0].rpartition(" ")[2]) == pytest.approx(float(values[1, 3]), rel=1e-5)
    (shown,) = show(screen, "classes", 10)
    assert shown["rows"][1][4].startswith("\u2068y3\u2069 ")
    columns, rows = table(screen, "classes")
    assert columns == ["tensor", "row", "name", "step", "read", "text", "value"]
    assert [row[5] for row in rows] == TEXTS
    assert [float(row[6]) for row in rows] == pytest.approx(values.ravel().tolist(), rel=1e-5)
