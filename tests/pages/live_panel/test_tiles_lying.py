"""Where tiles lie, on screens of all sizes and from frame to frame."""

import json

import numpy as np
import pytest

from engine.figures.panel import TilesPanel
from tests.pages.live_panel import samples
from tests.pages.live_panel.conftest import Screen
from tests.pages.live_panel.samples import captions_at, pictures_at, tiles_panels
from tests.pages.live_panel.tiles import C3, canvas_of, drawn, open_tiles, painted

SHAPES = [
    *([6, 1, 5, 5], [16, 6, 5, 5], [64, 3, 11, 11], [40, 70, 3, 3], [30, 50, 1, 1]),
    *([5, 300, 200], [4096], [0, 8, 8], [12, 12, 47, 47]),
]
BOXES = """JSON.stringify([...document.querySelectorAll(".ls-card, .ls-tiles")]
    .map((part) => part.getBoundingClientRect()))"""
WRITTEN = """void (() => {
    const { prototype } = CanvasRenderingContext2D;
    const original = (prototype.original ??= prototype.fillText);
    window.written = [];
    prototype.fillText = function (words, x, y) {
        original.call(this, words, x, y);
        window.written.push(words);
    };
})()"""
BEYOND = """(({ head, card, tiles }) => [
    [...head.querySelectorAll("*")].filter((part) =>
        part.checkVisibility() && part.getBoundingClientRect().right > card.getBoundingClientRect().right).length,
    tiles.scrollWidth - tiles.clientWidth,
    document.documentElement.scrollWidth - innerWidth,
])(((card) => ({ card, head: card.querySelector(".ls-head"), tiles: card.querySelector(".ls-tiles") }))(
    document.querySelector("[data-testid=panel-%s]")))"""
PLANNED = """async (shapes) => {
    const { planTiles } = await import("/live/assets/test/tilesplan.js");
    const wrong = [];
    for (const shape of shapes) {
        for (const [width, height] of [[620, 300], [310, 200], [1300, 500], [150, 90]]) {
            const [groups, across] = [shape[0], shape.length === 4 ? shape[1] : 1];
            const [high, wide] = shape.length > 1 ? shape.slice(-2) : [1, 1];
            const count = groups * across;
            const form = { groups, across, count, height: high, width: wide };
            const plan = planTiles({ shape, ...form, pictures: false, captions: [] }, width, height);
            let lowest = 0;
            for (let tile = 0; tile < count; tile += 7) {
                const box = plan.boxOf(tile);
                lowest = Math.max(lowest, box.y + box.high);
                const [row, column] = [tile % high, (3 * tile) % wide];
                const at = plan.cellAt(box.x + (column + 0.5) * plan.zoom, box.y + (row + 0.5) * plan.zoom);
                const [from, to] = plan.between(box.y, box.y + box.high);
                const beside = [box.x - 1, box.x + box.wide + 0.5].map((x) => plan.cellAt(x, box.y + 0.5)?.tile);
                const isFound = at?.tile === tile && at.row === row && at.column === column;
                const isWithin = box.x >= 0 && box.x + box.wide <= width && from <= tile && tile < to;
                if (!isFound || !isWithin || beside.includes(tile)) wrong.push([shape, width, tile, at, box]);
            }
            if (lowest > Math.max(plan.height, height)) wrong.push([shape, width, "higher than told", lowest]);
        }
    }
    return wrong.slice(0, 5);
}"""
DRAWS = """(async () => {
    const { prototype } = CanvasRenderingContext2D;
    const { drawImage, putImageData } = prototype;
    const tiles = document.querySelector(".ls-tiles");
    let drawn = 0, coloured = 0;
    prototype.drawImage = function (...given) { drawn += 1; return drawImage.apply(this, given); };
    prototype.putImageData = function (image, ...place) {
        coloured += image.width * image.height / 9;
        return putImageData.call(this, image, ...place);
    };
    tiles.scrollTop = tiles.scrollHeight / 2;
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    // A busy machine tells of a scroll some frames later: the first painting is waited for, then one frame more.
    for (const end = performance.now() + 10_000; !drawn && performance.now() < end;) await frame();
    await frame();
    Object.assign(prototype, { drawImage, putImageData });
    return [drawn, coloured, tiles.scrollHeight, tiles.querySelector("canvas").height];
})()"""


def test_pictures_come_and_go_and_none_of_them_jumps(screen: Screen) -> None:
    open_tiles(screen, 3)
    painted(screen, "mistakes")
    nothing = screen.get("panel-mistakes").locator(".ls-nothing")
    assert not nothing.is_visible()
    boxes, places = screen.ask(BOXES), drawn(screen, "mistakes", (2, 28, 28, 1), True, ("",))["boxes"]
    for step in (30, 40, 50, 60, 70):
        screen.ask(WRITTEN)
        screen.harness.call("advance", 10)
        screen.until_step(step)
        count = pictures_at(step)
        screen.until(lambda count=count: nothing.is_visible() is (count == 0))
        words = captions_at(step).split()
        screen.until(lambda words=words: set(words) <= set(" ".join(screen.ask("written")).split()))
        assert screen.ask(BOXES) == boxes
        found = drawn(screen, "mistakes", (count, 28, 28, 1), True, ("",))["boxes"]
        assert found[:2] == places[:count]
    screen.ask("void (CanvasRenderingContext2D.prototype.fillText = CanvasRenderingContext2D.prototype.original)")
    screen.harness.call("advance", 10)
    screen.until_step(80)
    assert nothing.inner_text() == "Nothing is mistaken."
    blank = """((canvas) => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
        .every((byte) => byte === 0))(%s)"""
    screen.until(lambda: screen.ask(blank % canvas_of("mistakes")))


@pytest.mark.parametrize("width", [1440, 1024, 768, 390])
def test_tiles_fit_their_card_at_all_widths(screen: Screen, width: int) -> None:
    long = [panel.to_json() | {"names": ["Convolution 1, 6 of 5 × 5"] * 3} for panel in tiles_panels()]
    screen.page.set_viewport_size({"width": width, "height": 900})
    open_tiles(screen, 4, panels=json.dumps(long))
    screen.get("tiles-filters").select_option(C3)
    for panel, shape, least in (("filters", (8, 6, 5, 5), 6), ("maps", (6, 24, 24), 2), ("walls", (4, 32, 32, 3), 2)):
        painted(screen, panel)
        found = drawn(screen, panel, shape, panel == "walls")
        assert found["zoom"] == int(found["zoom"]) >= least
        assert len({(x, y) for x, y, *_ in found["boxes"]}) == len(found["boxes"]), "a tile lies on another"
        assert min(x for x, *_ in found["boxes"]) >= 0
        assert max(x + wide for x, _, wide, _ in found["boxes"]) <= screen.ask(f"{canvas_of(panel)}.clientWidth")
        assert screen.ask(BEYOND % panel) == [0, 0, 0]


def test_every_place_of_a_plan_is_found_where_it_lies(screen: Screen) -> None:
    screen.load()
    assert screen.page.evaluate(PLANNED, SHAPES) == []


@pytest.mark.parametrize(("width", "places", "zoom"), [(1060, 47, 1), (1060, 64, 1), (480, 47, 2)])
def test_the_heads_of_a_block_stand_in_one_line_where_that_can_be(
    screen: Screen, width: int, places: int, zoom: int
) -> None:
    """In half a row it cannot: a cell has two pixels there, as elsewhere, and the lines wrap."""
    screen.load()
    found, boxes = screen.page.evaluate(
        """async ([width, places]) => {
            const { planTiles } = await import("/live/assets/test/tilesplan.js");
            const form = { shape: [12, 12, places, places], groups: 12, across: 12, count: 144, captions: [] };
            const plan = planTiles({ ...form, height: places, width: places, pictures: false }, width, 640);
            return [plan.zoom, Array.from({ length: 144 }, (_, tile) => plan.boxOf(tile).y)];
        }""",
        [width, places],
    )
    assert found == zoom
    lines = {tuple(sorted(set(boxes[12 * block : 12 * block + 12]))) for block in range(12)}
    assert len(lines) == 12
    assert {len(line) for line in lines} == {1 if width > 1000 else 3}


def test_of_thousands_of_filters_only_those_in_sight_are_painted(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = np.random.default_rng(1).normal(size=(256, 64, 3, 3)).astype(np.float32)
    monkeypatch.setattr(
        "tests.pages.live_panel.harness.sample_frame", lambda step: samples.sample_frame(step) | {"filters.many": many}
    )
    panel = TilesPanel("many", "Many", 12, 400, "", "Many.", ("filters.many",), signed=True)
    open_tiles(screen, panels=json.dumps([panel.to_json()]))
    painted(screen, "many")
    count, coloured, length, height = screen.ask(DRAWS)
    assert 100 < count <= coloured < 256 * 64 / 5
    assert length > 2000 > height
