"""A real Chromium, and a page in it whose requests and errors are kept."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PANEL = "document.querySelector('.ls-panel')?.learnscope"
PATIENCE = 90.0
expect.set_options(timeout=PATIENCE * 1000)


def _already(holds: Callable[[], object]) -> bool:
    try:
        return bool(holds())
    except LookupError:
        return False


@contextmanager
def chromium() -> Iterator[Browser]:
    """Return a running Chromium; it is closed at the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


@dataclass
class Screen:
    """A page, with the hosts that it called and the errors that it met."""

    page: Page
    hosts: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._listeners: dict[str, Callable[[Any], None]] = {
            "request": lambda request: self.hosts.add(urlsplit(request.url).netloc),
            "websocket": lambda socket: self.hosts.add(urlsplit(socket.url).netloc),
            "pageerror": lambda error: self.errors.append(str(error)),
            "console": lambda line: self.errors.append(line.text) if line.type == "error" else None,
        }
        self.page.set_default_timeout(PATIENCE * 1000)
        for event, listener in self._listeners.items():
            self.page.on(event, listener)  # type: ignore[call-overload]

    def leave(self) -> None:
        """Leave the app for an empty page of the same server, so that the next test finds all scripts compiled.

        Another origin, or about:blank, would be shown by another process, for the app has an opener policy.
        """
        self.forget()
        here = urlsplit(self.page.url)
        self.page.goto(f"{here.scheme}://{here.netloc}/_stcore/health")

    def forget(self) -> None:
        """Take no more note of what the page asks for and meets."""
        for event, listener in self._listeners.items():
            self.page.remove_listener(event, listener)

    def go(self, url: str) -> Self:
        """Go to an address and wait for the live panel's first picture."""
        self.page.goto(url)
        self.until(lambda: (self.painted or 0) > 0)
        return self

    def ask(self, expression: str) -> Any:
        """Return the value of an expression on the page."""
        return self.page.evaluate(expression)

    def until(self, holds: Callable[[], object], patience: float = PATIENCE) -> None:
        """Wait from outside: Playwright's own wait_for_function needs an eval that the page's policy forbids.

        What is looked at may not be there yet: a LookupError, as of the first of no lines, says "not yet".
        """
        end = time.monotonic() + patience
        while not _already(holds):
            assert time.monotonic() < end, f"it did not come to hold; the page says: {self.errors}"
            time.sleep(0.02)

    def get(self, testid: str) -> Locator:
        """Return the element with a test id."""
        return self.page.get_by_test_id(testid)

    def press(self, key: str) -> None:
        """Press a key."""
        self.page.keyboard.press(key)

    @property
    def state(self) -> str | None:
        """The state of the run, as the live panel has it."""
        return self.get("ls-state").get_attribute("data-state")

    @property
    def shown(self) -> int:
        """The step on the screen."""
        return self.ask(f"{PANEL}.shownStep")

    @property
    def last(self) -> int:
        """The newest step that the live panel knows."""
        return self.ask(f"{PANEL}.lastStep")

    @property
    def recorded(self) -> list[int]:
        """The steps that one can scrub over."""
        return self.ask(f"{PANEL}.recorded")

    @property
    def painted(self) -> int | None:
        """How many frames were painted; nothing where there is no live panel yet."""
        return self.ask(f"{PANEL}?.paintedFrames ?? null")

    @property
    def run(self) -> str:
        """The run that the page's address names."""
        return parse_qs(self.ask("location.search.slice(1)"))["run"][0]
