"""What tests of sequences do on the page: show panels, read the cells of a tensor with their colours."""

import json
from collections.abc import Callable, Sequence

import numpy as np

from engine.figures.panel import Panel
from tests.pages.live_panel.conftest import Screen, record


def open_sequences(screen: Screen, *panels: Panel, frames: int = 1, theme: str = "light", **changes: object) -> None:
    """Show nothing but these panels, of a run that reads letters and has so many frames."""
    screen.harness.runs["one"].reads = True
    record(screen.harness, frames)
    screen.open(theme=theme)
    show_panels(screen, *panels, **changes)
    screen.until_step(10 * (frames - 1))


def show_panels(screen: Screen, *panels: Panel, **changes: object) -> None:
    """Show these panels in the place of others."""
    data = {"panels": [panel.to_json() for panel in panels], **changes}
    screen.ask(f"void harness.update({json.dumps(data)})")


# What a panel's canvas shows at the middle of each cell, by the plan of its cells, and all that is written on it.
READ = """async ([panel, rows, columns]) => {
    const { planNamed } = await import("/live/assets/test/tensorplan.js");
    const strip = document.querySelector(`[data-testid=panel-${panel}] .ls-strip`);
    const canvas = strip.querySelector("canvas");
    const context = canvas.getContext("2d");
    context.font = `11px ${getComputedStyle(strip).fontFamily}`;
    const measure = (words) => context.measureText(words).width;
    const plan = planNamed({ rows, columns }, strip.clientWidth, strip.clientHeight, measure);
    const scale = canvas.width / strip.clientWidth;
    const { data, width } = context.getImageData(0, 0, canvas.width, canvas.height);
    const centres = rows.map((_, row) => columns.map((_, column) =>
        [plan.left + (column + 0.5) * plan.wide - strip.scrollLeft, plan.top + (row + 0.5) * plan.high]));
    const pixels = centres.map((line) => line.map(([x, y]) => {
        const place = 4 * (Math.floor(y * scale) * width + Math.floor(x * scale));
        return [...data.slice(place, place + 4)];
    }));
    return { ...plan, centres, pixels, room: strip.clientWidth, scrolled: strip.scrollLeft };
}"""
WRITTEN = """(panel) => {
    const strip = document.querySelector(`[data-testid=panel-${panel}] .ls-strip`);
    const { prototype } = CanvasRenderingContext2D;
    const original = (prototype.original ??= prototype.fillText);
    window.written = {};
    prototype.fillText = function (words, x, y, ...more) {
        original.call(this, words, x, y, ...more);
        const at = this.getTransform();
        if (this.canvas.isConnected && strip.contains(this.canvas)) {
            window.written[`${words} at ${Math.round(at.e + x)},${Math.round(at.f + y)}`] = words;
        }
    };
}"""


def drawn(screen: Screen, panel: str, rows: Sequence[str], columns: Sequence[str]) -> dict:
    """Return where the cells of a heatmap with these names lie on its canvas, and which colours they have."""
    return screen.page.evaluate(READ, [panel, list(rows), list(columns)])


def until_drawn(
    screen: Screen, panel: str, rows: Sequence[str], columns: Sequence[str], holds: Callable[[np.ndarray], object]
) -> dict:
    """Wait until the colours (rows, columns, 4) of a heatmap are as they are to be."""
    screen.get(f"panel-{panel}").scroll_into_view_if_needed()
    canvas = screen.get(f"panel-{panel}").locator(".ls-strip canvas")
    screen.until(lambda: canvas.first.get_attribute("style"))
    screen.until(lambda: holds(np.array(drawn(screen, panel, rows, columns)["pixels"])), patience=20)
    return drawn(screen, panel, rows, columns)


def spy(screen: Screen, panel: str) -> None:
    """Take note of all that is written on a panel's canvas from now on."""
    screen.page.evaluate(WRITTEN, panel)


def written(screen: Screen) -> list[str]:
    """Return what has been written since, in its order; the same at one place once."""
    return list(screen.ask("window.written").values())


def told(screen: Screen, panel: str) -> list[str]:
    """Return the lines of the box beside the pointer, or of the cell that the keys have led to."""
    return screen.get(f"panel-{panel}").locator(".ls-tooltip > div").all_inner_texts()


def quoted(name: str) -> str:
    """Return the name of a step as it stands in a sentence."""
    return f"«\u2068{name}\u2069»"
