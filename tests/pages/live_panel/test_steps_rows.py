"""A heatmap of what was written beside what was read: its rows are named by words of the frame, as its columns are."""

import re
from dataclasses import replace

import numpy as np
import pytest
from playwright.sync_api import expect

from engine.figures.panel import TilesPanel
from tests.pages.live_panel.conftest import Screen
from tests.pages.live_panel.sequence_samples import GATES, TEXT, gates_panel, hidden_panel, sequence_at
from tests.pages.live_panel.sequences import drawn, open_sequences, quoted, told
from tests.pages.live_panel.test_tables import number, show
from tests.pages.live_panel.test_taking import table


@pytest.mark.parametrize("names", [("2", "1", "2"), ("⏎",)])
def test_rows_are_named_by_words_of_the_frame_and_only_so_many_are_drawn(
    screen: Screen, names: tuple[str, ...]
) -> None:
    screen.harness.runs["one"].words = {"said": "\n".join(names)}
    open_sequences(screen, hidden_panel(rows="said"), frames=2)
    values = sequence_at(10)["hidden.rnn.0"][: len(names), : len(TEXT)]
    columns = list(TEXT.replace(" ", "␣"))
    canvas = screen.get("panel-hidden").locator("canvas")
    expect(screen.get("panel-hidden").locator(".ls-shape")).to_have_text(f"{len(names)} × {len(TEXT)} steps")
    low = screen.get("panel-hidden").locator(".ls-scale > span").first
    assert number(low.inner_text()) == pytest.approx(-np.abs(values).max(), rel=6e-3), "of what is drawn alone"
    x, y = drawn(screen, "hidden", names, columns)["centres"][-1][3]
    canvas.hover(position={"x": x, "y": y})
    value = float(values[-1, 3])
    said = f"rnn.0, {quoted(names[-1])} at step 3, {quoted('c')}: "
    screen.until(lambda: "".join(told(screen, "hidden")).startswith(said))
    assert number(told(screen, "hidden")[0].rpartition(": ")[2]) == pytest.approx(value, rel=1e-5)
    (shown,) = show(screen, "hidden", 10)
    assert [row[0] for row in shown["rows"]] == [f"{at} \u2068{name}\u2069" for at, name in enumerate(names)]
    columns, rows = table(screen, "hidden")
    assert columns == ["tensor", "row", "name", "step", "read", "value"]
    assert [row[2] for row in rows] == [name for name in names for _ in TEXT]


def test_steps_that_wrote_different_texts_have_no_change(screen: Screen) -> None:
    screen.harness.runs["one"].words = {"said": "2\n1"}
    open_sequences(screen, hidden_panel(rows="said"), frames=2)
    screen.get("ls-pin").click()
    screen.harness.runs["one"].words = {"said": "2\n0"}
    screen.press("Home")
    expect(screen.get("panel-hidden").locator(".ls-nothing")).to_contain_text("different")


def test_axes_that_are_no_steps_have_their_own_names(screen: Screen) -> None:
    screen.harness.runs["one"].words = {"said": "2\n1"}
    open_sequences(screen, hidden_panel(rows="said", axes=("symbol written", "symbol read")), frames=2)
    shape = screen.get("panel-hidden").locator(".ls-shape")
    expect(shape).to_have_text(f"2 × {len(TEXT)}")
    x, y = drawn(screen, "hidden", ("2", "1"), list(TEXT.replace(" ", "␣")))["centres"][1][3]
    screen.get("panel-hidden").locator("canvas").hover(position={"x": x, "y": y})
    said = f"rnn.0, {quoted('1')} at symbol read 3, {quoted('c')}: "
    screen.until(lambda: "".join(told(screen, "hidden")).startswith(said))
    (shown,) = show(screen, "hidden", 10)
    assert shown["head"][0][1] == "symbol written ↓ symbol read →"
    columns, _ = table(screen, "hidden")
    assert columns == ["tensor", "row", "name", "column", "symbol read", "value"]


def test_of_a_choice_those_without_a_sign_run_from_zero(screen: Screen) -> None:
    panel = replace(gates_panel(), signed=GATES[:1])
    open_sequences(screen, panel, frames=2)
    ends = screen.get("panel-gates").locator(".ls-scale > span")
    values = np.abs(sequence_at(10)[f"gates.{GATES[0]}"][:, : len(TEXT)]).max()
    expect(ends.first).to_have_text(re.compile("^−"))
    assert number(ends.first.inner_text()) == pytest.approx(-values, rel=6e-3)
    screen.get("panel-gates").locator("select").select_option(index=1)
    expect(ends.first).to_have_text("0.00")


def test_why_there_is_nothing_is_told_by_the_first_words_that_say_something(screen: Screen) -> None:
    screen.harness.runs["one"].words = {"left-out": "It would take minutes."}
    why = {"why": ("patched", "left-out")}
    tiles = TilesPanel("tiles", "Tiles", 6, 260, "None.", "No tiles.", ("nothing.tiles",), ("tiles",), **why)
    open_sequences(screen, hidden_panel(array="nothing", **why), tiles, hidden_panel(id="mute", array="nothing"))
    for panel in ("hidden", "tiles"):
        expect(screen.get(f"panel-{panel}").locator(".ls-nothing")).to_have_text("It would take minutes.")
    expect(screen.get("panel-mute").locator(".ls-nothing")).to_contain_text("nothing to be shown")
