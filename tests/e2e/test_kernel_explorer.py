"""A kernel that slides in the browser: a cell of the output is clicked, a picture of one's own is brought."""

import io
import re

import numpy as np
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.app_server import AppServer
from tests.e2e.conftest import Visit

PATIENCE = 90_000
SIDE, ROW, COLUMN = 8, 5, 2


def test_a_cell_of_the_output_is_clicked_and_written_out(app_server: AppServer, visit: Visit) -> None:
    asked = "kernel.picture=handwritten&kernel.padding=same&kernel.row=1&kernel.column=1"
    page = visit(f"{app_server.url}/vision?{asked}").page
    expect(page.locator(".ls-products")).to_be_visible(timeout=PATIENCE)
    output = chart_below(page, "Output")
    inside = output.locator(".nsewdrag").first
    inside.scroll_into_view_if_needed()
    box = inside.bounding_box()
    assert box is not None
    inside.click(position={"x": box["width"] * (COLUMN + 0.5) / SIDE, "y": box["height"] * (ROW + 0.5) / SIDE})
    page.wait_for_url(re.compile(f"kernel.row={ROW + 1}&kernel.column={COLUMN + 1}"), timeout=PATIENCE)
    expect(seen(page, "Row of the output")).to_have_value(str(ROW + 1), timeout=PATIENCE)
    expect(seen(page, "Column of the output")).to_have_value(str(COLUMN + 1))
    expect(page.get_by_text(f"for row {ROW + 1}, column {COLUMN + 1}.")).to_be_visible()

    seen(page, "Row of the output").fill("3")
    seen(page, "Row of the output").press("Enter")
    page.wait_for_url(re.compile(f"kernel.row=3&kernel.column={COLUMN + 1}"), timeout=PATIENCE)
    expect(page.get_by_text(f"for row 3, column {COLUMN + 1}.")).to_be_visible(timeout=PATIENCE)


def test_a_picture_of_ones_own_is_brought(app_server: AppServer, visit: Visit) -> None:
    page = visit(f"{app_server.url}/vision?kernel.picture=own").page
    expect(page.get_by_text("Bring a picture")).to_be_visible(timeout=PATIENCE)
    file = io.BytesIO()
    Image.fromarray(np.arange(12 * 20, dtype=np.uint8).reshape(12, 20)).save(file, "PNG")
    chooser = page.locator("input[type=file][accept*='.webp']")
    chooser.set_input_files([{"name": "mine.png", "mimeType": "image/png", "buffer": file.getvalue()}])
    expect(page.get_by_text("In use: mine.png")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("p", has_text=re.compile("^Picture, 12 × 20$"))).to_be_visible(timeout=PATIENCE)
    page.wait_for_url(re.compile("kernel.own=[0-9a-f]{64}"), timeout=PATIENCE)

    chooser.set_input_files([{"name": "bad.png", "mimeType": "image/png", "buffer": b"no picture"}])
    expect(page.get_by_text("expected a picture")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("In use: mine.png")).to_be_visible()


def seen(page: Page, label: str) -> Locator:
    """Return the field of a label that is seen: Streamlit may keep an old one, hidden, for long."""
    return page.get_by_label(label).filter(visible=True)


def chart_below(page: Page, title: str) -> Locator:
    column = page.get_by_test_id("stColumn").filter(has=page.locator("strong", has_text=re.compile(f"^{title}$")))
    return column.get_by_test_id("stPlotlyChart").filter(visible=True)
