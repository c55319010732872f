"""What a hand does on the easel, and what the net was asked about it."""

import base64
import io
import json

import numpy as np
from PIL import Image
from playwright.sync_api import Locator, expect

from engine.figures.panel import DrawPanel, Panel, TilesPanel
from tests.pages.live_panel.conftest import Screen, record

SIDE = 28
EMPTY = "Draw here"
FRAME = "new Promise((done) => requestAnimationFrame(() => done()))"
# Counts the questions that have left the page.
COUNTED = """void (() => {
    const { prototype } = WebSocket;
    const original = (prototype.original ??= prototype.send);
    window.questions = 0;
    prototype.send = function (data) {
        if (String(data).includes('"ask":')) window.questions += 1;
        original.call(this, data);
    };
})()"""


def panels(**changes: object) -> tuple[Panel, ...]:
    draw = DrawPanel("draw", "Draw", 6, 300, "", "A pad.", words="told")
    image = TilesPanel("image", "Image", 6, 300, "", "An image.", arrays=("image.pixels",), pictures=True, single=True)
    return type(draw)(**{**draw_fields(draw), **changes}), image  # type: ignore[arg-type]


def draw_fields(panel: DrawPanel) -> dict[str, object]:
    return {name: getattr(panel, name) for name in panel.__dataclass_fields__}


class Easel:
    def __init__(self, screen: Screen, frames: int = 1, **changes: object) -> None:
        self.screen, self.page = screen, screen.page
        record(screen.harness, frames)
        screen.open()
        screen.ask(COUNTED)
        self.earlier = self.come()
        self.show(panels(**changes))
        self.box()

    def show(self, shown: tuple[Panel, ...], **changes: object) -> None:
        data = {"panels": [panel.to_json() for panel in shown], **changes}
        self.screen.ask(f"void harness.update({json.dumps(data)})")

    def box(self) -> dict[str, float]:
        self.canvas.scroll_into_view_if_needed()
        self.screen.until(lambda: (self.canvas.bounding_box() or {"width": 0})["width"] > 100)
        return self.canvas.bounding_box()  # type: ignore[return-value]

    @property
    def canvas(self) -> Locator:
        return self.screen.get("ls-easel")

    @property
    def told(self) -> Locator:
        return self.screen.get("ls-easel-told")

    def draw(self, *places: tuple[float, float]) -> None:
        box = self.box()
        first, *rest = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in places]
        self.page.mouse.move(*first)
        self.page.mouse.down()
        for place in rest:
            self.page.mouse.move(*place, steps=4)
        self.page.mouse.up()

    def asked(self, run: str = "one") -> list[dict]:
        return self.screen.harness.runs[run].questions

    def come(self) -> int:
        """Return how many questions have come to the server."""
        return sum(len(run.questions) for run in self.screen.harness.runs.values())

    def until_told(self, channels: int = 1, run: str = "one") -> np.ndarray:
        """Return the picture that was asked about last, once that is answered."""
        self.screen.until(lambda: self.asked(run))

        def newest() -> np.ndarray:
            return np.frombuffer(base64.b64decode(self.asked(run)[-1]["values"]), np.uint8)

        def settled() -> bool:
            """Tell whether the newest is answered, and none comes behind it: of a stroke several are on their way."""
            self.screen.ask(FRAME)  # what was done is asked about on the next one
            sent = self.screen.ask("window.questions")
            return sent == self.come() - self.earlier and f"has {newest().sum()}, " in self.told.inner_text()

        self.screen.until(settled)
        return newest().reshape(SIDE, SIDE, channels).squeeze()

    def bring(self, image: Image.Image, name: str = "image.png") -> None:
        file = io.BytesIO()
        image.save(file, "PNG")
        self.screen.get("ls-easel-file").set_input_files(
            {"name": name, "mimeType": "image/png", "buffer": file.getvalue()}
        )


def is_empty(screen: Screen) -> None:
    """Hold that nothing is shown where the net's answer would stand."""
    nothing = screen.get("panel-image").locator(".ls-nothing")
    expect(nothing).to_be_visible()
    expect(nothing).to_contain_text("nothing to be shown")
