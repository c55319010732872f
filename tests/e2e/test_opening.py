"""A page as it opens: nothing that a person has begun to read is pushed away."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page

from tests.app_server import AppServer
from tests.e2e.conftest import Visit

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
