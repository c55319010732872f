"""The live panel and the rest of the page as one: what is done in the one is known in the other."""

from playwright.sync_api import Locator, expect

from tests.app_server import AppServer
from tests.browser import PANEL, Screen
from tests.e2e.conftest import Visit
from tests.e2e.test_playground import SPIRAL, boundary, pause, reach, until_state


def set_rate(screen: Screen, rate: str) -> None:
    """Type a learning rate into the live panel."""
    screen.get("ls-rate").fill(rate)
    screen.press("Enter")


def rate_in_form(screen: Screen) -> str:
    """Return the learning rate that the form shows."""
    return _rate_slider(screen).get_by_test_id("stSliderThumbValue").inner_text()


def _rate_slider(screen: Screen) -> Locator:
    return screen.get("stSidebar").get_by_test_id("stSlider").filter(has_text="Learning rate")


def choose(screen: Screen, label: str, option: str) -> None:
    """Choose from a list of the side bar, of which the page has only those in view."""
    offered = screen.page.get_by_role("option", name=option, exact=True)

    def is_offered() -> bool:
        """What was typed is forgotten where the page is written anew meanwhile."""
        screen.get("stSidebar").get_by_role("combobox", name=label).fill(option)
        screen.page.wait_for_timeout(300)
        return offered.count() > 0

    screen.until(is_offered)
    offered.click()


def test_there_is_one_learning_rate(app_server: AppServer, visit: Visit) -> None:
    screen = visit(app_server.url + SPIRAL)
    screen.get("ls-train").click()
    reach(screen, 50)
    run = screen.run
    screen.ask("void (document.querySelector('.ls-panel').wasHere = true)")
    before = screen.last
    set_rate(screen, "0.0123")
    screen.until(lambda: "learning_rate=0.0123" in screen.ask("location.search"))
    screen.until(lambda: rate_in_form(screen) == "0.0123")
    reach(screen, before + 50)
    assert (screen.run, screen.state) == (run, "running")
    assert screen.ask("document.querySelector('.ls-panel').wasHere"), "the panel was mounted anew"
    pause(screen)

    watcher = visit(screen.ask("location.href"))
    assert watcher.run == run
    watcher.until(lambda: rate_in_form(watcher) == "0.0123")

    screen.page.get_by_role("button", name="New weights").click()
    screen.until(lambda: screen.run != run)
    until_state(screen, "ready")
    assert rate_in_form(screen) == screen.get("ls-rate").input_value() == "0.0123"

    # And the other way, in a run that goes on.
    screen.get("ls-train").click()
    reach(screen, 10)
    thumb = _rate_slider(screen).get_by_role("slider")
    thumb.focus()
    thumb.press("ArrowRight")
    screen.until(lambda: rate_in_form(screen) not in ("", "0.0123"))
    screen.until(lambda: screen.get("ls-rate").input_value() == rate_in_form(screen))


def test_a_link_leads_someone_else_to_the_same_step_and_view(app_server: AppServer, visit: Visit) -> None:
    screen = visit(app_server.url + SPIRAL)
    screen.get("ls-train").click()
    reach(screen, 100)
    pause(screen)
    screen.get("ls-scrubber").fill("5")
    screen.until(lambda: screen.shown == screen.recorded[5] < screen.last)
    screen.get("log-loss").check()
    screen.ask("void Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    screen.get("ls-link").click()
    link = screen.get("ls-link-field").input_value()

    guest = visit(link)
    assert (guest.run, guest.shown, guest.painted) == (screen.run, screen.shown, 1)
    assert boundary(guest) == boundary(screen)
    assert guest.get("log-loss").is_checked()
    assert guest.last == screen.last


def test_the_home_page_keeps_no_empty_side_bar(app_server: AppServer, visit: Visit) -> None:
    screen = visit(app_server.url + SPIRAL)
    expect(screen.get("stSidebar")).to_be_visible()
    screen.page.get_by_role("link", name="Home").first.click()
    screen.page.get_by_role("heading", name="Learnscope").wait_for()
    expect(screen.get("stSidebar")).to_be_hidden()
    screen.page.get_by_role("link", name="Playground").first.click()
    expect(screen.get("stSidebar")).to_be_visible()


def test_a_second_run_with_one_difference_trains_beside_the_first(app_server: AppServer, visit: Visit) -> None:
    screen = visit(app_server.url + SPIRAL)
    first = screen.run
    side = screen.get("stSidebar")
    side.get_by_text("Compare", exact=True).first.click()
    choose(screen, "Compare with another", "Optimizer")
    choose(screen, "Optimizer of B", "SGD")
    begin = side.get_by_role("button", name="Compare", exact=True)
    expect(begin).to_be_enabled()
    begin.click()
    other = f"{PANEL}.other"
    screen.until(lambda: screen.ask(f"{other}?.shownStep") == 0)
    surfaces = screen.get("panel-boundary").locator(".ls-surface")
    numbers = """[..."AB"].map((run) => `[data-testid=panel-boundary] [data-run=${run}] .ls-plot`)
        .map((place) => document.querySelector(place))
        .map((plot) => JSON.stringify(Array.from(plot.data[0].z ?? [], (row) => Array.from(row))))"""
    screen.until(lambda: surfaces.count() == 2 and screen.ask(numbers)[1] != "[]")
    before = screen.ask(numbers)
    assert before[0] == before[1], "two runs of the same initial weights are to tell the same at step 0"
    screen.get("ls-train").click()
    reach(screen, 20)
    screen.until(lambda: screen.ask(f"{other}.lastStep") >= 20)
    pause(screen)
    screen.until(lambda: screen.ask(f"{other}.shownStep === {other}.lastStep"))
    after = screen.ask(numbers)
    assert before[0] != after[0] != after[1] != before[1]

    screen.go(screen.page.url)
    screen.until(lambda: screen.ask(f"{other}?.lastStep ?? 0") >= 20)
    assert screen.run == first
    screen.page.get_by_role("button", name="End comparison").click()
    screen.until(lambda: screen.ask(f"{other}") is None)
    assert (screen.run, screen.state) == (first, "paused")
    assert "b=" not in screen.ask("location.search")
