"""How fluid a map of words is, beside the same points in Plotly's own WebGL plot, moved in the same browser.

words.map_fps        frames a second while 10,000 words are moved and zoomed; Plotly's            (>= 30)
words.map_fps_100k   the same of 100,000 words
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tests.bench.measure import PAIRS, result
from tests.browser import chromium
from tests.pages.live_panel.harness import PLOTLY
from tests.pages.pointmap.conftest import HOOKS, Screen
from tests.pages.pointmap.harness import Harness, serving
from tests.pages.pointmap.samples import K, Sample, words_of, write_map

SECONDS = 3
SIZES = {"words.map_fps": 10_000, "words.map_fps_100k": 100_000}
WIDTH, HEIGHT = 1120, 600
OURS = f"""async (seconds) => {{
    const {{ stage }} = {HOOKS};
    stage.motion.grasp();
    const begin = performance.now();
    let frames = 0;
    while (performance.now() - begin < 1000 * seconds) {{
        frames += 1;
        stage.camera.pan(4 * Math.cos(frames / 15), 3 * Math.sin(frames / 15));
        stage.camera.zoom(Math.exp(0.02 * Math.sin(frames / 30)));
        stage.request(true);
        await new Promise(requestAnimationFrame);
    }}
    return frames / seconds;
}}"""
THEIRS = """async ([seconds, width, height, x, y]) => {
    const place = document.body.appendChild(document.createElement("div"));
    const axis = (values) => ({ range: [Math.min(...values), Math.max(...values)] });
    const layout = { width, height, xaxis: axis(x), yaxis: axis(y) };
    await Plotly.newPlot(place, [{ type: "scattergl", mode: "markers", x, y, marker: { size: 5 } }], layout);
    const [low, high] = layout.xaxis.range;
    const begin = performance.now();
    let frames = 0;
    while (performance.now() - begin < 1000 * seconds) {
        frames += 1;
        const shift = ((high - low) / 200) * Math.cos(frames / 15);
        await Plotly.relayout(place, { "xaxis.range": [low + shift, high + shift] });
        await new Promise(requestAnimationFrame);
    }
    return frames / seconds;
}"""


def run() -> Iterator[str]:
    """Yield one JSON line per size."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["LEARNSCOPE_HOME"] = folder
        with serving(Path(folder)) as harness, chromium() as browser:
            for name, count in SIZES.items():
                made = many(count)
                page = browser.new_page(viewport={"width": 1440, "height": 900})
                rows = []
                for _ in range(PAIRS):
                    rows.append((ours(Screen(page, harness=harness), made), theirs(page, harness, made)))
                page.close()
                yield result(name, rows)


def many(count: int) -> Sample:
    """Return a map of so many words in groups; its neighbours are not asked for."""
    random = np.random.default_rng(0)
    clusters = random.integers(0, 20, count).astype(np.int32)
    positions = (random.uniform(-20, 20, (20, 2))[clusters] + random.normal(0, 3, (count, 2))).astype(np.float32)
    neighbours = random.integers(0, count, (count, K)).astype(np.int32)
    kept, cosines = random.random(count).astype(np.float32), np.zeros((count, K), np.float32)
    frequency, rows = 1e6 / (1 + np.arange(count)), np.arange(count, dtype=np.int32)
    return Sample(words_of(count), positions, positions, neighbours, kept, cosines, clusters, frequency, rows)


def ours(screen: Screen, made: Sample) -> float:
    """Return the frames a second of our map."""
    key, folder = screen.harness.new_map()
    write_map(folder, made)
    screen.page.goto(f"{screen.harness.url}/")
    screen.until(lambda: screen.ask("'harness' in window"))
    screen.open(key)
    screen.rest()
    return screen.page.evaluate(OURS, SECONDS)


def theirs(page, harness: Harness, made: Sample) -> float:
    """Return the frames a second of Plotly's."""
    page.goto(f"{harness.url}/")
    page.add_script_tag(url=f"/live/assets/test/{PLOTLY.name}")
    return page.evaluate(THEIRS, [SECONDS, WIDTH, HEIGHT, *made.positions.T.tolist()])
