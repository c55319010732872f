"""The live panel and the rest of the page as one: what is done in the one is known in the other."""

from playwright.sync_api import Locator

from tests.app_server import AppServer
from tests.browser import Screen
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


def test_a_run_that_is_over_is_begun_again_from_the_same_weights(app_server: AppServer, visit: Visit) -> None:
    screen = visit(app_server.url + SPIRAL)
    untrained, run = boundary(screen), screen.run
    screen.get("ls-train").click()
    reach(screen, 50)
    screen.get("ls-stop").click()
    until_state(screen, "stopped")
    screen.get("ls-reset").click()
    screen.until(lambda: screen.run != run)
    until_state(screen, "ready")
    screen.until(lambda: screen.last == 0 == screen.shown)
    assert boundary(screen) == untrained
    screen.get("ls-step").click()
    screen.until(lambda: screen.shown == 1)


def test_keys_work_after_a_click_on_an_empty_part_of_the_page(app_server: AppServer, visit: Visit) -> None:
    screen = visit(app_server.url + SPIRAL)
    screen.ask("document.querySelector('[data-testid=stMain]').focus()")
    assert screen.ask("document.activeElement.dataset.testid") == "stMain"
    screen.press("Space")
    reach(screen, 20)
    assert screen.ask("document.querySelector('[data-testid=stMain]').scrollTop") == 0


def test_a_run_that_waited_is_had_again_after_a_restart(app_server: AppServer, visit: Visit) -> None:
    screen = visit(app_server.url + SPIRAL + "&learning_rate=0.3")
    run = screen.run
    app_server.restart()
    screen.until(lambda: screen.get("ls-reset").inner_text() == "Again")
    screen.get("ls-reset").click()
    screen.until(lambda: screen.run != run)
    until_state(screen, "ready")
    assert "learning_rate=0.3" in screen.ask("location.search")
    screen.get("ls-step").click()
    screen.until(lambda: screen.shown == 1)
