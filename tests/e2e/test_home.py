"""From the home page back to a run of one's own, by the name that one gave it."""

from playwright.sync_api import expect

from engine.labs.catalogue import LABS
from tests.app_server import AppServer
from tests.e2e.conftest import Visit
from tests.e2e.test_playground import until_state

NAME = "Mine <b>&amp;</b> *best*"


def test_a_run_is_named_deleted_taken_back_and_opened(app_server: AppServer, visit: Visit) -> None:
    screen = visit(app_server.url + "/playground?dataset=xor")
    run = screen.run
    screen.get("ls-step").click()
    until_state(screen, "paused")
    page = screen.page
    page.get_by_role("link", name="Home").first.click()
    row = page.locator(f".st-key-run-{run}")
    expect(row.get_by_role("link", name="Playground · XOR")).to_be_visible()
    curve = row.get_by_role("img")
    expect(curve).to_be_visible()
    assert curve.evaluate("picture => picture.complete && picture.naturalWidth > 0"), "the policy lets it be drawn"

    row.get_by_role("button", name="More").click()
    page.get_by_text("Rename", exact=True).click()
    page.get_by_label("Name of this run").fill(NAME)
    screen.press("Enter")
    link = row.get_by_role("link", name=NAME)
    expect(link).to_be_visible()

    row.get_by_role("button", name="More").click()
    page.get_by_text("Delete", exact=True).click()
    expect(row).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(link).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)

    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    box = row.get_by_role("button", name="More").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 390
    link.click()
    screen.until(lambda: (screen.painted or 0) > 0)
    assert screen.run == run


def test_beside_an_open_side_bar_all_pages_are_in_the_menu(app_server: AppServer, visit: Visit) -> None:
    page = visit(app_server.url + "/playground").page
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(page.get_by_test_id("stSidebar").get_by_role("button", name="New weights")).to_be_visible()
    menu = page.get_by_role("navigation", name="App pages")
    expect(menu.get_by_role("button", name="more")).to_have_count(0)
    for title in ("Home", *(lab.title for lab in LABS.values()), "Words", "Compare words", "Index", "Class"):
        expect(menu.get_by_role("link", name=title, exact=True)).to_be_in_viewport(ratio=1)
