"""The transformer lab in a browser: a head looks up, a weight is written out, a sequence is typed, a head is gone."""

import itertools
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


def click_on(screen: Screen, panel: str, what: str) -> None:
    """Click where the pointer is told that it is over ``what``."""
    card = screen.get(f"panel-{panel}")
    card.scroll_into_view_if_needed()
    canvas, told = card.locator("canvas"), card.locator(".ls-tooltip")
    size = canvas.bounding_box()
    assert size
    for at in itertools.product(range(10, int(size["width"]), 25), range(10, int(size["height"]), 25)):
        canvas.hover(position={"x": at[0], "y": at[1]})
        screen.page.evaluate("new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)))")
        if told.is_visible() and what in told.inner_text():
            return canvas.click(position={"x": at[0], "y": at[1]})
    raise AssertionError(f"{what} is not there")


def test_a_head_is_chosen_by_a_click_on_it_and_the_form_and_the_link_follow(
    app_server: AppServer, visit: Visit
) -> None:
    screen = settled(visit(f"{app_server.url}/transformers?{SMALL}&hide=note"), 20)
    sidebar = screen.page.get_by_test_id("stSidebar")
    expect(screen.get("panel-token")).to_contain_text("head 0 of block 1")
    click_on(screen, "heads", "block 0, head 1")
    expect(screen.get("panel-token")).to_contain_text("head 1 of block 0")
    expect(screen.get("ls-explained")).to_contain_text("/ √16 =")  # of the chosen head all numbers are told
    expect(sidebar.get_by_role("slider", name="Block looked at")).to_have_value("0")
    expect(sidebar.get_by_role("slider", name="Head looked at")).to_have_value("1")
    expect(screen.page).to_have_url(re.compile(r"(?=.*[?&]block=0)(?=.*[?&]head=1)"))
    screen.get("ls-explained").get_by_role("button", name="Close").click()

    screen.get("ls-type").fill("abcabc")
    expect(screen.get("ls-type-told")).to_contain_text("Place 5, behind c")
    click_on(screen, "slopes", "block 1, head 1")
    expect(screen.get("panel-token")).to_contain_text("«c» asks with head 1 of block 1")
    slide(screen.page, "Head looked at", -1)  # the form goes on from there
    expect(screen.get("panel-token")).to_contain_text("«c» asks with head 0 of block 1")
    assert screen.last >= 20, "it is the same run"


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
