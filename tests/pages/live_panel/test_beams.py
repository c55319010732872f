"""The tree of a beam search: every box is a branch that was looked at, with the number that the search had for it."""

import json

import numpy as np
import pytest
from playwright.sync_api import expect

from engine.figures.comparison import side_by_side
from engine.probes.beams import DROPPED, KEPT, OVER
from tests.pages.live_panel.beam_samples import SYMBOLS, beams_panel, searched, tree, words
from tests.pages.live_panel.conftest import Screen
from tests.pages.live_panel.samples import HOSTILE
from tests.pages.live_panel.sequence_samples import TEXT, sequence_at
from tests.pages.live_panel.sequences import open_sequences, quoted, show_panels, spy, told, written
from tests.pages.live_panel.test_asking import asked, until_told
from tests.pages.live_panel.test_tables import number, show
from tests.pages.live_panel.test_taking import table, taken

STRIP = "document.querySelector('[data-testid=panel-beams] .ls-strip')"
ORANGE, BLUE = (0xE8, 0x87, 0x1E), (0x2F, 0x8F, 0xCE)
READ = """async () => {
    const { planBeams } = await import("/live/assets/test/beamsplan.js");
    const { readBeams } = await import("/live/assets/test/beamsdata.js");
    const { fontOf, numberOf } = await import("/live/assets/test/beamsdraw.js");
    const [tree, strip] = [window.tree, document.querySelector("[data-testid=panel-beams] .ls-strip")];
    const canvas = strip.querySelector("canvas");
    const context = canvas.getContext("2d");
    context.font = `11px ${getComputedStyle(strip).fontFamily}`;
    const measure = (words) => context.measureText(words).width;
    const plan = planBeams(tree, tree.written, strip.clientWidth, strip.clientHeight, measure);
    const scale = canvas.width / strip.clientWidth;
    const pixel = (x, y) =>
        [...context.getImageData(Math.round((x - strip.scrollLeft) * scale), Math.round(y * scale), 1, 1).data];
    const boxes = tree.places.map((place) => {
        const { x, y, wide, high } = plan.boxOf(place);
        return { x, y, wide, high, edge: [-1, 0, 1].map((at) => pixel(x + at, y + high / 2)) };
    });
    return { boxes, length: plan.length, pitch: plan.pitch, room: strip.clientWidth, scrolled: strip.scrollLeft };
}"""


def places(found) -> list[dict[str, int]]:
    """Return the column and the row of each branch."""
    rows: dict[int, int] = {}
    told = []
    for step in found.reading.step.tolist():
        rows[step] = rows.get(step, -1) + 1
        told.append({"column": step - 1, "row": rows[step]})
    return told


def shown_number(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def drawn(screen: Screen, found) -> dict:
    where = places(found)
    columns = [[0] * sum(place["column"] == at for place in where) for at in range(int(found.reading.step.max()))]
    told = {
        "columns": columns,
        "rows": max(map(len, columns)),
        "places": where,
        "written": {
            "names": [SYMBOLS[symbol] for symbol in found.symbols],
            "numbers": [shown_number(value) for value in found.reading.total.tolist()],
        },
    }
    screen.page.evaluate("(tree) => { window.tree = tree; }", told)
    return screen.page.evaluate(READ)


@pytest.fixture
def found(screen: Screen, monkeypatch: pytest.MonkeyPatch):
    """A tree that the run of the harness shows at every step."""
    found = tree()
    use(screen, monkeypatch, found)
    return found


def use(screen: Screen, monkeypatch: pytest.MonkeyPatch, found) -> None:
    def with_tree(step: int, text: str = TEXT) -> dict[str, np.ndarray]:
        return sequence_at(step, text) | found.reading.arrays()

    monkeypatch.setattr("tests.pages.live_panel.harness.sequence_at", with_tree)
    screen.harness.runs["one"].words = words(found)


def open_tree(screen: Screen, **changes: object) -> None:
    open_sequences(screen, beams_panel(), **changes)  # type: ignore[arg-type]
    screen.get("panel-beams").scroll_into_view_if_needed()
    screen.until(lambda: screen.ask(f"{STRIP}?.querySelector('canvas').style.width ?? ''"))


def near(pixels: list[list[int]], colour: tuple[int, ...]) -> bool:
    """Tell whether a line of this colour passes through one of some pixels."""
    apart = [max(abs(one - other) for one, other in zip(pixel[:3], colour, strict=True)) for pixel in pixels]
    return any(pixel[3] > 150 and far < 60 for pixel, far in zip(pixels, apart, strict=True))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_box_for_each_branch_has_the_colour_of_its_fate_and_the_number_of_the_search(
    screen: Screen, found, theme: str
) -> None:
    open_tree(screen, theme=theme)
    reading = found.reading
    assert {DROPPED, KEPT, OVER} == set(reading.fate.tolist())
    screen.until(lambda: near(drawn(screen, found)["boxes"][0]["edge"], ORANGE if reading.found[0] else BLUE))
    for at, box in enumerate(drawn(screen, found)["boxes"]):
        if reading.found[at]:
            assert near(box["edge"], ORANGE)
        elif reading.fate[at] != DROPPED:
            assert near(box["edge"], BLUE)
        else:
            assert not near(box["edge"], BLUE)
            assert not near(box["edge"], ORANGE)
    spy(screen, "beams")
    screen.ask("void harness.update({})")
    screen.ask(f"void harness.wear('{'light' if theme == 'dark' else 'dark'}')")
    wanted = sorted([shown_number(one) for one in reading.total] + [SYMBOLS[symbol] for symbol in found.symbols])
    screen.until(lambda: sorted(written(screen)) == wanted)
    expect(screen.get("panel-beams").locator(".ls-reading-about")).to_have_text("Of «twenty one».")
    for name in ("dropped", "kept", "over", "found"):
        expect(screen.get("panel-beams").locator(".ls-scale-part", has_text=name)).to_be_visible()


def lines_of(found, at: int) -> list[str]:
    reading = found.reading
    text, place = "", at
    while place >= 0:
        text, place = SYMBOLS[found.symbols[place]] + text, int(reading.parent[place])

    def exact(value: float) -> str:
        return f"{float(f'{value:.6g}'):g}".replace("-", "−")

    total, cost, parent = float(reading.total[at]), float(reading.cost[at]), int(reading.parent[at])
    sum_ = f"{exact(float(reading.total[parent]))} − {exact(-cost)} = " if parent >= 0 else ""
    fate = ("dropped", "kept", "over")[reading.fate[at]] + (", found" if reading.found[at] else "")
    return [quoted(text), f"log-probability: {sum_}{exact(total)}", f"score: {exact(float(reading.score[at]))}", fate]


def test_a_branch_tells_its_sum_and_is_asked_about_and_so_is_its_line(screen: Screen, found) -> None:
    open_tree(screen)
    canvas = screen.get("panel-beams").locator("canvas")
    boxes = drawn(screen, found)["boxes"]
    best = int(np.flatnonzero(found.reading.found)[-1])
    for at in (0, len(boxes) - 1, best):
        box = boxes[at]
        canvas.hover(position={"x": box["x"] + box["wide"] / 2, "y": box["y"] + box["high"] / 2})
        screen.until(lambda at=at: told(screen, "beams") == lines_of(found, at))
    box = boxes[best]
    canvas.click(position={"x": box["x"] + 5, "y": box["y"] + box["high"] / 2})
    until_told(screen, float(found.reading.total[best]))
    assert asked(screen)[-1] == {"step": 0, "array": "beams.total", "index": [best]}
    screen.press("Escape")
    canvas.click(position={"x": box["x"] - 8, "y": box["y"] + box["high"] / 2})
    until_told(screen, float(found.reading.cost[best]))
    assert asked(screen)[-1] == {"step": 0, "array": "beams.cost", "index": [best]}


def test_keys_walk_over_the_branches_and_none_leads_out_of_a_short_column(screen: Screen, found) -> None:
    open_tree(screen)
    where = places(found)
    index = {(place["column"], place["row"]): at for at, place in enumerate(where)}
    heights = [sum(place["column"] == at for place in where) for at in range(where[-1]["column"] + 1)]
    assert heights[0] < max(heights), "else no column is shorter"
    canvas = screen.get("panel-beams").locator("canvas")
    voice = screen.get("panel-beams").locator(".ls-tooltip + [role=status]")
    canvas.focus()
    column, row, is_inside = 0, 0, False
    for key in ("ArrowDown", "ArrowRight", *["ArrowDown"] * 6, "ArrowLeft", "ArrowUp", "Shift+ArrowRight"):
        screen.press(key)
        if not is_inside:
            is_inside = True  # the first key leads in
        elif key == "ArrowDown":
            row = min(row + 1, heights[column] - 1)
        elif key == "ArrowUp":
            row -= 1
        elif "Right" in key:
            column = min(column + (10 if "Shift" in key else 1), len(heights) - 1)
        elif key == "ArrowLeft":
            column -= 1
        row = min(row, heights[column] - 1)
        lines = lines_of(found, index[column, row])
        expect(voice).to_have_text(". ".join(lines) + ".")
        screen.until(lambda lines=lines: told(screen, "beams") == lines)
    screen.press("Shift+Enter")
    screen.until(lambda: asked(screen) and asked(screen)[-1]["array"] == "beams.cost")
    assert asked(screen)[-1]["index"] == [index[column, row]]


@pytest.mark.parametrize("width", [1440, 390])
def test_a_long_search_scrolls_sideways(screen: Screen, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    found = tree(24, 2)
    use(screen, monkeypatch, found)
    screen.page.set_viewport_size({"width": width, "height": 844})
    open_tree(screen)
    expect(screen.get("panel-beams").locator(".ls-shape")).to_have_text(f"24 symbols, {len(found.symbols)} branches →")
    screen.get("panel-beams").locator("canvas").focus()
    for key in ("ArrowDown", *["Shift+ArrowRight"] * 3):
        screen.press(key)
    last = next(at for at, place in enumerate(places(found)) if place == {"column": 23, "row": 0})
    screen.until(lambda: told(screen, "beams") == lines_of(found, last))
    seen = drawn(screen, found)
    assert seen["scrolled"] > 0
    box = seen["boxes"][last]
    left = box["x"] - seen["scrolled"]
    assert 0 < left < left + box["wide"] <= seen["room"]
    screen.get("panel-beams").locator("canvas").click(position={"x": left + 5, "y": box["y"] + 5})
    screen.until(lambda: asked(screen) and asked(screen)[-1]["index"] == [last])
    assert screen.ask("document.documentElement.scrollWidth") <= width


def test_the_table_and_the_file_tell_all_branches(screen: Screen, found) -> None:
    open_tree(screen)
    steps = searched().steps
    shown = show(screen, "beams", 0)
    assert [one["caption"] for one in shown] == [
        f"Beam tree, step 0: beginnings of {at + 1}" for at in range(len(steps))
    ]
    for step, one in zip(steps, shown, strict=True):
        assert len(one["rows"]) == len(step)
        for branch, row in zip(step, one["rows"], strict=True):
            assert "".join(SYMBOLS[symbol] for symbol in branch.symbols) in row[1]
            assert number(row[3]) == pytest.approx(branch.log_probability, rel=1e-3)
            assert number(row[4]) == pytest.approx(branch.score, rel=1e-3)
            assert ("dropped" in row[5]) is not branch.kept
    columns, rows = table(screen, "beams")
    assert columns[:4] == ["branch", "parent", "symbols", "beginning"]
    reading = found.reading
    assert [row[1] for row in rows] == ["" if parent < 0 else str(parent) for parent in reading.parent.tolist()]
    numbers = np.array([row[5:8] for row in rows], np.float32)
    np.testing.assert_array_equal(numbers, np.stack([reading.cost, reading.total, reading.score], axis=1))
    assert taken(screen, "beams", "png")[1][1:4] == b"PNG"


def test_where_nothing_was_searched_that_is_said(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    use(screen, monkeypatch, tree())
    screen.harness.runs["one"].words = {"branches": ""}
    open_sequences(screen, beams_panel())
    expect(screen.get("panel-beams").locator(".ls-nothing")).to_contain_text("Nothing was searched")
    assert not screen.errors


def test_two_runs_have_a_tree_each_and_names_are_text(screen: Screen, found) -> None:
    screen.harness.runs["one"].words = {
        **words(found),
        "branches": "\n".join([HOSTILE] * len(found.symbols)),
        "search": HOSTILE,
    }
    open_tree(screen)
    assert HOSTILE in screen.get("panel-beams").inner_text()
    assert screen.ask("window.hacked") is None
    show_panels(screen, *side_by_side([beams_panel()]))
    expect(screen.page.locator(".ls-strip canvas")).to_have_count(2)
    assert json.dumps(beams_panel().to_json())
    assert not screen.errors
