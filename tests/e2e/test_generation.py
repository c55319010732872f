"""The generation lab in a browser: it writes, temperature moves the bars, a text is typed, sentences are weighed."""

import re

from playwright.sync_api import Page, expect

from tests.app_server import AppServer
from tests.browser import Screen
from tests.e2e.conftest import Visit
from tests.e2e.test_accessibility import COLOURS, found, wear

SMALL = "characters=20000&units=32&chunk=32&sample_length=40"


def shares(screen: Screen, column: int) -> list[float]:
    """Return the shares that stand beside the bars of a column, those below a thousandth as 0."""
    cells = screen.get("panel-choice").locator(f"tbody td:nth-child({column})").all_inner_texts()
    return [0.0 if "<" in cell else float(re.sub(r"[^\d.]", "", cell)) for cell in cells]


def settled(screen: Screen) -> Screen:
    screen.get("ls-train").click()
    screen.until(lambda: screen.last >= 60)
    screen.get("ls-train").click()
    screen.until(lambda: screen.state == "paused")
    screen.until(lambda: screen.shown == screen.last)
    return screen


def slide(page: Page, label: str, presses: int) -> None:
    """Move a slider of the form by keys."""
    thumb = page.get_by_test_id("stSidebar").get_by_role("slider", name=label)
    for _ in range(abs(presses)):
        thumb.press("ArrowLeft" if presses < 0 else "ArrowRight")


def test_it_writes_and_another_temperature_changes_what_is_drawn_from(app_server: AppServer, visit: Visit) -> None:
    screen = settled(visit(f"{app_server.url}/generation?{SMALL}&hide=note"))
    sample = screen.get("panel-sample").locator(".ls-reading-text")
    expect(sample).not_to_be_empty()
    own, drawn = shares(screen, 2), shares(screen, 3)
    # At temperature 1 both are the same, but for the unknown symbol: what the net gives it is shared out.
    assert all(a - 0.1 <= b <= 1.1 * a + 0.1 for a, b in zip(own, drawn, strict=True) if b > 0)
    slide(screen.page, "Temperature", -12)
    expect(screen.get("panel-choice")).to_contain_text("temperature 0.4 it is")
    colder = shares(screen, 3)
    assert shares(screen, 2)[:10] == own[:10], "the net has not learnt meanwhile"
    # Each is the power 1 / 0.4 of the net's own, made to add up to 1 again; all are shown to a tenth of a percent.
    half = 0.05
    least = ((own[0] - half) / (own[1] + half)) ** (1 / 0.4)
    most = ((own[0] + half) / (own[1] - half)) ** (1 / 0.4)
    assert least <= (colder[0] + half) / (colder[1] - half)
    assert (colder[0] - half) / (colder[1] + half) <= most
    assert most / least < 1.2, "shares so small that any temperature would do"
    assert colder[0] > drawn[0]

    screen.get("ls-type").fill('"Where is')
    expect(screen.get("ls-type-told")).to_contain_text("Likeliest next")
    screen.get("panel-unit").scroll_into_view_if_needed()  # what is out of sight is not painted
    expect(screen.get("panel-unit").locator(".ls-reading-text span")).to_have_count(9)
    expect(screen.get("panel-choice")).to_contain_text("temperature 0.4 it is")
    screen.get("ls-type-clear").click()
    screen.get("panel-unit").scroll_into_view_if_needed()
    expect(screen.get("panel-unit").locator(".ls-reading-text span")).to_have_count(120)


def test_two_sentences_are_weighed_and_a_beginning_is_gone_on_with(app_server: AppServer, visit: Visit) -> None:
    screen = settled(visit(f"{app_server.url}/generation?{SMALL}&strategy=beam"))
    page = screen.page
    page.get_by_label("Your beginning").fill("The ")
    page.get_by_role("button", name="Go on", exact=True).click()
    expect(page.get_by_text(f"The net at step {screen.shown}.")).to_be_visible()
    expect(page.get_by_text("Beam search takes").last).to_be_visible()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    page.get_by_text("Weigh two sentences", exact=True).click()
    page.get_by_role("button", name="Weigh them", exact=True).click()
    expect(page.get_by_text(re.compile("It finds the (first|second) one likelier"))).to_be_visible()
    expect(page.get_by_text("bits in all")).to_have_count(2)


def test_all_can_read_it(app_server: AppServer, visit: Visit) -> None:
    screen = settled(visit(f"{app_server.url}/generation?{SMALL}&hide=note"))
    assert not found(screen), "light, 1440"
    for panel in ("sample", "choice", "unit"):
        screen.get(f"panel-{panel}").scroll_into_view_if_needed()
    wear(screen, "dark")
    assert not found(screen, COLOURS), "dark, 1440"
    screen.page.set_viewport_size({"width": 390, "height": 900})
    assert not found(screen, COLOURS), "dark, 390"
    assert screen.ask("document.documentElement.scrollWidth") <= 390
    screen.page.emulate_media(color_scheme="light")
