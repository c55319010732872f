"""What tests of tiles read from the page: where tiles lie, which colours their cells have, what is told of them."""

import json
from collections.abc import Callable

import numpy as np

from tests.pages.live_panel.conftest import Screen, record
from tests.pages.live_panel.samples import tiles_at, tiles_panels

PANELS = json.dumps([panel.to_json() for panel in tiles_panels()])
C1, C3 = "filters.features.c1.weight", "filters.features.c3.weight"
NEGATIVE, POSITIVE = (0, 114, 178), (230, 159, 0)
BROKEN = (0xD5, 0x5E, 0x00)
# The plan and the pixel in the middle of each cell, of the panel and the shape that are given.
READ = """async ([panel, shape, pictures, captions, half]) => {
    const { planTiles } = await import("/live/assets/test/tilesplan.js");
    const scroller = document.querySelector(`[data-testid=panel-${panel}] ${half} .ls-tiles`);
    const canvas = scroller.querySelector("canvas");
    const [groups, across, height, width] = pictures ? [shape[0], 1, shape[1], shape[2]]
        : [shape[0], shape.length === 4 ? shape[1] : 1, shape.at(-2) ?? 1, shape.length > 1 ? shape.at(-1) : 1];
    const tiles = { shape, groups, across, count: groups * across, height, width, pictures, captions };
    const plan = planTiles(tiles, scroller.clientWidth, scroller.clientHeight);
    const scale = canvas.width / scroller.clientWidth;
    const context = canvas.getContext("2d");
    const { data, width: stride } = context.getImageData(0, 0, canvas.width, canvas.height);
    const boxes = [], pixels = [];
    let crisp = true;
    for (let tile = 0; tile < tiles.count; tile += 1) {
        const { x, y, wide, high } = plan.boxOf(tile);
        boxes.push([x, y - scroller.scrollTop, wide, high]);
        for (let cell = 0; cell < height * width; cell += 1) {
            const [row, column] = [Math.floor(cell / width), cell % width];
            const at = (share) => {
                const left = Math.floor((x + (column + share) * plan.zoom) * scale);
                const top = Math.floor((y - scroller.scrollTop + (row + share) * plan.zoom) * scale);
                return [...data.slice(4 * (top * stride + left), 4 * (top * stride + left) + 4)];
            };
            pixels.push(at(0.5));
            crisp &&= plan.zoom < 3 || String(at(0.1)) === String(at(0.5));
        }
    }
    return { zoom: plan.zoom, height: plan.height, room: scroller.clientHeight, boxes, pixels, crisp };
}"""


def open_tiles(screen: Screen, frames: int = 1, theme: str = "light", panels: str = PANELS) -> None:
    """Show nothing but panels of tiles, of a run with so many frames."""
    record(screen.harness, frames)
    screen.open(theme=theme)
    screen.ask(f"void harness.update({{ panels: {panels} }})")
    screen.until_step(10 * (frames - 1))


def canvas_of(panel: str) -> str:
    return f"document.querySelector('[data-testid=panel-{panel}] .ls-tiles canvas')"


def painted(screen: Screen, panel: str) -> None:
    """Bring a panel into sight and wait until it is painted."""
    screen.get(f"panel-{panel}").scroll_into_view_if_needed()
    screen.until(lambda: screen.ask(f"{canvas_of(panel)}?.style.width ?? ''"))


def drawn(
    screen: Screen,
    panel: str,
    shape: tuple[int, ...],
    pictures: bool = False,
    captions: tuple[str, ...] = (),
    half: str = "",
) -> dict:
    """Return where the tiles lie and which colours their cells have."""
    return screen.page.evaluate(READ, [panel, list(shape), pictures, list(captions), half])


def until_drawn(screen: Screen, panel: str, shape: tuple[int, ...], holds: Callable[[np.ndarray], object]) -> dict:
    """Wait until the colours of a panel are as they are to be."""
    painted(screen, panel)
    screen.until(lambda: holds(np.array(drawn(screen, panel, shape)["pixels"])))
    return drawn(screen, panel, shape)


def diverging(values: np.ndarray, limits: np.ndarray) -> np.ndarray:
    """Return the colours (..., 4) of numbers on a scale around 0: as strong as they are far from it."""
    share = values / limits
    hue = np.where(share[..., None] < 0, NEGATIVE, POSITIVE)
    return np.concatenate([hue, 255 * np.abs(share[..., None])], axis=-1)


def same_colours(found: np.ndarray, expected: np.ndarray) -> bool:
    """Tell whether colours are equal as they are seen: of what is nearly transparent the hue is kept only roughly."""
    weigh = [np.concatenate([c[:, :3] * c[:, 3:] / 255, c[:, 3:]], axis=1) for c in (found, expected.reshape(-1, 4))]
    return bool(np.abs(weigh[0] - weigh[1]).max() <= 3)


def cividis(screen: Screen) -> np.ndarray:
    """Return the 256 colours of sizes, which other tests hold to what they are."""
    return np.array(
        screen.ask(
            """import("/live/assets/test/colours.js").then(({ sequential }) =>
                [...sequential.pixels].map((pixel) => [0, 8, 16, 24].map((shift) => (pixel >>> shift) & 255)))"""
        )
    )


def levels_of(layer: str, step: int) -> np.ndarray:
    """Return feature maps as the numbers that their levels stand for."""
    arrays = tiles_at(step)
    levels = arrays[f"maps.features.{layer}"].astype(np.float64)
    ends = [arrays[f"maps_{end}.features.{layer}"].astype(np.float64) for end in ("low", "high")]
    low, high = (end.reshape(-1, *(1,) * (levels.ndim - 1)) for end in ends)
    return low + levels / 255 * (high - low)


def middle_of(screen: Screen, panel: str, shape: tuple[int, ...], tile: int, row: int, column: int) -> dict:
    """Return where on the canvas a cell lies."""
    found = drawn(screen, panel, shape, len(shape) == 4 and shape[3] in (1, 3), ("",) if panel == "mistakes" else ())
    x, y, _, _ = found["boxes"][tile]
    return {"x": x + (column + 0.5) * found["zoom"], "y": y + (row + 0.5) * found["zoom"]}


def told(screen: Screen, panel: str) -> list[str]:
    """Return the lines of the box beside the pointer."""
    return screen.get(f"panel-{panel}").locator(".ls-tooltip > div").all_inner_texts()


def written(value: float) -> str:
    return f"{value:.6g}".replace("-", "−")
