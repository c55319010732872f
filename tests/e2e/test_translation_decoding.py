"""How translations are searched for, in a browser: the tree of a beam search, a sum of it, and who is to blame."""

import re

from playwright.sync_api import expect

from tests.app_server import AppServer
from tests.e2e.conftest import Visit
from tests.e2e.test_accessibility import COLOURS, found, wear
from tests.e2e.test_translation import QUICK, trained


def test_a_beam_search_is_seen_as_a_tree_and_the_blame_is_told(app_server: AppServer, visit: Visit) -> None:
    screen = trained(visit(f"{app_server.url}/translation?{QUICK}&strategy=beam&beams=3"), 100)
    tree = screen.get("panel-beams")
    tree.scroll_into_view_if_needed()
    expect(tree.locator(".ls-reading-about")).to_contain_text("Beam search, 3 beams")
    expect(tree.locator(".ls-shape")).to_have_text(re.compile(r"\d+ symbols?, \d+ branches"))
    canvas = tree.locator("canvas")
    canvas.focus()
    screen.press("ArrowDown")
    screen.press("ArrowRight")
    expect(tree.locator(".ls-tooltip")).to_contain_text("log-probability: ")
    screen.press("Enter")
    expect(screen.get("ls-explained")).to_contain_text("The log-probability of a beginning of 2 symbols")
    screen.press("Escape")
    expect(screen.get("panel-bleu-sum")).to_contain_text("nrefs:1|case:mixed|eff:yes|tok:none|smooth:exp")
    assert not found(screen), "light, 1440"

    page = screen.page
    page.get_by_role("button", name="Who is to blame?").click()
    expect(page.get_by_text(re.compile(r"Mostly the (net|search) is to blame|nobody is to blame"))).to_be_visible()
    expect(page.get_by_text("BLEU as sacrebleu counts it")).to_be_visible()
    wear(screen, "dark")
    page.set_viewport_size({"width": 390, "height": 900})
    assert not found(screen, COLOURS), "dark, 390"
    assert screen.ask("document.documentElement.scrollWidth") <= 390
    page.emulate_media(color_scheme="light")
