"""A heatmap over the steps of a sequence: as many columns as were read, what was read below them."""

import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from engine.figures.comparison import side_by_side
from tests.pages.live_panel.conftest import Screen
from tests.pages.live_panel.sequence_samples import (
    CLASSES,
    MOST,
    TEXT,
    UNITS,
    classes_panel,
    gates_panel,
    hidden_panel,
    loss_panel,
    sequence_at,
    sequence_words,
)
from tests.pages.live_panel.sequences import (
    drawn,
    open_sequences,
    quoted,
    show_panels,
    spy,
    told,
    until_drawn,
    written,
)
from tests.pages.live_panel.test_asking import asked, until_told
from tests.pages.live_panel.test_tables import number, show, tables
from tests.pages.live_panel.test_taking import table, taken
from tests.pages.live_panel.tiles import cividis, diverging, same_colours

ROWS = [str(unit) for unit in range(UNITS)]
COLUMNS = list(TEXT.replace(" ", "␣"))
HIDDEN = "hidden.rnn.0"


def expected(step: int) -> np.ndarray:
    """Return the colours (units, steps, 4) of the hidden state."""
    values = sequence_at(step)[HIDDEN][:, : len(TEXT)].astype(np.float64)
    return diverging(values, np.abs(values).max())


def alike(colours: np.ndarray, wanted: np.ndarray) -> bool:
    return same_colours(colours.reshape(-1, 4), wanted)


def test_cells_have_the_colours_of_their_numbers_and_none_lies_behind_the_end(screen: Screen) -> None:
    open_sequences(screen, hidden_panel(), frames=3)
    plan = until_drawn(screen, "hidden", ROWS, COLUMNS, lambda found: alike(found, expected(20)))
    # The cells of what was read fill the strip: there is no place for more.
    assert plan["left"] + len(TEXT) * plan["wide"] == pytest.approx(plan["room"], abs=1)
    card = screen.get("panel-hidden")
    assert card.locator(".ls-shape").inner_text() == f"{UNITS} × {len(TEXT)} steps"
    most = np.nanmax(np.abs(sequence_at(20)[HIDDEN]))
    low, high = card.locator(".ls-scale > span:not(.ls-bar, .ls-shape)").all_inner_texts()
    assert number(high) == pytest.approx(most, rel=5e-3)
    assert number(low) == -number(high)


def test_numbers_without_a_sign_run_from_zero_or_from_what_is_below_it(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def logarithms(step: int, text: str = TEXT) -> dict[str, np.ndarray]:
        arrays = sequence_at(step, text)
        return arrays | {"loss.told": np.log10(arrays["loss.told"])}

    open_sequences(screen, classes_panel())
    values = sequence_at(0)["prediction.classes"][:, : len(TEXT)]
    colours = cividis(screen)
    share = np.round(values / values.max() * 255).astype(int)
    until_drawn(screen, "classes", CLASSES, COLUMNS, lambda found: alike(found, colours[share]))
    monkeypatch.setattr("tests.pages.live_panel.harness.sequence_at", logarithms)
    screen.harness.call("advance", 10)
    show_panels(screen, loss_panel())
    values = np.log10(sequence_at(10)["loss.told"][: len(TEXT)].astype(np.float64))[None]
    share = np.round((values - values.min()) / np.ptp(values) * 255).astype(int)
    until_drawn(screen, "steps", [""], COLUMNS, lambda found: alike(found, colours[share]))


def test_names_stand_beside_rows_and_below_columns(screen: Screen) -> None:
    open_sequences(screen, classes_panel())
    plan = until_drawn(screen, "classes", CLASSES, COLUMNS, lambda found: found[..., 3].all())
    spy(screen, "classes")
    screen.get("panel-classes").locator("canvas").hover(position={"x": plan["left"] + 5, "y": plan["top"] + 5})
    screen.until(lambda: len(written(screen)) == len(CLASSES) + len(TEXT))
    assert written(screen) == [*COLUMNS, *CLASSES]
    below = plan["top"] + len(CLASSES) * plan["high"]
    places = [list(map(int, key.rpartition(" at ")[2].split(","))) for key in screen.ask("Object.keys(window.written)")]
    for (x, y), column in zip(places[: len(TEXT)], range(len(TEXT)), strict=True):
        assert x == pytest.approx(plan["centres"][0][column][0], abs=1)
        assert below < y < below + 20
    for (x, y), row in zip(places[len(TEXT) :], range(3), strict=True):
        assert x < plan["left"]
        assert y == pytest.approx(plan["centres"][row][0][1], abs=1)


def test_a_cell_is_told_with_the_names_of_its_row_and_step_and_asked_about(screen: Screen) -> None:
    open_sequences(screen, gates_panel(), classes_panel(), loss_panel(), frames=2)
    screen.get("tensor-gates").select_option("forget gate")
    arrays = sequence_at(10)
    for panel, array, rows, index, words in (
        ("gates", "gates.rnn.0.forget", ROWS, (3, 5), f"forget gate, unit 3 at step 5, {quoted('e')}"),
        ("classes", "prediction.classes", CLASSES, (1, 2), f"classes, Basque at step 2, {quoted('␣')}"),
        ("steps", "loss.told", [""], (4,), f"told at step 4, {quoted('d')}"),
    ):
        plan = until_drawn(screen, panel, rows, COLUMNS, lambda found: found[..., 3].all())
        x, y = plan["centres"][index[0] if len(index) > 1 else 0][index[-1]]
        canvas = screen.get(f"panel-{panel}").locator("canvas")
        canvas.hover(position={"x": x, "y": y})
        value = float(arrays[array][index])
        line = f"{words}: {value:.6g}"
        screen.until(lambda panel=panel, line=line: told(screen, panel) == [line])
        canvas.click(position={"x": x, "y": y})
        until_told(screen, value)
        assert asked(screen)[-1] == {"step": 10, "array": array, "index": list(index)}
        screen.press("Escape")
    assert screen.get("tensor-classes").is_hidden(), "there is nothing to be chosen"


def test_keys_walk_over_the_cells_and_leave_time_alone_until_they_lead_in(screen: Screen) -> None:
    open_sequences(screen, hidden_panel(), frames=3)
    until_drawn(screen, "hidden", ROWS, COLUMNS, lambda found: found[..., 3].all())
    canvas = screen.get("panel-hidden").locator("canvas")
    assert "Enter tells how a number came about" in (canvas.get_attribute("aria-label") or "")
    canvas.focus()
    screen.press("ArrowLeft")
    screen.until_step(10)
    values = sequence_at(10)[HIDDEN]
    voice = screen.get("panel-hidden").locator(".ls-tooltip + [role=status]")

    def at(unit: int, step: int) -> None:
        line = f"rnn.0, unit {unit} at step {step}, {quoted(COLUMNS[step])}: {values[unit, step]:.6g}"
        line = line.replace(": -", ": −")
        screen.until(lambda: told(screen, "hidden") == [line])
        expect(voice).to_have_text(f"{line}.")

    plan = drawn(screen, "hidden", ROWS, COLUMNS)
    x, y = plan["centres"][0][1]
    canvas.hover(position={"x": x, "y": y})
    screen.until(lambda: "unit 0 at step 1" in "".join(told(screen, "hidden")))
    screen.press("ArrowLeft")
    screen.until_step(0)
    screen.press("ArrowRight")
    screen.until_step(10)
    screen.page.mouse.move(0, 0)
    expect(screen.get("panel-hidden").locator(".ls-tooltip")).to_be_hidden()

    screen.press("ArrowDown")
    at(0, 0)
    for key, cell in (
        ("ArrowUp", (0, 0)),
        ("ArrowRight", (0, 1)),
        ("ArrowDown", (1, 1)),
        ("Shift+ArrowRight", (1, len(TEXT) - 1)),
        ("ArrowLeft", (1, len(TEXT) - 2)),
        ("Shift+ArrowDown", (UNITS - 1, len(TEXT) - 2)),
    ):
        screen.press(key)
        at(*cell)
    assert screen.shown == 10
    screen.press("Enter")
    until_told(screen, float(values[UNITS - 1, len(TEXT) - 2]))
    assert asked(screen)[-1] == {"step": 10, "array": HIDDEN, "index": [UNITS - 1, len(TEXT) - 2]}
    screen.press("Escape")
    canvas.focus()
    screen.press("ArrowRight")
    screen.until_step(20)


def test_a_long_sequence_scrolls_sideways_and_keys_bring_a_cell_into_sight(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "a dark and stormy night "
    screen.page.set_viewport_size({"width": 390, "height": 844})
    screen.harness.runs["one"].text = text
    open_sequences(screen, hidden_panel())
    columns = list(text.replace(" ", "␣"))
    shape = screen.get("panel-hidden").locator(".ls-shape")
    expect(shape).to_have_text(f"{UNITS} × {len(text)} steps →")
    plan = drawn(screen, "hidden", ROWS, columns)
    assert plan["length"] > plan["room"]
    canvas = screen.get("panel-hidden").locator("canvas")
    canvas.focus()
    screen.press("ArrowDown")
    for _ in range(3):
        screen.press("Shift+ArrowRight")
    value = sequence_at(0, text)[HIDDEN][0, -1]
    said = f"step {len(text) - 1}, {quoted('␣')}: {value:.6g}".replace(": -", ": −")
    screen.until(lambda: "".join(told(screen, "hidden")).endswith(said))
    expect(shape).to_have_text(f"← {UNITS} × {len(text)} steps")
    plan = drawn(screen, "hidden", ROWS, columns)
    assert plan["left"] < plan["centres"][0][-1][0] < plan["room"]
    colours = expected_of(sequence_at(0, text)[HIDDEN][:, : len(text)])
    canvas.hover(position={"x": 3, "y": plan["top"] + 3})
    expect(screen.get("panel-hidden").locator(".ls-tooltip")).to_be_hidden()
    x, y = plan["centres"][2][20]
    canvas.click(position={"x": x, "y": y})
    screen.until(lambda: asked(screen) and asked(screen)[-1]["index"] == [2, 20])
    screen.press("Escape")
    screen.page.mouse.move(0, 0)
    canvas.blur()
    seen = [column for column, (x, _) in enumerate(plan["centres"][0]) if x > plan["left"] + 8]
    until_drawn(screen, "hidden", ROWS, columns, lambda found: alike(found[:, seen], colours[:, seen]))
    assert screen.ask("document.documentElement.scrollWidth") <= 390


def expected_of(values: np.ndarray) -> np.ndarray:
    return diverging(values.astype(np.float64), np.abs(values).max())


@pytest.mark.parametrize(
    ("lines", "upright", "each"),
    [(["0.25", "-0.5", "1e-3"] * 30, True, 2), (["3", "1", "4"] * 30, False, 1), (["word", "another"] * 45, True, 1)],
)
def test_of_many_numbers_some_have_their_name_and_all_words_have(
    screen: Screen, lines: list[str], upright: bool, each: int
) -> None:
    screen.load()
    plan = screen.page.evaluate(
        """async (columns) => {
            const { planNamed } = await import("/live/assets/test/tensorplan.js");
            return planNamed({ rows: ["0"], columns }, 700, 200, (words) => 6 * words.length);
        }""",
        lines,
    )
    assert (plan["upright"], plan["each"]) == (upright, each)
    assert plan["wide"] * plan["each"] >= (13 if upright else 6), "names do not touch"
    assert each == 1 or plan["length"] <= 700


HOSTILE = [
    *("שלום", "العربية", "👩\u200d👩\u200d👧", "\u202egnp.exe", "x" * 10_000, "", "\t", "<img src=x onerror=alert(1)>"),
    "\ud83d!",
]


@pytest.mark.parametrize("width", [1440, 390])
def test_words_of_any_kind_leave_the_panel_whole(screen: Screen, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    words = {"read": "\n".join(line.encode("utf-8", "replace").decode() for line in HOSTILE), "guess": ""}
    monkeypatch.setattr("tests.pages.live_panel.harness.sequence_words", lambda text: words)
    screen.harness.runs["one"].text = "x" * len(HOSTILE)
    screen.page.set_viewport_size({"width": width, "height": 900})
    open_sequences(screen, hidden_panel(), classes_panel())
    until = screen.get("panel-hidden").locator(".ls-shape")
    expect(until).to_contain_text(f"{UNITS} × {len(HOSTILE)} steps")
    spy(screen, "hidden")
    canvas = screen.get("panel-hidden").locator("canvas")
    canvas.focus()
    screen.press("ArrowDown")
    for _ in range(4):
        screen.press("ArrowRight")
    screen.until(lambda: "x" * 39 + "…" in "".join(told(screen, "hidden")))
    box = screen.get("panel-hidden").locator(".ls-tooltip").bounding_box()
    assert box
    assert 0 <= box["x"] <= box["x"] + box["width"] <= width
    screen.press("ArrowLeft")
    screen.until(lambda: f"{quoted('gnp.exe')}:" in "".join(told(screen, "hidden")))
    assert screen.ask("document.documentElement.scrollWidth") <= width
    assert not screen.errors
    assert {"␣", "שלום"} <= set(written(screen))
    (grid,) = show(screen, "hidden", 0)
    assert [name for _, name in grid["head"]][6:8] == ["5", "6 \u2068␣\u2069"]


def test_the_table_and_the_file_have_every_step_that_was_read(screen: Screen) -> None:
    open_sequences(screen, hidden_panel(), classes_panel(), frames=3)
    (grid,) = show(screen, "classes", 20)
    values = sequence_at(20)["prediction.classes"][:, : len(TEXT)]
    assert [name for _, name in grid["head"][1:]] == [f"{at} \u2068{name}\u2069" for at, name in enumerate(COLUMNS)]
    assert [row[0] for row in grid["rows"]] == list(CLASSES)
    np.testing.assert_allclose([[number(cell) for cell in row[1:]] for row in grid["rows"]], values, 6e-4, 5e-6)
    columns, rows = table(screen, "classes")
    assert columns == ["tensor", "row", "name", "step", "read", "value"]
    assert [row[:5] for row in rows[:3]] == [["classes", "0", "Welsh", str(at), TEXT[at]] for at in range(3)]
    np.testing.assert_array_equal(np.array([row[5] for row in rows], np.float32).reshape(3, -1), values)
    columns, rows = table(screen, "hidden")
    assert columns == ["tensor", "row", "step", "read", "value"]
    assert len(rows) == UNITS * len(TEXT)


def test_the_change_since_a_pinned_step_is_drawn_where_both_have_read_the_same(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_sequences(screen, hidden_panel(), frames=3)
    screen.page.get_by_role("button", name="Pin").click()
    screen.press("Home")
    change = (sequence_at(0)[HIDDEN] - sequence_at(20)[HIDDEN])[:, : len(TEXT)]
    screen.page.mouse.move(0, 0)
    plan = until_drawn(screen, "hidden", ROWS, COLUMNS, lambda found: alike(found, expected_of(change)))
    expect(screen.get("panel-hidden").locator(".ls-shape")).to_have_text("change since step 20")
    canvas = screen.get("panel-hidden").locator("canvas")
    x, y = plan["centres"][2][1]
    canvas.hover(position={"x": x, "y": y})
    said = f"rnn.0, unit 2 at step 1, {quoted('b')}: changed by {change[2, 1]:+.6g}".replace("-", "−")
    screen.until(lambda: told(screen, "hidden") == [said])
    screen.harness.runs["one"].text = "other"
    screen.harness.call("advance", 10)
    screen.press("End")
    expect(screen.get("panel-hidden").locator(".ls-nothing")).to_contain_text("have read different sequences")
    assert told(screen, "hidden") == [] or screen.get("panel-hidden").locator(".ls-tooltip").is_hidden()


def test_steps_beyond_those_that_are_kept_are_said_and_none_is_nothing(screen: Screen) -> None:
    long = "x" * (MOST + 5)
    run = screen.harness.runs["one"]
    open_sequences(screen, hidden_panel())
    run.text = long
    screen.harness.call("advance", 10)
    expect(screen.get("panel-hidden").locator(".ls-shape")).to_contain_text(f"the first {MOST} of {len(long)} steps")
    run.text = ""
    screen.harness.call("advance", 10)
    expect(screen.get("panel-hidden").locator(".ls-nothing")).to_have_text("There is nothing to be shown at this step.")
    assert sequence_words("") == {"read": "", "guess": CLASSES[0]}


def test_two_runs_have_a_heatmap_each_of_what_each_has_read(screen: Screen) -> None:
    screen.harness.runs["two"].text = "xyz"
    screen.harness.end("paused", "", run="two")
    open_sequences(screen, *side_by_side([hidden_panel()]), others=["two"])
    shapes = screen.get("panel-hidden").locator(".ls-shape")
    screen.until(lambda: shapes.all_inner_texts() == [f"{UNITS} × {len(TEXT)} steps", f"{UNITS} × 3 steps"])
    screen.get("table-hidden").click()
    screen.until(lambda: len(tables(screen, "hidden")) == 2)
    first, second = tables(screen, "hidden")
    assert (len(first["head"]), len(second["head"])) == (1 + len(TEXT), 4)


def test_a_picture_has_all_columns_however_few_are_in_sight(screen: Screen) -> None:
    text = "a dark and stormy night "
    screen.harness.runs["one"].text = text
    screen.page.set_viewport_size({"width": 390, "height": 844})
    open_sequences(screen, hidden_panel())
    expect(screen.get("panel-hidden").locator(".ls-shape")).to_contain_text("→")
    length = drawn(screen, "hidden", ROWS, list(text.replace(" ", "␣")))["length"]
    _, picture = taken(screen, "hidden", "png")
    image = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"))
    assert image.shape[1] == pytest.approx(2 * (length + 32), abs=4)
    last = image[2 * 60 : 2 * 120, -2 * (16 + 6)]
    assert (last.min(axis=0) < 250).any(), "the last column is there"
