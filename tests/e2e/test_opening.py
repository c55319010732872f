"""A page as it opens: nothing that a person has begun to read is pushed away."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, Route, expect

from pages.ui.live_panel import OPENING
from tests.app_server import AppServer
from tests.browser import Screen
from tests.e2e.conftest import Visit
from tests.e2e.test_playground import SPIRAL

BELOW = ".st-key-playground-live + *"
WATCH = """window.tops = [];
const look = () => {
  const below = document.querySelector("%s");
  if (below) window.tops.push(below.getBoundingClientRect().top);
  requestAnimationFrame(look);
};
look();"""


@contextmanager
def watched(page: Page) -> Iterator[None]:
    """Run the watch on every document that the page opens meanwhile."""
    tools = page.context.new_cdp_session(page)
    tools.send("Page.enable")
    script = tools.send("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH % BELOW})
    yield
    tools.send("Page.removeScriptToEvaluateOnNewDocument", script)
    tools.detach()


def test_what_is_below_the_live_panel_does_not_jump_when_it_comes(app_server: AppServer, visit: Visit) -> None:
    screen = visit(app_server.url + "/playground")
    screen.page.set_viewport_size({"width": 1440, "height": 900})
    with watched(screen.page):
        screen.go(screen.page.url)
    place = "document.querySelector('.st-key-playground-live')"
    panel = "document.querySelector('.ls-panel')"
    screen.until(lambda: screen.ask(f"{place}.offsetHeight - {panel}.offsetHeight") == 0)
    screen.until(lambda: screen.ask("tops.length") > 0)
    assert min(screen.ask("tops")) > 900
    # The bar stays in sight only where nothing around it scrolls by itself.
    assert screen.ask(f"getComputedStyle({place}).overflow") == "visible"


def test_what_is_still_on_its_way_says_so(app_server: AppServer, visit: Visit) -> None:
    screen = visit(app_server.url + SPIRAL)
    page = screen.page
    script, plotly = _hold(page, "**/panel.js"), _hold(page, "**/plotly.min.js")
    page.goto(page.url)
    opening = page.get_by_text(OPENING)
    expect(opening).to_be_visible()
    _let_go(screen, "**/panel.js", script)
    expect(opening).to_have_count(0)
    mark = "getComputedStyle(document.querySelector('[data-testid=panel-boundary] .ls-body'), '::after').content"
    screen.until(lambda: screen.ask(mark) == '"Loading…"')
    _let_go(screen, "**/plotly.min.js", plotly)
    screen.until(lambda: screen.ask(mark) == "none")


def _hold(page: Page, files: str) -> list[Route]:
    """Let files wait that the page asks for; they are in the list then."""
    held: list[Route] = []
    page.route(files, lambda route: held.append(route))
    return held


def _let_go(screen: Screen, files: str, held: list[Route]) -> None:
    """Wait until files were asked for, and let them come."""
    screen.until(lambda: (screen.ask("0"), held)[1])  # only who asks the page hears of its requests
    for route in held:
        route.continue_()
    screen.page.unroute(files)
