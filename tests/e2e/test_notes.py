"""A lab and its note lead to each other, without the page being loaded anew."""

from playwright.sync_api import expect

from tests.app_server import AppServer
from tests.e2e.conftest import Visit
from tests.e2e.test_playground import until_ready

TOP = "document.querySelector('{}').getBoundingClientRect().top"


def test_a_step_brings_its_lab_into_sight_and_a_panel_leads_to_its_section(app_server: AppServer, visit: Visit) -> None:
    screen = visit(app_server.url + "/playground?dataset=spiral")
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


def test_a_grid_fills_while_one_looks_and_its_cell_opens_the_net(app_server: AppServer, visit: Visit) -> None:
    screen = visit(app_server.url + "/playground?dataset=spiral")
    first = screen.run
    layers = screen.page.locator("[class*=st-key-playground-explore-xor-grid-depths]")
    for depth in "1234":
        layers.get_by_text(depth, exact=True).click()
        screen.until(lambda depth=depth: screen.page.locator(".ls-sweep tbody tr").count() == 5 - int(depth))
    train = screen.page.get_by_role("button", name="Train the grid")
    train.click()
    cell = screen.page.locator(".ls-sweep a")
    expect(cell).to_be_visible()  # without anybody asking
    expect(screen.page.get_by_role("button", name="Stop training it")).to_have_count(0)
    expect(train).to_have_count(0)
    assert cell.inner_text().startswith("0%")
    assert screen.run == first
    with screen.page.context.expect_page() as opened:
        cell.click()
    net = opened.value
    net.get_by_test_id("panel-network").wait_for()
    net.wait_for_url("**run=**")
    assert "units=&" in net.url
    assert "target_score=0.95" in net.url
    net.close()
