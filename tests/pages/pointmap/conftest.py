"""The map of words in a real Chromium, on maps that are made up (see samples.py): one page for all these tests."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from tests import browser as browsers
from tests.pages.pointmap.harness import Harness, serving
from tests.pages.pointmap.samples import Sample, sample, write_map

HOOKS = "document.querySelector('.ls-map').learnscope"
CANVAS = "document.querySelector('.ls-map-over')"


@dataclass
class Screen(browsers.Screen):
    """A page with the map on the harness."""

    harness: Harness = None  # type: ignore[assignment]

    def show(self, made: Sample, **data: Any) -> str:
        """Write a finished map, mount it, wait until it rests, and return its key."""
        key, folder = self.harness.new_map()
        write_map(folder, made)
        self.open(key, **data)
        self.rest()
        return key

    def open(self, key: str, **data: Any) -> None:
        """Mount the map of a folder, whatever is there."""
        if not self.ask("'harness' in window"):
            self.page.goto(f"{self.harness.url}/")
            self.until(lambda: self.ask("'harness' in window"))
        whole = {"map": key, "token": self.harness.token(key) if key else "", "title": "A map of words"} | data
        self.ask(f"harness.open({json.dumps(whole)})")

    def update(self, **changes: Any) -> None:
        """Hand other data over, as a rerun of the page does."""
        self.ask(f"harness.update({json.dumps(changes)})")

    def rest(self, finished: bool = True) -> None:
        """Wait until the map is there and nothing moves."""
        there = f"{HOOKS}.map?.done" if finished else f"Boolean({HOOKS}.map)"
        self.until(lambda: self.ask(f"{there} && {HOOKS}.still && {HOOKS}.stage.painted > 0"))

    def hook(self, expression: str) -> Any:
        """Return something of the hooks."""
        return self.ask(f"(() => {{ const hooks = {HOOKS}; return hooks.{expression}; }})()")

    def places(self) -> np.ndarray:
        """Return where all points lie, (n, 2) CSS pixels from the corner of the stage."""
        return np.array([self.hook(f"stage.seen.{axis} && [...hooks.stage.seen.{axis}]") for axis in "xy"]).T

    def corner(self) -> tuple[float, float]:
        """Return where the stage begins, in CSS pixels of the window."""
        box = self.get("ls-map-canvas").bounding_box()
        assert box
        return box["x"], box["y"]

    def told(self, event: str) -> list[Any]:
        """Return all that the page was told under one name."""
        return [value for name, value in self.ask("harness.told") if name == event]

    def close(self) -> None:
        """Leave the page without a map, as the next test expects it."""
        self.forget()
        if self.ask("'harness' in window"):
            self.ask("harness.close()")


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEARNSCOPE_HOME", str(home))
        with serving(home) as harness:
            yield harness


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with browsers.chromium() as browser:
        yield browser


@pytest.fixture(scope="package")
def page(browser: Browser) -> Page:
    return browser.new_page()


@pytest.fixture
def screen(page: Page, served: Harness) -> Iterator[Screen]:
    page.set_viewport_size({"width": 1200, "height": 900})
    page.mouse.move(0, 0)
    screen = Screen(page, harness=served)
    yield screen
    screen.close()
    assert screen.hosts <= {served.url.removeprefix("http://"), ""}, "nothing but the harness, and what the page made"
    assert not screen.errors


@pytest.fixture(scope="package")
def flat() -> Sample:
    """Return a map in a plane."""
    return sample()


@pytest.fixture(scope="package")
def deep() -> Sample:
    """Return a map in a space."""
    return sample(240, 3, seed=2)
