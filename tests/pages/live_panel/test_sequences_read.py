"""The panels of sequences for those who listen, see little, or use a telephone: axe-core finds nothing serious."""

import pytest
from playwright.sync_api import expect

from tests.e2e.test_accessibility import found
from tests.pages.live_panel.conftest import Screen
from tests.pages.live_panel.sequence_samples import sequence_panels
from tests.pages.live_panel.sequences import open_sequences

SMALL = """[...document.querySelectorAll(".ls-grid :is(button, select, summary, input)")]
    .filter((part) => part.checkVisibility() && part.getBoundingClientRect().height < 40)
    .map((part) => part.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_serious_is_found_in_any_state(screen: Screen, theme: str, width: int) -> None:
    screen.harness.runs["one"].text = "dark and stormy night"
    screen.page.set_viewport_size({"width": width, "height": 900})
    open_sequences(screen, *sequence_panels(), frames=3, theme=theme)
    screen.get("panel-steps").scroll_into_view_if_needed()  # what is out of sight is not drawn
    expect(screen.get("panel-steps").locator(".ls-shape")).to_contain_text("21 steps")
    assert found(screen, within=".ls-grid") == []
    screen.get("ls-type").fill("R2")
    expect(screen.get("ls-type-told")).to_have_text("There are no digits in names.")
    for panel in ("hidden", "unrolled"):
        screen.get(f"table-{panel}").click()
        screen.until(lambda panel=panel: screen.get(f"data-{panel}").locator("td").count())
    screen.harness.runs["one"].text = ""
    screen.harness.call("advance", 10)
    screen.get("panel-gates").scroll_into_view_if_needed()
    expect(screen.get("panel-gates").locator(".ls-nothing")).to_be_visible()
    assert found(screen, within=".ls-grid") == []
    assert width > 390 or screen.ask(SMALL) == [], "a thumb needs as much"
    assert screen.ask("document.documentElement.scrollWidth") <= width


def test_every_picture_says_what_it_is_and_how_its_keys_work(screen: Screen) -> None:
    open_sequences(screen, *sequence_panels())
    labels = screen.ask(
        "[...document.querySelectorAll('.ls-strip canvas')].map((canvas) => [canvas.tabIndex, canvas.ariaLabel])"
    )
    alts = [panel.alt for panel in sequence_panels()[1:]]
    assert [tab for tab, _ in labels] == [0] * len(alts)
    for (_, label), alt in zip(labels, alts, strict=True):
        assert label.startswith(f"{alt} The keys up and down lead to its cells")
    field = screen.get("ls-type")
    assert field.get_attribute("aria-label") == "A field to type in."
