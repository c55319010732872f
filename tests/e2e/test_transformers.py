"""The transformer lab in a browser: a head looks up, a weight is written out, a sequence is typed, a head is gone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.app_server import AppServer
from tests.browser import Screen
from tests.e2e.conftest import Visit
from tests.e2e.test_accessibility import COLOURS, found, wear

SMALL = "samples=1000&length=16&letters=12&heads=2&width=32&neurons=32"


def settled(screen: Screen, steps: int) -> Screen:
    screen.get("ls-train").click()
    screen.until(lambda: screen.last >= steps)
    screen.get("ls-train").click()
    screen.until(lambda: screen.state == "paused")
    screen.until(lambda: screen.shown == screen.last)
    return screen


def rows(screen: Screen, panel: str) -> list[list[str]]:
    """Return the cells of the table that is read in the place of a panel."""
    screen.get(f"panel-{panel}").scroll_into_view_if_needed()
    if not screen.get(f"data-{panel}").is_visible():
        screen.get(f"table-{panel}").click()
    table = screen.get(f"data-{panel}")
    expect(table.locator("td").first).to_be_visible()
    return [row.locator("th, td").all_inner_texts() for row in table.locator("tbody tr").all()]


def slide(page: Page, label: str, presses: int) -> None:
    """Move a slider of the form by keys."""
    thumb = page.get_by_test_id("stSidebar").get_by_role("slider", name=label)
    for _ in range(abs(presses)):
        thumb.press("ArrowLeft" if presses < 0 else "ArrowRight")


def test_letters_that_come_again_are_told_and_one_weight_is_written_out(app_server: AppServer, visit: Visit) -> None:
    screen = settled(visit(f"{app_server.url}/transformers?{SMALL}&hide=note"), 250)
    expect(screen.get("panel-example")).to_contain_text(re.compile(r"Of \d+ places asked \d+ are told right"))
    head = screen.get("panel-head")
    head.scroll_into_view_if_needed()
    canvas = head.locator("canvas")
    corner = [*["ArrowUp"] * 16, *["ArrowLeft"] * 16]  # where the keys set out from, the pointer decides
    for key in (*corner, *["ArrowDown"] * 12, *["ArrowRight"] * 3, "Enter"):
        canvas.press(key)
    said = screen.get("ls-explained")
    expect(said).to_contain_text("The attention that place 12 gives to place 3")
    value = float(said.locator(".ls-explained-value").get_attribute("title") or "nan")
    share, total = re.findall(r"= ([\d.e−]+) / ([\d.]+) = ", said.inner_text())[-1]
    assert float(share.replace("−", "-")) / float(total) == pytest.approx(value, rel=2e-3)
    said.get_by_role("button", name="Close").click()

    screen.get("ls-type").fill("abcdefabcde")
    expect(screen.get("ls-type-told")).to_contain_text("Place 10, behind e: told f")
    expect(screen.get("panel-heads").locator(".ls-shape")).to_have_text("2 × 2 × 11 × 11")
    assert "f" in rows(screen, "lens")[-1][-1]
    screen.get("ls-type").fill("ab?")
    expect(screen.get("ls-type-told")).to_contain_text("The net knows no '?'")
    screen.get("ls-type-clear").click()

    expect(screen.get("panel-token")).to_contain_text("head 0 of block 1")
    slide(screen.page, "Head looked at", 1)
    expect(screen.get("panel-token")).to_contain_text("head 1 of block 1")
    slide(screen.page, "Knock out in block", 1)
    expect(screen.get("panel-example")).to_contain_text("Without head 0 of block 0")


def test_all_can_read_it(app_server: AppServer, visit: Visit) -> None:
    screen = settled(visit(f"{app_server.url}/transformers?{SMALL}&hide=note"), 20)
    assert not found(screen), "light, 1440"
    for panel in ("heads", "head", "lens", "knocked"):
        screen.get(f"panel-{panel}").scroll_into_view_if_needed()
    wear(screen, "dark")
    assert not found(screen, COLOURS), "dark, 1440"
    screen.page.set_viewport_size({"width": 390, "height": 900})
    assert not found(screen, COLOURS), "dark, 390"
    assert screen.ask("document.documentElement.scrollWidth") <= 390
    screen.page.emulate_media(color_scheme="light")
