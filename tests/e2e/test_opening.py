"""A page as it opens: nothing that a person has begun to read is pushed away."""

from playwright.sync_api import Browser

from tests.app_server import AppServer
from tests.browser import Screen

BELOW = ".st-key-playground-live + *"
WATCH = """window.tops = [];
const look = () => {
  const below = document.querySelector("%s");
  if (below) window.tops.push(below.getBoundingClientRect().top);
  requestAnimationFrame(look);
};
look();"""


def test_what_is_below_the_live_panel_does_not_jump_when_it_comes(app_server: AppServer, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.add_init_script(WATCH % BELOW)
    screen = Screen(page).go(app_server.url + "/playground")
    place = "document.querySelector('.st-key-playground-live')"
    panel = "document.querySelector('.ls-panel')"
    screen.until(lambda: screen.ask(f"{place}.offsetHeight - {panel}.offsetHeight") == 0)
    screen.until(lambda: screen.ask("tops.length") > 0)
    assert min(screen.ask("tops")) > 900
    # The bar stays in sight only where nothing around it scrolls by itself.
    assert screen.ask(f"getComputedStyle({place}).overflow") == "visible"
    page.close()
