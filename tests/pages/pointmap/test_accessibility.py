"""The map for those who use the keyboard, listen, or see little: axe finds nothing serious, Tab leads everywhere."""

import pytest

from tests.e2e.test_accessibility import MISSED, REACHABLE, found
from tests.pages.pointmap.conftest import CANVAS, Screen
from tests.pages.pointmap.samples import Sample, write_layout, write_words

CONTROLS = "#place a[href], #place button, #place input, #place select, #place summary, #place [tabindex='0']"
WITHIN = ".ls-map"


@pytest.mark.parametrize("width", [1200, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(screen: Screen, flat: Sample, theme: str, width: int) -> None:
    screen.page.set_viewport_size({"width": width, "height": 900})
    key, folder = screen.harness.new_map()
    write_words(folder, flat)
    write_layout(folder, flat.positions, 1, 0.3)
    screen.open(key, state="going", cancellable=True, theme=theme)
    screen.rest(finished=False)
    assert not found(screen, within=WITHIN), "forming"
    screen.show(flat, theme=theme, actions={"map": "Map these"})
    assert not found(screen, within=WITHIN), "done"
    screen.get("ls-map-search").fill("ka")
    assert not found(screen, within=WITHIN), "searching"
    screen.press("Enter")
    screen.get("ls-map-key").get_by_role("button").first.click()
    screen.get("ls-map-colour").select_option("kept")
    assert not found(screen, within=WITHIN), "a word selected, others chosen"
    screen.get("ls-map-table-button").click()
    screen.get("ls-map-take").locator("summary").click()
    assert not found(screen, within=WITHIN), "the table and the menu open"


def test_tab_leads_to_every_control(screen: Screen, flat: Sample) -> None:
    screen.show(
        flat, actions={"map": "Map these"}, look={"view": None, "word": flat.words[3], "colour": "", "chosen": []}
    )
    screen.get("ls-map-key").get_by_role("button").last.click()
    screen.ask("document.activeElement.blur()")
    count = screen.ask(f"({REACHABLE % CONTROLS})()")
    assert count > 30
    order = []
    for _ in range(count + 5):
        screen.press("Tab")
        order.append(
            screen.ask("(document.activeElement.wasReached = true, document.activeElement.dataset.testid ?? '')")
        )
    assert screen.ask(f"({MISSED % CONTROLS})()") == []
    named = [name for name in order if name]
    assert named[:7] == [
        "ls-map-search",
        "ls-map-colour",
        *(f"ls-map-tool-{tool}" for tool in ("move", "lasso", "box")),
        "ls-map-table-button",
        "ls-map-canvas",
    ]


def test_the_focus_is_seen_on_the_map(screen: Screen, flat: Sample) -> None:
    screen.show(flat)
    screen.get("ls-map-table-button").focus()
    screen.press("Tab")
    screen.press("Tab")
    assert screen.ask(f"document.activeElement === {CANVAS}")
    style = screen.ask(
        f"(({{ outlineStyle, outlineWidth }}) => [outlineStyle, outlineWidth])(getComputedStyle({CANVAS}))"
    )
    assert style == ["solid", "2px"]
