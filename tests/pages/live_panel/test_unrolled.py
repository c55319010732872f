"""The net unrolled over the steps of a sequence: boxes for its states, arrows for the gradients at them."""

from collections.abc import Sequence

import numpy as np
import pytest
from playwright.sync_api import expect

from engine.figures.comparison import side_by_side
from tests.pages.live_panel.conftest import Screen
from tests.pages.live_panel.sequence_samples import LAYERS, TEXT, sequence_at, unrolled_panel
from tests.pages.live_panel.sequences import open_sequences, quoted, spy, told, written
from tests.pages.live_panel.test_asking import asked, until_told
from tests.pages.live_panel.test_tables import number, show, tables
from tests.pages.live_panel.test_taking import table
from tests.pages.live_panel.tiles import cividis

STATE, GRADIENT = "unrolled.state", "unrolled.gradient"
STRIP = "document.querySelector('[data-testid=panel-unrolled] .ls-strip')"
GREY, ORANGE = np.array([0x87, 0x91, 0x9C]), np.array([0xE8, 0x87, 0x1E])
# The plan, the colour of each box, and of each arrow a column of pixels across it in its middle.
READ = """async ([layers, steps, rows, columns]) => {
    const { planUnrolled } = await import("/live/assets/test/unrolledplan.js");
    const strip = document.querySelector("[data-testid=panel-unrolled] .ls-strip");
    const canvas = strip.querySelector("canvas");
    const context = canvas.getContext("2d");
    context.font = `11px ${getComputedStyle(strip).fontFamily}`;
    const measure = (words) => context.measureText(words).width;
    const plan = planUnrolled({ layers, rows, steps }, columns, strip.clientWidth, strip.clientHeight, measure);
    const scale = canvas.width / strip.clientWidth;
    const pixel = (x, y) =>
        [...context.getImageData(Math.floor((x - strip.scrollLeft) * scale), Math.floor(y * scale), 1, 1).data];
    const cells = [...Array(rows).keys()].map((row) => [...Array(columns).keys()].map((column) => {
        const { x, y, wide, high } = plan.boxOf(row, column);
        const onward = plan.onward(row);
        const to = column + onward;
        const across = x + (onward * wide) / 2 + 6 * onward;
        const arrow = to >= 0 && to < columns ? [...Array(13).keys()].map((at) => pixel(across, y - 6 + at)) : null;
        return { x, y, wide, high, across, box: pixel(x, y), arrow };
    }));
    return { cells, pitch: plan.pitch, left: plan.left, length: plan.length, room: strip.clientWidth,
        scrolled: strip.scrollLeft };
}"""


def drawn(screen: Screen, layers: Sequence[str] = LAYERS, text: str = TEXT, answer: str = "Welsh") -> dict:
    steps = [*text.replace(" ", "␣"), answer, "␣"]
    return screen.page.evaluate(READ, [list(layers), steps, len(layers), len(text)])


def until_painted(screen: Screen) -> None:
    screen.get("panel-unrolled").scroll_into_view_if_needed()
    screen.until(lambda: screen.ask(f"{STRIP}?.querySelector('canvas').style.width ?? ''"))


def thickness(arrow: list[list[int]]) -> float:
    """Return how many pixels across an arrow have its colour."""
    return sum(pixel[3] for pixel in arrow) / 255


def test_boxes_have_the_colours_of_states_and_arrows_those_of_gradients(screen: Screen) -> None:
    open_sequences(screen, unrolled_panel(), frames=3)
    until_painted(screen)
    arrays = sequence_at(20)
    states = arrays[STATE][:, : len(TEXT)]
    colours = cividis(screen)[np.round(states / states.max() * 255).astype(int)]
    screen.until(lambda: np.abs(boxes_of(drawn(screen)) - colours).max() <= 2, patience=20)
    powers = np.log10(arrays[GRADIENT][:, : len(TEXT)].astype(np.float64))
    share = (powers - powers.min()) / np.ptp(powers)
    assert np.ptp(powers) > 3
    for row, line in enumerate(drawn(screen)["cells"]):
        assert line[-1]["arrow"] is None, "after the last step there is none"
        for column, cell in enumerate(line[:-1]):
            middle = np.array(cell["arrow"][6][:3])
            wanted = GREY + (ORANGE - GREY) * share[row, column]
            wide = 1 + 6 * share[row, column]
            assert thickness(cell["arrow"]) == pytest.approx(wide, abs=0.5)
            if wide > 2:
                np.testing.assert_allclose(middle, wanted, atol=4)


def boxes_of(found: dict) -> np.ndarray:
    return np.array([[cell["box"] for cell in line] for line in found["cells"]])


def test_what_is_read_stands_below_and_what_is_told_above_where_something_is_asked(screen: Screen) -> None:
    open_sequences(screen, unrolled_panel())
    until_painted(screen)
    spy(screen, "unrolled")
    screen.ask("void harness.wear('dark')")
    screen.ask("void harness.update({})")
    screen.until(lambda: len(written(screen)) == len(TEXT) + 1 + len(LAYERS))
    assert sorted(written(screen)) == sorted([*TEXT.replace(" ", "␣"), "Welsh", *LAYERS])
    found = drawn(screen)
    places = {words: key.rpartition(" at ")[2].split(",") for key, words in screen.ask("window.written").items()}
    x, y = map(int, places["Welsh"])
    last = found["cells"][-1][-1]
    assert x == pytest.approx(last["x"], abs=1)
    assert y < last["y"] - last["high"] / 2
    x, y = map(int, places["a"])
    assert x == pytest.approx(found["cells"][0][0]["x"], abs=1)
    assert y > found["cells"][0][0]["y"] + last["high"] / 2

    def above(column: int) -> bool:
        """Tell whether a line leads out above the last cell of a step."""
        cell = found["cells"][-1][column]
        place = f"({cell['x'] - 2} * scale), ({cell['y'] - cell['high'] / 2 - 9} * scale), 5 * scale, 1"
        return screen.ask(
            f"""(() => {{
                const canvas = {STRIP}.querySelector("canvas");
                const scale = canvas.width / {STRIP}.clientWidth;
                return canvas.getContext("2d").getImageData({place}).data.some((byte) => byte > 0);
            }})()"""
        )

    assert [above(column) for column in range(len(TEXT))] == [False] * (len(TEXT) - 1) + [True]


def test_no_gradient_has_a_faint_arrow_and_equal_ones_look_alike(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def some(step: int, text: str = TEXT) -> dict[str, np.ndarray]:
        gradient = np.full((2, 24), 0.01, np.float32)
        gradient[0, :2] = 0, np.nan
        gradient[1, :3] = 0.012
        return sequence_at(step, text) | {GRADIENT: gradient}

    monkeypatch.setattr("tests.pages.live_panel.harness.sequence_at", some)
    open_sequences(screen, unrolled_panel())
    until_painted(screen)
    lower, upper = drawn(screen)["cells"]
    for cell in lower[:2]:
        assert max(pixel[3] for pixel in cell["arrow"]) < 150
    widths = [thickness(cell["arrow"]) for cell in [*lower[2:-1], *upper[:-1]]]
    assert min(widths) > 5.5, "a tenth of a power of ten is not much"
    low, high = screen.get("gradient-unrolled").locator("span:not(.ls-bar)").all_inner_texts()[1:]
    assert (number(low), number(high)) == (pytest.approx(1.2e-5, rel=0.01), pytest.approx(0.012, rel=0.01))


def test_a_cell_that_reads_from_the_end_has_its_arrows_to_the_left(screen: Screen) -> None:
    layers = ("0", "0.back")
    open_sequences(screen, unrolled_panel(layers))
    until_painted(screen)
    forward, back = drawn(screen, layers)["cells"]
    assert back[0]["arrow"] is None
    assert back[-1]["arrow"] is not None
    assert all(one["x"] < other["x"] for one, other in zip(forward, back, strict=True)), "they stand beside each other"
    place = back[3]
    canvas = screen.get("panel-unrolled").locator("canvas")
    canvas.click(position={"x": place["across"], "y": place["y"]})
    screen.until(lambda: asked(screen))
    assert asked(screen)[-1] == {"step": 0, "array": GRADIENT, "index": [1, 3]}
    # What both of them have read leads to both.
    ways = screen.page.evaluate(
        """async () => {
            const { planUnrolled } = await import("/live/assets/test/unrolledplan.js");
            const steps = ["a"];
            const of = (layers) => planUnrolled({ layers, rows: layers.length, steps }, 3, 600, 300, () => 9).levels;
            return [["0", "0.back", "1", "1.back"], ["0", "1"], ["0.back"], ["0", "0.back", "1.back"]].map(of);
        }"""
    )
    assert ways == [[[0, 1], [2, 3]], [[0], [1]], [[0]], [[0, 1], [2]]]


def digits(value: float) -> str:
    """Return six digits of a number, as a browser writes it: with a power of ten below a millionth."""
    rounded = float(f"{value:.6g}")
    if abs(rounded) >= 1e-6:
        return np.format_float_positional(rounded, trim="-")
    return np.format_float_scientific(rounded, trim="-", exp_digits=1).replace("e-", "e−")


def lines_of(step: int, row: int, column: int) -> list[str]:
    arrays = sequence_at(step)
    state, gradient = (digits(float(arrays[name][row, column])) for name in (STATE, GRADIENT))
    name = TEXT.replace(" ", "␣")[column]
    answer = [f"the net tells {quoted('Welsh')}"] if column == len(TEXT) - 1 else []
    return [
        f"{LAYERS[row]} at step {column}, {quoted(name)}",
        f"state, root mean square: {state}",
        f"gradient |dL/dh|: {gradient}",
        *answer,
    ]


def test_a_cell_tells_both_its_numbers_and_is_asked_about(screen: Screen) -> None:
    open_sequences(screen, unrolled_panel(), frames=2)
    until_painted(screen)
    found = drawn(screen)["cells"]
    canvas = screen.get("panel-unrolled").locator("canvas")
    for row, column in ((0, 3), (1, 5), (1, 0)):
        canvas.hover(position={"x": found[row][column]["x"], "y": found[row][column]["y"]})
        screen.until(lambda row=row, column=column: told(screen, "unrolled") == lines_of(10, row, column))
    cell = found[0][4]
    canvas.click(position={"x": cell["x"], "y": cell["y"]})
    until_told(screen, float(sequence_at(10)[STATE][0, 4]))
    assert asked(screen)[-1] == {"step": 10, "array": STATE, "index": [0, 4]}
    screen.press("Escape")
    canvas.click(position={"x": cell["across"], "y": cell["y"]})
    until_told(screen, float(sequence_at(10)[GRADIENT][0, 4]))
    assert asked(screen)[-1] == {"step": 10, "array": GRADIENT, "index": [0, 4]}
    screen.press("Escape")
    canvas.click(position={"x": cell["x"] - cell["wide"] / 2 - 8, "y": cell["y"]})
    screen.until(lambda: asked(screen)[-1] == {"step": 10, "array": GRADIENT, "index": [0, 3]})


def test_keys_walk_over_the_cells_as_they_lie(screen: Screen) -> None:
    open_sequences(screen, unrolled_panel(), frames=2)
    until_painted(screen)
    canvas = screen.get("panel-unrolled").locator("canvas")
    voice = screen.get("panel-unrolled").locator(".ls-tooltip + [role=status]")
    canvas.focus()
    for key, (row, column) in (
        ("ArrowDown", (1, 0)),
        ("ArrowDown", (0, 0)),
        ("ArrowRight", (0, 1)),
        ("ArrowUp", (1, 1)),
        ("Shift+ArrowRight", (1, len(TEXT) - 1)),
    ):
        screen.press(key)
        lines = lines_of(10, row, column)
        screen.until(lambda lines=lines: told(screen, "unrolled") == lines)
        expect(voice).to_have_text(". ".join(lines) + ".")
    screen.press("Enter")
    until_told(screen, float(sequence_at(10)[STATE][1, len(TEXT) - 1]))
    screen.press("Escape")
    canvas.focus()
    screen.press("ArrowDown")
    screen.press("Shift+Enter")
    screen.until(lambda: asked(screen)[-1]["array"] == GRADIENT)
    assert screen.shown == 10


@pytest.mark.parametrize("width", [1440, 390])
def test_a_long_sequence_scrolls_sideways(screen: Screen, width: int) -> None:
    text = "a dark and stormy night "
    screen.harness.runs["one"].text = text
    screen.page.set_viewport_size({"width": width, "height": 844})
    open_sequences(screen, unrolled_panel())
    until_painted(screen)
    found = drawn(screen, text=text)
    shape = screen.get("panel-unrolled").locator(".ls-shape")
    # It is the answer at the end that one looks for.
    expect(shape).to_have_text("← 2 cells, 24 steps" if found["length"] > found["room"] else "2 cells, 24 steps")
    assert (found["length"] > found["room"]) is (width == 390 or found["pitch"] * 24 > 1374 - found["left"])
    screen.get("panel-unrolled").locator("canvas").focus()
    screen.press("ArrowDown")
    screen.until(lambda: drawn(screen, text=text)["scrolled"] == 0)
    for _ in range(3):
        screen.press("Shift+ArrowRight")
    screen.until(lambda: told(screen, "unrolled")[:1] == [f"layer 1 at step 23, {quoted('␣')}"])
    last = drawn(screen, text=text)["cells"][1][-1]
    found = drawn(screen, text=text)
    assert found["left"] < last["x"] - found["scrolled"] < found["room"]
    canvas = screen.get("panel-unrolled").locator("canvas")
    canvas.click(position={"x": last["x"] - found["scrolled"], "y": last["y"]})
    screen.until(lambda: asked(screen) and asked(screen)[-1]["index"] == [1, 23])
    assert screen.ask("document.documentElement.scrollWidth") <= width


def test_a_single_step_has_boxes_and_no_arrows_through_time(screen: Screen) -> None:
    screen.harness.runs["one"].text = "a"
    open_sequences(screen, unrolled_panel())
    until_painted(screen)
    found = drawn(screen, text="a")["cells"]
    assert [line[0]["arrow"] for line in found] == [None, None]
    assert all(line[0]["box"][3] == 255 for line in found)
    assert screen.get("panel-unrolled").locator(".ls-shape").inner_text() == "2 cells, 1 step"
    assert not screen.errors


def test_the_table_and_the_file_tell_all_numbers(screen: Screen) -> None:
    open_sequences(screen, unrolled_panel(), frames=2)
    arrays = sequence_at(10)
    shown = show(screen, "unrolled", 10)
    assert [one["caption"] for one in shown] == [f"Unrolled net, step 10: {layer}" for layer in LAYERS]
    for row, one in enumerate(shown):
        assert [name for _, name in one["head"]] == ["number", "read", "state", "gradient", "told"]
        for column, (at, read, state, gradient, answer) in enumerate(one["rows"]):
            assert (at, read) == (str(column), f"\u2068{TEXT.replace(' ', '␣')[column]}\u2069")
            assert number(state) == pytest.approx(arrays[STATE][row, column], rel=6e-4)
            assert number(gradient) == pytest.approx(arrays[GRADIENT][row, column], rel=0.05)
            assert answer == ("\u2068Welsh\u2069" if column == len(TEXT) - 1 else "")
    columns, rows = table(screen, "unrolled")
    assert columns == ["cell", "step", "read", "state", "gradient", "told"]
    assert [row[2] for row in rows] == list(TEXT) * 2
    numbers = np.array([row[3:5] for row in rows], np.float32).reshape(2, len(TEXT), 2)
    np.testing.assert_array_equal(numbers[..., 0], arrays[STATE][:, : len(TEXT)])
    np.testing.assert_array_equal(numbers[..., 1], arrays[GRADIENT][:, : len(TEXT)])


def test_the_change_since_a_pinned_step_is_drawn_and_both_numbers_told(screen: Screen) -> None:
    open_sequences(screen, unrolled_panel(), frames=3)
    until_painted(screen)
    screen.page.get_by_role("button", name="Pin").click()
    screen.press("Home")
    expect(screen.get("panel-unrolled").locator(".ls-shape")).to_have_text("change since step 20")
    ends = screen.get("state-unrolled").locator("span:not(.ls-bar)")
    change = sequence_at(0)[STATE] - sequence_at(20)[STATE]
    most = float(np.nanmax(np.abs(change)))
    screen.until(lambda: number(ends.all_inner_texts()[2]) == pytest.approx(most, rel=5e-3))
    found = drawn(screen)["cells"]
    assert all(cell["box"][2] > cell["box"][0] for line in found for cell in line), "all states have shrunk: blue"
    power = screen.get("gradient-unrolled").locator("span:not(.ls-bar)").all_inner_texts()[2]
    assert power == f"× 10^{np.log10(3):.3f}"
    middles = np.array([cell["arrow"][6] for line in found for cell in line[:-1]])
    assert (middles[:, 2] > middles[:, 0]).all(), "and all gradients"
    assert min(thickness(cell["arrow"]) for line in found for cell in line[:-1]) == pytest.approx(7, abs=0.5)
    cell = found[0][2]
    screen.get("panel-unrolled").locator("canvas").hover(position={"x": cell["x"], "y": cell["y"]})
    now, then = (sequence_at(step)[STATE][0, 2] for step in (0, 20))
    said = f"state, root mean square: {now:.6g}, was {then:.6g}"
    screen.until(lambda: told(screen, "unrolled")[1:2] == [said])
    screen.harness.runs["one"].text = "other"
    screen.harness.call("advance", 10)
    screen.press("End")
    expect(screen.get("panel-unrolled").locator(".ls-nothing")).to_contain_text("have read different sequences")


def test_two_runs_have_a_net_each(screen: Screen) -> None:
    screen.harness.runs["two"].text = "xyz"
    screen.harness.end("paused", "", run="two")
    open_sequences(screen, *side_by_side([unrolled_panel()]), others=["two"])
    shapes = screen.get("panel-unrolled").locator(".ls-shape")
    screen.until(lambda: shapes.all_inner_texts() == [f"2 cells, {len(TEXT)} steps", "2 cells, 3 steps"])
    screen.get("table-unrolled").click()
    screen.until(lambda: len(tables(screen, "unrolled")) == 4)


def test_a_net_that_is_not_there_is_nothing(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.pages.live_panel.harness.sequence_at", lambda step, text: {})
    open_sequences(screen, unrolled_panel())
    expect(screen.get("panel-unrolled").locator(".ls-nothing")).to_have_text(
        "There is nothing to be shown at this step."
    )
    screen.get("panel-unrolled").locator("canvas").focus()
    screen.press("ArrowDown")
    screen.press("Enter")
    assert not asked(screen)
    assert not screen.errors


def test_a_step_that_reads_nothing_has_no_name_and_a_blank_has_its_own(screen: Screen) -> None:
    open_sequences(screen, unrolled_panel())
    names = screen.ask(
        """(async () => {
            const { nameOf, quoted } = await import("/live/assets/test/steps.js");
            return [nameOf(""), nameOf(" "), quoted(""), quoted(" ")];
        })()"""
    )
    assert names == ["", "␣", "nothing", quoted("␣")]
