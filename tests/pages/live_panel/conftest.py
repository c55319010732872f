"""The live panel in a real Chromium, against a run that is made up (see harness.py): one page for all these tests."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page

from tests import browser as browsers
from tests.pages.live_panel.harness import Harness, serving

HOOKS = "document.querySelector('.ls-panel').learnscope"
BOUNDARY = "document.querySelector('[data-testid=panel-boundary] .ls-plot')"
FIRST_CELL = f"{BOUNDARY}.data[0].z[0][0] * 1e6"


@dataclass
class Screen(browsers.Screen):
    """A page with the panel on the harness."""

    harness: Harness = None  # type: ignore[assignment]

    def open(self, **query: str) -> "Screen":
        """Mount the panel and wait for its first picture; a page that has all scripts loaded is not loaded again."""
        if self.ask("'harness' in window"):
            self.ask(f"harness.open({json.dumps(query)})")
            self.until(lambda: (self.painted or 0) > 0)
            return self
        return self.go(f"{self.harness.url}/?" + "&".join(f"{key}={value}" for key, value in query.items()))

    def load(self) -> None:
        """Go where the panel's modules can be imported and no panel is mounted."""
        if self.ask("'harness' in window"):
            self.ask("harness.close()")
        else:
            self.page.goto(f"{self.harness.url}/live/assets/test/panel.css")

    def close(self) -> None:
        """Leave the page without a panel, as the next test expects it."""
        self.forget()
        if self.ask("'harness' in window"):
            self.ask("harness.close()")

    @contextmanager
    def time_stands_still(self) -> Iterator[Callable[[float], None]]:
        """Let time pass on the page only by the function that is given, in ms; the time that a test takes is none."""
        clock = self.page.clock
        clock.install()
        clock.pause_at(self.ask("Date.now()") / 1000 + 1)
        try:
            yield clock.run_for
        finally:
            clock.resume()

    def until_step(self, step: int) -> None:
        """Wait until that step is on the screen."""
        self.until(lambda: self.shown == step)


@pytest.fixture(scope="package")
def served() -> Iterator[Harness]:
    with serving() as harness:
        yield harness


@pytest.fixture
def harness(served: Harness) -> Harness:
    served.renew()
    return served


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with browsers.chromium() as browser:
        yield browser


@pytest.fixture(scope="package")
def page(browser: Browser) -> Page:
    return browser.new_page()


@pytest.fixture
def screen(page: Page, harness: Harness) -> Iterator[Screen]:
    page.set_viewport_size({"width": 1440, "height": 1000})
    screen = Screen(page, harness=harness)
    yield screen
    screen.close()
    assert screen.hosts <= {harness.url.removeprefix("http://"), ""}, "nothing but the harness, and what the page made"


def record(harness: Harness, frames: int) -> None:
    """Record frames 0, 10, 20, ... before anybody looks, and pause there."""
    for _ in range(frames - 1):
        harness.call("advance", 10)
    harness.end("paused", "")
