"""A lab and its note lead to each other, without the page being loaded anew."""

from playwright.sync_api import expect

from tests.app_server import AppServer
from tests.e2e.conftest import Visit
from tests.e2e.test_playground import SPIRAL, until_ready

TOP = "document.querySelector('{}').getBoundingClientRect().top"


def test_a_step_brings_its_lab_into_sight_and_a_panel_leads_to_its_section(app_server: AppServer, visit: Visit) -> None:
    screen = visit(app_server.url + SPIRAL)
    screen.ask("void (window.wasHere = true)")
    first = screen.run

    screen.get("panel-update-ratio").locator("summary", has_text="?").click()
    screen.page.get_by_role("button", name="More in the note").and_(screen.page.locator(":visible")).click()
    heading = screen.page.get_by_role("heading", name="Update against weight").nth(1)
    expect(heading).to_be_focused()
    screen.until(lambda: 60 <= screen.ask(TOP.format("#note-update-ratio")) < 200)
    assert screen.run == first

    step = screen.page.get_by_role("button", name="XOR with two hidden units")
    step.click()
    screen.until(lambda: screen.run != first)
    until_ready(screen)
    assert "dataset=xor" in screen.ask("location.search")
    screen.until(lambda: 60 <= screen.ask(TOP.format(".ls-panel")) < 100)
    screen.press("Space")  # the focus is on the panel
    screen.until(lambda: screen.last > 10)
    assert screen.ask("window.wasHere")
    screen.press("Space")

    second = screen.run
    screen.page.get_by_role("button", name="Begin with nothing").click()
    screen.until(lambda: screen.run != second)
    until_ready(screen)
    exercise = "[class*=st-key-exercise-]"
    screen.until(lambda: 60 <= screen.ask(TOP.format(exercise)) < 100)
