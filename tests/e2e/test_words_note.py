"""A step of the words note leads to what it sets up."""

import time
from collections.abc import Callable

from playwright.sync_api import Browser, expect

from tests.app_server import AppServer

TOP = "document.querySelector('{}')?.getBoundingClientRect().top ?? NaN"


def until(holds: Callable[[], bool], patience: float = 60.0) -> None:
    end = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_step_of_the_words_note_brings_what_it_sets_up_into_sight(app_server: AppServer, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    page.goto(app_server.url + "/words?source=packaged:euclidean")
    expect(page.get_by_role("table")).to_be_visible(timeout=60_000)
    page.evaluate("void (window.wasHere = true)")
    for name in ("Which does not belong", "From big to small"):
        step = page.get_by_role("button", name=name)
        step.scroll_into_view_if_needed()
        until(lambda: page.evaluate(TOP.format("h1")) < 0)
        step.click()
        until(lambda: 60 <= page.evaluate(TOP.format(".ls-arrived")) < 250)
        until(lambda: page.evaluate("document.activeElement.className") == "ls-arrived")
        assert "section=questions" in page.evaluate("location.search")
    assert page.evaluate("window.wasHere")
    context.close()
