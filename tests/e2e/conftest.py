"""The app in one Chromium for a test process: whoever visits it is a person of their own."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import Screen, chromium

# Streamlit looks for its own endpoints below a page's address before it looks at the root; and a server that a test
# stops cannot be reached.
EXPECTED = re.compile(
    r"Failed to load resource.*404|.*ERR_CONNECTION_(REFUSED|RESET)|WebSocket connection.*failed"
    r"|Client Error in reaching server endpoint|Is Streamlit still running"
)


Visit = Callable[[str], Screen]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Return a browser; closed before other tests begin, for Playwright leaves no room for another event loop."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="package")
def idle_pages(browser: Browser) -> list[Page]:
    """Pages that nobody uses just now, each in a context of its own."""
    return []


def stop(screen: Screen) -> None:
    """Stop a run of this person's that goes on."""
    if screen.state == "running" and screen.get("ls-stop").is_enabled():
        screen.get("ls-stop").click()
        screen.until(lambda: screen.state != "running")


@pytest.fixture
def visit(browser: Browser, idle_pages: list[Page]) -> Iterator[Visit]:
    """Return a function by which another person comes to an address; no page may call another host or meet an error."""
    screens: list[Screen] = []

    def come(url: str) -> Screen:
        page = idle_pages.pop() if idle_pages else browser.new_context().new_page()
        page.set_viewport_size({"width": 1440, "height": 1000})
        screens.append(Screen(page))
        return screens[-1].go(url)

    yield come
    for screen in screens:
        stop(screen)  # or it would go on beside the next tests, as fast as it can
        screen.ask("localStorage.clear(), sessionStorage.clear()")
        screen.page.context.clear_cookies()
        screen.leave()
        idle_pages.append(screen.page)
    assert {host.partition(":")[0] for screen in screens for host in screen.hosts} <= {"localhost", ""}
    assert not [error for screen in screens for error in screen.errors if not EXPECTED.match(error)]
