"""One Chromium for a test process, a fresh context for each test, and a watch on every request and console error."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@dataclass
class Desk:
    """A person's browser: pages opened through it are watched; ``hosts`` and ``errors`` are what they did."""

    context: BrowserContext
    hosts: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)

    def open(self, url: str) -> Page:
        """Return a page at ``url`` whose live panel has painted its first frame."""
        page = self.context.new_page()
        page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))
        page.on("websocket", lambda socket: self.hosts.add(urlsplit(socket.url).netloc))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)
        page.goto(url)
        page.get_by_test_id("ls-panel").wait_for()
        page.wait_for_function(f"{PANEL}?.paintedFrames > 0")
        return page


PANEL = "document.querySelector('[data-testid=ls-panel]')?.learnscope"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def new_desk(browser: Browser) -> Iterator:
    """Return a function that gives a new person's browser; all are closed at the end, none may have left this machine."""
    desks: list[Desk] = []

    def make(**options: object) -> Desk:
        desk = Desk(browser.new_context(viewport={"width": 1440, "height": 1000}, **options))
        desks.append(desk)
        return desk

    yield make
    for desk in desks:
        desk.context.close()
