"""The app in one Chromium for a test process: a fresh context, and so a new person, for each desk."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.app_server import AppServer
from tests.browser import Screen, chromium

# Streamlit looks for its own endpoints below a page's address before it looks at the root; and a server that a test
# stops cannot be reached.
EXPECTED = re.compile(
    r"Failed to load resource.*404|.*ERR_CONNECTION_(REFUSED|RESET)|WebSocket connection.*failed"
    r"|Client Error in reaching server endpoint|Is Streamlit still running"
)


class Desk:
    """A person's browser."""

    def __init__(self, context: BrowserContext) -> None:
        self._context = context
        self.screens: list[Screen] = []

    def open(self, url: str) -> Screen:
        """Return a new page at ``url`` whose live panel has painted its first frame."""
        screen = Screen(self._context.new_page())
        self.screens.append(screen)
        return screen.go(url)

    def close(self) -> None:
        """Close all pages."""
        self._context.close()


NewDesk = Callable[..., Desk]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def new_desk(browser: Browser) -> Iterator[NewDesk]:
    """Return a function that gives a new person's browser; no page of it may call another host or meet an error."""
    desks: list[Desk] = []

    def make(**options: object) -> Desk:
        settings = {"viewport": {"width": 1440, "height": 1000}} | options
        desks.append(Desk(browser.new_context(**settings)))  # type: ignore[arg-type]
        return desks[-1]

    yield make
    screens = [screen for desk in desks for screen in desk.screens]
    for desk in desks:
        desk.close()
    assert {host.partition(":")[0] for screen in screens for host in screen.hosts} <= {"localhost", ""}
    assert not [error for screen in screens for error in screen.errors if not EXPECTED.match(error)]


@pytest.fixture
def own_app_server(tmp_path: Path) -> Iterator[AppServer]:
    """Return a running app that this test may stop."""
    with AppServer(tmp_path) as server:
        yield server
