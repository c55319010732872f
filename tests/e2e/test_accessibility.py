"""What a page is to those who use the keyboard, listen, or see little: axe-core finds nothing serious, in both themes,
on wide and narrow screens and in all states; and Tab leads to every control, in the order in which they lie.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.app_server import AppServer
from tests.browser import Screen
from tests.e2e.conftest import Visit
from tests.e2e.test_playground import pause, reach, until_state

PLAYGROUND = "/playground?preset=dead-relus"
SERIOUS = ("serious", "critical")
RUN_AXE = """([within, rules]) => axe.run(document.querySelector(within), {
    resultTypes: ["violations"], preload: false, ...rules
}).then(({ violations }) => violations)"""
SEEN = ("color-contrast", "link-in-text-block")
COLOURS = {"runOnly": list(SEEN)}
"""The rules that another theme can break: the rest of a page is the same in both."""
SHAPES = {"rules": {rule: {"enabled": False} for rule in SEEN}}
"""All others. Colours are looked up place by place: of a table with hundreds of cells alike that takes long."""
ALL: dict[str, Any] = {}
CONTROLS = """a[href], button, input, select, textarea, summary, [tabindex='0']"""
REACHABLE = """() => [...document.querySelectorAll("%s")].filter((part) =>
    part.checkVisibility({ visibilityProperty: true }) && !part.disabled && part.tabIndex >= 0
    && !part.closest("[inert]") && !(part.type === "radio" && !part.checked))
    .map((part) => ((part.wasReached = false), part)).length"""
HERE = """() => {
    const part = document.activeElement;
    if (part === document.body || part.wasReached) return null;
    part.wasReached = true;
    // Within such a group one goes by arrows.
    const group = part.closest("[role=toolbar], [role=radiogroup]");
    group?.querySelectorAll("button").forEach((other) => { other.wasReached = true; });
    const { outlineStyle, outlineWidth } = getComputedStyle(part);
    const card = part.closest(".ls-card");
    const { top = 0, left = 0 } = card?.getBoundingClientRect() ?? {};
    const box = part.getBoundingClientRect();
    const above = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    const scrolled = document.querySelector("[data-testid=stMain]").scrollTop;
    return {
        panel: part.closest(".ls-panel") !== null,
        name: part.dataset.testid ?? part.ariaLabel ?? part.textContent.slice(0, 40),
        card: card && [card.dataset.testid, Math.round(top + scrolled), Math.round(left)],
        ring: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
        covered: !above || !(part.contains(above) || above.contains(part)),
    };
}"""
MISSED = """() => [...document.querySelectorAll("%s")].filter((part) => part.wasReached === false)
    .map((part) => part.outerHTML.slice(0, 160))"""
FADING = """document.getAnimations().filter(({ playState, effect }) =>
    playState === "running" && effect.getTiming().iterations !== Infinity).length"""
STEERING = [
    *("ls-train", "ls-step", "ls-epoch", "ls-reset", "ls-stop", "ls-rate-slider", "ls-rate"),
    *("ls-scrubber", "ls-live", "ls-branch"),
]


@cache
def axe() -> str:
    """Return the source of axe-core."""
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def found(screen: Screen, rules: Mapping[str, Any] = ALL, within: str = "html") -> list[str]:
    """Return what axe-core finds on the page that is serious: the rule, and where; by all rules, or some.

    What is being drawn anew is pale meanwhile, and what comes or goes fades: that is waited for.
    """
    expect(screen.page.locator("[data-test-script-state=running]")).to_have_count(0)
    screen.until(lambda: screen.ask(FADING) == 0)
    if not screen.ask("'axe' in window"):
        screen.ask(axe() + "; 0")  # not by a script element, which the page's policy forbids
    return [
        f"{found['id']} at {json.dumps(node['target'])}: {node['failureSummary']}"
        for found in screen.page.evaluate(RUN_AXE, [within, dict(rules)])
        if found["impact"] in SERIOUS
        for node in found["nodes"]
    ]


def wear(screen: Screen, theme: str) -> None:
    """Let the browser ask for a theme, and wait until the page has it."""
    screen.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    ground = "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
    screen.until(lambda: screen.ask(ground) == {"light": "rgb(255, 255, 255)", "dark": "rgb(16, 22, 29)"}[theme])
    screen.until(lambda: screen.ask(FADING) == 0)


@pytest.fixture
def screen(app_server: AppServer, visit: Visit) -> Iterator[Screen]:
    screen = visit(app_server.url + PLAYGROUND)
    yield screen
    screen.page.emulate_media(color_scheme="light")


def test_axe_finds_nothing_serious(screen: Screen, app_server: AppServer) -> None:
    playground = screen.page.url
    assert not found(screen), "ready, light, 1440"
    screen.get("ls-train").click()
    reach(screen, 50)
    wear(screen, "dark")
    assert not found(screen, COLOURS, ".ls-top"), "training, dark, 1440"
    pause(screen)
    assert not found(screen, COLOURS), "paused, dark, 1440"
    screen.page.get_by_role("link", name="Home").first.click()  # where the run is told of now
    screen.page.get_by_text("Your runs").wait_for()
    assert not found(screen, COLOURS), "home, dark, 1440"
    wear(screen, "light")
    screen.page.set_viewport_size({"width": 390, "height": 900})
    assert not found(screen), "home, light, 390"
    screen.go(playground)  # as a phone opens it
    for table in ("boundary", "network", "loss"):
        screen.get(f"table-{table}").click()
    screen.get("ls-scrubber").press("Home")
    screen.until(lambda: screen.shown == 0)
    screen.get("panel-score").locator(".ls-legend .ls-entry").first.click()  # a curve that is hidden
    screen.get("panel-score").locator("summary").first.click()
    assert not found(screen, SHAPES), "looking back, 390"
    for table in ("boundary", "network"):
        screen.get(f"table-{table}").click()
    assert not found(screen, COLOURS), "looking back, light, 390"
    wear(screen, "dark")
    assert not found(screen, COLOURS), "looking back, dark, 390"
    screen.page.set_viewport_size({"width": 1440, "height": 1000})
    screen.go(f"{app_server.url}/playground?task=Find+the+**smallest**+net&lock=Training&hide=examples&panels=loss")
    screen.page.locator("summary", has_text="Link for a class").click()
    assert not found(screen), "a task, with locked settings and the form of its link, dark, 1440"


def test_tab_leads_to_every_control_in_the_order_in_which_they_lie(screen: Screen) -> None:
    screen.get("ls-step").click()
    screen.until(lambda: screen.shown == 1)
    until_state(screen, "paused")
    screen.get("table-loss").click()
    expect(screen.get("data-loss")).to_be_visible()
    count = screen.page.evaluate(REACHABLE % CONTROLS)
    screen.get("stSkipToContent").focus()
    stops: list[dict] = []
    while (stop := screen.page.evaluate(HERE)) and len(stops) < 2 * count:
        stops.append(stop)
        screen.press("Tab")
    assert screen.page.evaluate(MISSED % CONTROLS) == []
    ours = [stop for stop in stops if stop["panel"]]
    assert [stop["name"] for stop in ours[: len(STEERING)]] == STEERING
    assert [stop["name"] for stop in ours if not stop["ring"] or stop["covered"]] == []
    cards = list(dict.fromkeys(tuple(stop["card"]) for stop in ours if stop["card"]))
    assert cards == sorted(cards, key=lambda card: card[1:])
    assert "data-loss" in [stop["name"] for stop in ours]
    # And back again: nothing holds the focus.
    screen.press("Shift+Tab")
    assert screen.ask("document.activeElement !== document.body")
