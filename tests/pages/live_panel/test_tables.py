"""The table behind every drawing: the numbers of the step shown, as a real table."""

import numpy as np

from engine.data.catalogue import PROBLEMS
from engine.figures.boundary import boundary_panel
from tests.pages.live_panel.conftest import Screen, record
from tests.pages.live_panel.samples import GRID, HOSTILE, LAYERS, opening, sample_frame, scalars_at

READ = """(id) => [...document.querySelectorAll(`[data-testid=data-${id}] table`)].map((table) => ({
    caption: table.caption.textContent,
    head: [...table.tHead.rows[0].cells].map((cell) => [cell.scope, cell.textContent]),
    rows: [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.textContent)),
    scopes: [...new Set([...table.tBodies[0].rows].map((row) => row.cells[0].scope))],
    current: [...table.tBodies[0].rows].findIndex((row) => row.getAttribute("aria-current") === "true"),
}))"""


def tables(screen: Screen, panel: str) -> list[dict]:
    """Return the tables behind a panel as they stand on the page."""
    return screen.page.evaluate(READ, panel)


def show(screen: Screen, panel: str, step: int) -> list[dict]:
    """Open the table behind a panel and return it as soon as it is that of a step."""
    screen.get(f"table-{panel}").click()
    said = f"step {step:,}"
    screen.until(lambda: said in "".join(table["caption"] for table in tables(screen, panel)), patience=60)
    return tables(screen, panel)


def number(text: str) -> float:
    """Return what a number on the screen says."""
    return float(text.replace("−", "-").replace(",", ""))


def test_the_table_of_a_curve_is_thinned_over_all_steps_and_follows_the_scrubber(screen: Screen) -> None:
    record(screen.harness, 200)
    screen.open()
    (loss,) = show(screen, "loss", 1990)
    assert loss["caption"] == "Loss, step 1,990; 50 of 200 rows"
    assert loss["head"] == [["col", "step"], ["col", "loss"], ["col", "val_loss"]]
    assert loss["scopes"] == ["row"]
    steps = [int(number(row[0])) for row in loss["rows"]]
    assert steps == sorted(steps, reverse=True)
    assert (steps[0], steps[-1], len(steps), loss["current"]) == (1990, 0, 50, 0)
    for step, told in zip(steps, loss["rows"], strict=True):
        np.testing.assert_allclose([number(cell) for cell in told[1:]], scalars_at(step)[:2], rtol=6e-4)
    for _ in range(120):
        screen.press("ArrowLeft")
    screen.until(lambda: tables(screen, "loss")[0]["caption"].startswith("Loss, step 790"), patience=60)
    (loss,) = tables(screen, "loss")
    assert loss["rows"][loss["current"]][0] == "790"
    row = "document.querySelector('[data-testid=data-loss] [aria-current=true]').getBoundingClientRect()"
    place = "document.querySelector('[data-testid=data-loss]').getBoundingClientRect()"
    assert screen.ask(f"{place}.top <= {row}.top && {row}.bottom <= {place}.bottom"), "the row is out of sight"


def test_the_table_of_a_plane_is_a_grid_from_the_top_down_and_its_points(screen: Screen) -> None:
    record(screen.harness, 3)
    screen.open()
    net, training, validation = show(screen, "boundary", 20)
    kept = np.floor(np.linspace(0, GRID - 1, 25) + 0.5).astype(int)
    assert net["caption"] == "Boundary, step 20: net; 25 of 50 rows, 25 of 50 columns"
    axis = np.linspace(-6, 6, GRID)
    np.testing.assert_allclose([number(text) for _, text in net["head"][1:]], axis[kept], rtol=6e-4)
    np.testing.assert_allclose([number(row[0]) for row in net["rows"]], axis[::-1][kept], rtol=6e-4)
    told = [[number(cell) for cell in row[1:]] for row in net["rows"]]
    # Evenly from the top: which rows these are is no matter, but that they are the ones named.
    value = sample_frame(20)["boundary.value"][::-1]
    np.testing.assert_allclose(told, value[np.ix_(kept, kept)], rtol=6e-4)
    arrays = opening()
    for points, half in ((training, "train"), (validation, "validation")):
        assert [name for _, name in points["head"]] == ["number", "x", "y", "value"]
        expected = np.stack([arrays[f"points.{half}_{name}"] for name in ("x", "y", "label")], axis=1)
        np.testing.assert_allclose([[number(cell) for cell in row[1:]] for row in points["rows"]], expected, rtol=6e-4)


def test_the_table_of_the_net_has_all_weights_by_layer(screen: Screen) -> None:
    record(screen.harness, 3)
    screen.open()
    shown = show(screen, "network", 20)
    frame = sample_frame(20)
    names = [f"layers.{layer}.{kind}" for layer in range(LAYERS) for kind in ("weight", "bias")]
    assert [table["caption"].removeprefix("Network, step 20: ") for table in shown] == names
    for name, table in zip(names, shown, strict=True):
        told = [[number(cell) for cell in row[1:]] for row in table["rows"]]
        np.testing.assert_allclose(told, np.atleast_2d(frame[f"weights.{name}"]), rtol=6e-4)


def test_the_tables_of_layers_over_steps_and_of_a_tensor(screen: Screen) -> None:
    record(screen.harness, 4)
    screen.open()
    (update,) = show(screen, "update", 30)
    assert [name for _, name in update["head"]] == ["step", *(f"layers.{layer}" for layer in range(LAYERS))]
    expected = [[step, *scalars_at(step)[-LAYERS:]] for step in (30, 20, 10, 0)]
    np.testing.assert_allclose([[number(cell) for cell in row] for row in update["rows"]], expected, rtol=0.05)
    (first,) = show(screen, "map", 30)
    screen.get("tensor-map").select_option("layers.1.weight")
    screen.until(lambda: tables(screen, "map")[0]["caption"].endswith("layers.1.weight"), patience=60)
    (second,) = tables(screen, "map")
    for table, layer in ((first, 0), (second, 1)):
        told = [[number(cell) for cell in row[1:]] for row in table["rows"]]
        np.testing.assert_allclose(told, sample_frame(30)[f"gradient_map.layers.{layer}.weight"], rtol=0.05)


def test_a_place_of_several_classes_is_told_by_the_name_of_its_class(screen: Screen) -> None:
    screen.load()
    problem = PROBLEMS["iris"]
    told = screen.page.evaluate(
        """async (panel) => {
            const { plotTable } = await import("/live/assets/test/tabular.js");
            const { blocksOf } = await import("/live/assets/test/datatable.js");
            const array = (shape, ...values) => ({ shape, values: Float32Array.from(values) });
            const opening = { arrays: new Map([["axis.x", array([2], 1, 2)], ["axis.y", array([2], 3, 4)]]) };
            const frame = { arrays: new Map([["boundary.value", array([2, 2], 0.9, 1.2, 2.99, 2)]]) };
            const [grid] = blocksOf(plotTable(panel, { recording: { opening }, frame }), "Boundary", 0);
            return [grid.columns, ...grid.rows];
        }""",
        boundary_panel(problem).to_json(),
    )
    first, second, third = problem.classes
    assert told[1:] == [[4, third, third], [3, first, second]]
    assert told[0][1:] == ["1", "2"]


def test_a_table_is_read_by_keyboard_and_hides_the_drawing_behind_it(screen: Screen) -> None:
    record(screen.harness, 3)
    screen.open()
    button = screen.get("table-network")
    assert button.get_attribute("aria-pressed") == "false"
    button.focus()
    screen.press("Enter")
    screen.until(lambda: tables(screen, "network") != [], patience=60)
    assert button.get_attribute("aria-pressed") == "true"
    screen.press("Tab")
    screen.press("Tab")  # over the question mark
    assert screen.ask("document.activeElement.dataset.testid") == "data-network"
    assert not screen.get("panel-network").locator("canvas").is_visible()
    before = screen.shown
    screen.press("End")
    screen.until(lambda: screen.ask("document.activeElement.scrollTop") > 0, patience=60)
    assert screen.shown == before
    button.click()
    screen.get("panel-network").locator("canvas").focus()
    assert screen.ask("document.activeElement.tagName") == "CANVAS"


def test_every_drawing_has_a_table_and_what_is_one_has_no_other(screen: Screen) -> None:
    screen.open()
    kinds = screen.ask(
        """[...document.querySelectorAll(".ls-card")].map((card) =>
            [card.dataset.kind, Boolean(card.querySelector(".ls-toggle")),
                Boolean(card.querySelector("table, .ls-words"))])"""
    )
    assert {(kind, tool) for kind, tool, _ in kinds if kind in ("plot", "network", "tensor", "tiles")} == {
        ("plot", True), ("network", True), ("tensor", True), ("tiles", True),
    }  # fmt: skip
    assert all(written and not tool for kind, tool, written in kinds if kind in ("table", "words"))


def test_numbers_of_the_confusion_table_are_those_of_its_cells(screen: Screen) -> None:
    screen.load()
    told = screen.page.evaluate(
        """async () => {
            const { Card } = await import("/live/assets/test/card.js");
            const { TableView } = await import("/live/assets/test/table.js");
            const panel = { id: "t", kind: "table", title: "T", help: "", alt: "", corner: "true", rows: ["a", "b"],
                columns: ["a", "b", "F1"], arrays: ["confusion.validation", "confusion.scores"] };
            const view = new TableView(panel, new Card(panel));
            const arrays = new Map([
                ["confusion.validation", { shape: [2, 2], values: Int32Array.from([5, 1, 2, 7]) }],
                ["confusion.scores", { shape: [2, 1], values: Float64Array.from([0.25, 0.5]) }],
            ]);
            return view.numbers({ frame: { arrays } });
        }"""
    )
    assert told == {"columns": ["true", "a", "b", "F1"], "rows": [["a", 5, 1, 0.25], ["b", 2, 7, 0.5]]}


def test_names_in_a_table_are_text(screen: Screen) -> None:
    screen.open(run="hostile")
    (*_, last) = show(screen, "network", 0)
    assert last["caption"].startswith(HOSTILE)
    screen.get("tensor-map").select_option(HOSTILE)  # there is no such tensor, and nothing to be shown of it
    screen.get("table-map").click()
    assert screen.ask("document.querySelectorAll('.ls-panel img').length") == 0
    assert not screen.errors
