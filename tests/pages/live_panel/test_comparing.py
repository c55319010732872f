"""Several runs in one panel: steered and scrubbed as one, side by side and in one figure."""

import io
import json
from collections.abc import Callable
from contextlib import suppress

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator

from engine.figures.comparison import over_seeds, side_by_side
from engine.figures.curves import loss_panel
from tests.pages.live_panel.conftest import HOOKS, Screen, record
from tests.pages.live_panel.samples import boundary_at, sample_panels, scalars_at
from tests.pages.live_panel.test_tables import number, show, tables
from tests.pages.live_panel.test_taking import table, taken

LOSS = "document.querySelector('[data-testid=panel-loss] .ls-plot')"
HALF = "document.querySelector('[data-testid=panel-boundary] [data-run={}] .ls-plot')"


def open_both(screen: Screen, first: int, second: int) -> None:
    """Show run one with so many frames, 0, 10, 20, ..., beside run two with its own, 0, 7, 14, ..."""
    record(screen.harness, first)
    for _ in range(second - 1):
        screen.harness.call("advance", 7, run="two")
    screen.harness.end("paused", "", run="two")
    screen.open()
    panels = json.dumps([panel.to_json() for panel in side_by_side(sample_panels())])
    screen.ask(f"void harness.update({{ others: ['two'], panels: {panels}, learning_rate: null }})")
    screen.until(lambda: screen.ask(f"{HOOKS}.other?.shownStep") == 7 * (second - 1))
    screen.until(lambda: screen.ask(f"Boolean({HALF.format('B')}?.data?.[0].z?.length)"))


def steps_shown(screen: Screen) -> list[int]:
    """Return the step on the screen, of either run."""
    return screen.ask(f"[{HOOKS}.shownStep, {HOOKS}.other.shownStep]")


def half(screen: Screen, run: str) -> np.ndarray:
    """Return the boundary of one of the two runs, as it is drawn."""
    return np.array(screen.ask(f"Array.from({HALF.format(run)}.data[0].z, (row) => Array.from(row))"), np.float32)


def test_maps_lie_side_by_side_and_curves_in_one_figure(screen: Screen) -> None:
    open_both(screen, 30, 30)
    for run, step in (("A", 290), ("B", 203)):
        np.testing.assert_array_equal(half(screen, run), boundary_at(step))
        assert screen.get("panel-boundary").locator(f"[data-run={run}] .ls-half-step").inner_text() == f"step {step}"
    boxes = [screen.page.locator(f"[data-testid=panel-boundary] [data-run={run}]").bounding_box() for run in "AB"]
    assert boxes[0] is not None
    assert boxes[1] is not None
    assert boxes[0]["y"] == boxes[1]["y"]
    assert boxes[0]["x"] + boxes[0]["width"] <= boxes[1]["x"]
    screen.get("panel-loss").scroll_into_view_if_needed()
    screen.until(lambda: screen.ask(f"{LOSS}.data?.[2].y?.length ?? 0") == 30)
    for trace, pace, column in ((0, 10, 0), (1, 10, 1), (2, 7, 0), (3, 7, 1)):
        assert screen.ask(f"Array.from({LOSS}.data[{trace}].x)") == [pace * place for place in range(30)]
        expected = [scalars_at(pace * place)[column] for place in range(30)]
        np.testing.assert_array_equal(screen.ask(f"Array.from({LOSS}.data[{trace}].y)"), expected)
    assert screen.ask(f"[0, 2].map((trace) => {LOSS}.data[trace].line.dash)") == ["solid", "dash"]
    assert screen.ask(f"{LOSS}.data[0].line.color === {LOSS}.data[2].line.color")
    assert [screen.get(f"ls-run-{run}").inner_text() for run in "AB"] == ["A\nRun one", "B\nRun two"]
    assert screen.get("ls-readout-step-B").inner_text() == "203"
    assert float(screen.get("ls-readout-loss-B").inner_text()) == pytest.approx(scalars_at(203)[0], abs=6e-4)
    assert not screen.errors


def test_one_scrubber_moves_both_and_a_step_that_one_lacks_shows_the_one_before(screen: Screen) -> None:
    open_both(screen, 30, 30)
    steps = sorted({*range(0, 300, 10), *range(0, 210, 7)})
    assert screen.get("ls-scrubber").get_attribute("max") == str(len(steps) - 1)
    for wanted, mine, other in ((70, 70, 70), (77, 70, 77), (80, 80, 77), (250, 250, 203), (0, 0, 0)):
        screen.get("ls-scrubber").fill(str(steps.index(wanted)))
        screen.until(lambda mine=mine, other=other: steps_shown(screen) == [mine, other])
        screen.until(lambda other=other: np.array_equal(half(screen, "B"), boundary_at(other)))
        assert screen.get("ls-step-label").inner_text().startswith(f"Step {wanted}")
        for run, step in (("A", mine), ("B", other)):
            said = f"step {step}" if step == wanted else f"step {step}, the nearest it has before {wanted}"
            screen.until(
                lambda run=run, said=said: (
                    screen.get("panel-boundary").locator(f"[data-run={run}] .ls-half-step").inner_text() == said
                )
            )
    screen.press("End")
    screen.until(lambda: steps_shown(screen) == [290, 203])


def test_one_transport_steers_both(screen: Screen) -> None:
    open_both(screen, 3, 3)
    runs = [screen.harness.runs[name] for name in ("one", "two")]
    assert not screen.get("ls-rate").is_visible()
    assert screen.get("ls-branch").is_disabled()
    for button, command in (("step", "step"), ("epoch", "epoch"), ("train", "resume"), ("train", "pause")):
        screen.get(f"ls-{button}").click()
        screen.until(lambda command=command: [run.commands[-1:] for run in runs] == [[(command, None)]] * 2)
        screen.until(lambda: screen.state == ("running" if runs[0].state == "running" else "paused"))
    # One that waits is not asked to pause.
    screen.get("ls-train").click()
    screen.until(lambda: screen.state == "running")
    screen.harness.end("paused", "", run="two")
    screen.get("ls-train").click()
    screen.until(lambda: runs[0].commands[-1] == ("pause", None))
    assert runs[1].commands[-1] == ("resume", None)
    # One that has ended is asked for nothing more: the other goes on.
    screen.harness.end("finished", "All epochs are done.", run="two")
    screen.page.get_by_role("alert").filter(has_text="B: All epochs are done.").wait_for()
    screen.get("ls-step").click()
    screen.until(lambda: runs[0].commands[-1] == ("step", None))
    assert runs[1].commands[-1] == ("resume", None)
    # A reset leads both back: the one that is over by another in its place, which the page opens.
    screen.get("ls-reset").click()
    screen.until(lambda: runs[0].commands[-1] == ("reset", None))
    screen.until(lambda: screen.ask("harness.told.at(-1)") == ["again", {"run": "one"}])
    screen.get("ls-stop").click()
    screen.until(lambda: runs[0].commands[-1] == ("stop", None))
    assert runs[1].commands[-1] == ("resume", None)


def test_the_second_run_comes_and_goes_and_the_first_stays_as_it_is(screen: Screen) -> None:
    open_both(screen, 10, 10)
    runs = screen.harness.runs
    assert [len(runs[name].watchers) for name in ("one", "two")] == [1, 1]
    watching = runs["one"].watchers.copy()
    screen.ask("void harness.update({ others: [] })")
    screen.until(lambda: not runs["two"].watchers)
    assert runs["one"].watchers == watching, "its stream was opened anew"
    screen.until(lambda: screen.ask(f"{HOOKS}.other") is None)
    assert (screen.shown, screen.state) == (90, "paused")
    assert not screen.get("ls-run-A").is_visible()
    assert screen.get("ls-branch").is_enabled()


def test_a_pinned_step_is_compared_with_in_both_runs(screen: Screen) -> None:
    open_both(screen, 30, 30)
    screen.get("ls-scrubber").fill("0")
    screen.until(lambda: steps_shown(screen) == [0, 0])
    screen.get("ls-pin").click()
    screen.press("End")
    screen.until(lambda: steps_shown(screen) == [290, 203])
    for run, step in (("A", 290), ("B", 203)):
        np.testing.assert_array_equal(half(screen, run), boundary_at(step) - boundary_at(0))


def test_one_choice_of_a_tensor_serves_both(screen: Screen) -> None:
    open_both(screen, 3, 3)
    card = screen.get("panel-map")
    card.scroll_into_view_if_needed()
    choice = card.locator("select")
    assert choice.count() == 1
    choice.select_option("layers.1.weight")
    sizes = card.locator(".ls-shape")
    screen.until(lambda: sizes.all_inner_texts() == ["8 × 8", "8 × 8"])


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_two_runs_fit_every_screen(screen: Screen, width: int) -> None:
    screen.page.set_viewport_size({"width": width, "height": 900})
    open_both(screen, 3, 3)
    assert screen.ask("document.documentElement.scrollWidth") <= width
    card = screen.get("panel-boundary")
    shown = [card.locator(f"[data-run={run}]") for run in "AB"]
    assert [part.is_visible() for part in shown] == [True, width > 390]
    if width > 390:
        assert not card.get_by_role("button", name="B", exact=True).is_visible()
        return
    card.get_by_role("button", name="B", exact=True).click()
    assert [part.is_visible() for part in shown] == [False, True]
    drawn = f"{HALF.format('B')}._fullLayout.width"
    screen.until(lambda: 200 < screen.ask(drawn) <= screen.ask(f"{HALF.format('B')}.clientWidth"))


def test_a_band_over_seeds_goes_as_far_as_all_have_come(screen: Screen) -> None:
    record(screen.harness, 30)
    for _ in range(20):
        screen.harness.call("advance", 7, run="two")
    screen.open()
    panels = json.dumps([panel.to_json() for panel in over_seeds([loss_panel()])])
    screen.ask(f"void harness.update({{ others: ['two'], scalars: true, panels: {panels} }})")
    screen.until(lambda: screen.ask(f"{LOSS}.data?.[3].y?.length ?? 0") > 0)
    steps = np.arange(0, 141, 10)  # run two has come to step 140
    assert screen.ask(f"Array.from({LOSS}.data[3].x)") == steps.tolist()
    of_one = [scalars_at(step)[0] for step in steps]
    paces = np.arange(0, 141, 7)
    of_two = np.interp(steps, paces, [scalars_at(step)[0] for step in paces])
    for trace, percent in ((3, 25), (4, 75), (5, 50)):
        expected = np.percentile([of_one, of_two], percent, axis=0)
        np.testing.assert_allclose(screen.ask(f"Array.from({LOSS}.data[{trace}].y)"), expected, rtol=1e-12)
    assert screen.ask(f"{HOOKS}.other") is None


def test_median_and_quartiles_are_those_of_numpy(screen: Screen) -> None:
    screen.load()
    draw = np.random.default_rng(5)
    curves = []
    for last in (400, 250, 330):
        steps = np.unique(np.concatenate([[0, last], draw.integers(1, last, 60)]))
        curves.append({"steps": steps.tolist(), "values": draw.normal(size=len(steps)).tolist()})
    told = screen.page.evaluate(
        """async (curves) => {
            const { quantile, spread } = await import("/live/assets/test/spread.js");
            const { spreadUpdate } = await import("/live/assets/test/bindings.js");
            const { Series } = await import("/live/assets/test/series.js");
            const begun = new Series(["loss"]);
            begun.merge([0], [1]);
            const bind = { array: "loss", attribute: "y", scale: "linear", share: 0.5 };
            const [one, none] = [{ series: begun }, { series: new Series(["loss"]) }];
            const drawn = [[one, null], [one, none], [one]];
            const bands = [0.25, 0.5, 0.75].map((share) => spread(curves, share));
            const broken = [quantile([1, NaN, 2], 0.5), quantile([], 0.5)].map(String);
            const early = drawn.map((all) => Object.keys(spreadUpdate(bind, all)).length);
            return { x: [...bands[0].x], y: bands.map(({ y }) => [...y]), broken, early };
        }""",
        curves,
    )
    shared = [step for step in curves[0]["steps"] if step <= 250]
    assert told["x"] == shared
    values = [np.interp(shared, curve["steps"], curve["values"]) for curve in curves]
    np.testing.assert_allclose(told["y"], np.percentile(values, [25, 50, 75], axis=0), rtol=1e-9, atol=1e-12)
    assert told["broken"] == ["NaN", "NaN"]
    assert told["early"] == [0, 0, 2], "a band of some of the seeds would be another one"


def test_the_table_behind_curves_has_the_columns_of_both_runs(screen: Screen) -> None:
    open_both(screen, 10, 10)
    (loss,) = show(screen, "loss", 90)
    assert [words for _, words in loss["head"]] == ["step", "loss A", "val_loss A", "loss B", "val_loss B"]
    told = {int(row[0]): row[1:] for row in loss["rows"]}
    assert sorted(told) == sorted({*range(0, 100, 10), *range(0, 70, 7)})
    for step, cells in told.items():
        for place, pace, last in ((0, 10, 90), (2, 7, 63)):
            mine = [number(cell) for cell in cells[place : place + 2] if cell != "–"]
            expected = [] if step % pace or step > last else scalars_at(step)[:2]
            np.testing.assert_allclose(mine, expected, rtol=6e-4)


def test_the_table_behind_two_maps_says_of_each_row_whose_it_is(screen: Screen) -> None:
    open_both(screen, 10, 10)
    for found in show(screen, "boundary", 90):
        step = 90 if ": A at step 90: " in found["caption"] else 63
        assert step == 90 or ": B at step 63: " in found["caption"]
        if ": net" in found["caption"]:
            assert number(found["rows"][-1][1]) == pytest.approx(boundary_at(step)[0, 0], abs=6e-7)
    assert len(tables(screen, "boundary")) == 6


def test_what_is_taken_away_of_two_runs_says_whose_it_is(screen: Screen) -> None:
    open_both(screen, 10, 10)
    columns, rows = table(screen, "loss")
    assert columns == ["step", "loss A", "val_loss A", "loss B", "val_loss B"]
    for start, pace in ((1, 10), (3, 7)):
        mine = np.array([[row[0], *row[start : start + 2]] for row in rows if row[start] != "nan"], np.float64)
        np.testing.assert_array_equal(mine, [[pace * place, *scalars_at(pace * place)[:2]] for place in range(10)])
    columns, rows = table(screen, "boundary")
    assert columns == ["run", "step", "x", "y", "value", "of"]
    for run, step in (("A", 90), ("B", 63)):
        cells = [row[4] for row in rows if row[0] == run and row[5] == "boundary.value"]
        assert {row[1] for row in rows if row[0] == run} == {str(step)}
        np.testing.assert_array_equal(np.array(cells, np.float64), boundary_at(step).ravel().astype(np.float64))


def test_a_picture_of_two_runs_has_both_beside_each_other_with_their_names(screen: Screen) -> None:
    open_both(screen, 3, 3)
    for panel in ("boundary", "map"):
        name, data = taken(screen, panel, "png")
        assert name == f"made-up-one-{panel}-20.png"
        picture = np.asarray(Image.open(io.BytesIO(data)).convert("L")) < 128
        middle = picture.shape[1] // 2
        for half in (picture[:, :middle], picture[:, middle:]):
            assert half[:48].any(), "its run is not named"
            assert half[48:].any()


def test_a_band_is_read_and_taken_as_what_it_shows(screen: Screen) -> None:
    record(screen.harness, 30)
    for _ in range(20):
        screen.harness.call("advance", 7, run="two")
    screen.open()
    panels = json.dumps([panel.to_json() for panel in over_seeds([loss_panel()])])
    screen.ask(f"void harness.update({{ others: ['two'], scalars: true, panels: {panels} }})")
    screen.until(lambda: screen.ask(f"{LOSS}.data?.[3].y?.length ?? 0") > 0)
    steps, paces = np.arange(0, 141, 10), np.arange(0, 141, 7)
    both = [[scalars_at(step)[0] for step in steps], np.interp(steps, paces, [scalars_at(step)[0] for step in paces])]
    expected = {percent: np.percentile(both, percent, axis=0) for percent in (25, 50, 75)}
    columns, rows = table(screen, "loss")
    for percent, values in expected.items():
        place = columns.index(f"loss quantile {percent / 100:g}")
        np.testing.assert_allclose(np.array([row[place] for row in rows][: len(steps)], np.float64), values, rtol=1e-12)
        assert {row[place] for row in rows[len(steps) :]} == {"nan"}, "further than all seeds have come"
    (loss,) = show(screen, "loss", 290)
    head = [words for _, words in loss["head"]]
    for percent, words in ((25, "loss, lower quartile"), (50, "training, median"), (75, "loss, upper quartile")):
        told = {int(row[0]): row[head.index(words)] for row in loss["rows"]}
        np.testing.assert_allclose([number(told[step]) for step in steps], expected[percent], rtol=6e-4)


def test_a_number_of_run_b_is_asked_of_run_b_and_called_so(screen: Screen) -> None:
    open_both(screen, 10, 10)
    runs = screen.harness.runs
    for run, place, step in (("A", "one", 90), ("B", "two", 63)):
        plot = HALF.format(run)
        ask(screen, plot, lambda place=place: runs[place].asked)
        question = runs[place].asked[-1]
        assert (question["step"], question["array"]) == (step, "boundary.value")
        value = float(boundary_at(step)[tuple(question["index"])])
        screen.until(lambda value=value: explained(screen).get_attribute("title") == repr(value))
        heading = screen.get("ls-explained").get_by_role("heading").inner_text()
        assert heading == f"{run} (Run {place}): The number boundary.value, at step {step}"
    # What A tells of the same cell is not what was asked for.
    (told,) = {(question["array"], *question["index"]) for question in runs["two"].asked}
    answer = runs["one"].explain({"step": 90, "array": told[0], "index": list(told[1:])})
    screen.harness.call("tell", answer)
    screen.harness.call("advance", 10)
    screen.until(lambda: steps_shown(screen) == [100, 63])
    assert explained(screen).get_attribute("title") == repr(float(boundary_at(63)[told[1:]]))
    # And the box goes with its run.
    screen.ask("void harness.update({ others: [] })")
    screen.get("ls-explained").wait_for(state="hidden")


def test_a_pin_is_of_both_runs_or_of_none(screen: Screen) -> None:
    open_both(screen, 10, 10)
    screen.get("ls-pin").click()
    screen.until(lambda: screen.get("ls-pin").inner_text() == "Unpin")
    screen.harness.call("command", "reset", None, run="two")
    screen.until(lambda: screen.get("ls-pin").inner_text() == "Pin")
    screen.get("ls-pin").click()
    screen.until(lambda: screen.get("ls-pin").inner_text() == "Unpin")
    screen.ask("void harness.update({ others: ['hostile'] })")
    screen.until(lambda: screen.get("ls-pin").inner_text() == "Pin")


def ask(screen: Screen, plot: str, asked: Callable[[], list]) -> None:
    """Click near the middle of a map until its number has been asked about."""
    x, y = screen.ask(
        f"(() => {{ const {{ left, top, width, height }} = {plot}.getBoundingClientRect();"
        " return [left + width * 0.55, top + height * 0.45]; })()"
    )
    for _ in range(20):  # Plotly hears of clicks a moment after its first picture
        screen.page.mouse.move(x, y)
        screen.page.mouse.click(x, y)
        with suppress(AssertionError):
            return screen.until(asked, patience=1)
    raise AssertionError("nobody was asked about a number")


def explained(screen: Screen) -> Locator:
    return screen.page.locator(".ls-explained-value")
