"""The index page in a browser: indexes are measured, a link shows another browser the same, on a telephone too."""

import re

from playwright.sync_api import expect

from tests.browser import Screen
from tests.e2e.test_accessibility import found, wear
from tests.e2e.test_words import Come, come

__all__ = ["come"]
ADDRESS = "/index?source=packaged:lee-fasttext&rows=1000&queries=20&kinds=flat,ivf,hnsw"
SHOWN = """[...document.querySelector(".js-plotly-plot").data].filter((trace) => trace.mode === "lines+markers")
    .map((trace) => [trace.name, [...trace.x], [...trace.y]])"""


def points(screen: Screen) -> list:
    """Return what the plot shows: the name of each line, and where its points lie."""
    expect(screen.page.locator(".js-plotly-plot .scatterlayer path.point").first).to_be_visible()
    return screen.ask(SHOWN)


def test_indexes_are_measured_and_a_link_shows_the_same(come: Come) -> None:
    screen = come(ADDRESS, width=390)
    expect(screen.page.get_by_text("asked in the cell that lies nearest")).to_be_visible()
    assert not found(screen), "not measured, light, 390"
    screen.page.get_by_role("button", name="Measure", exact=True).click()
    expect(screen.page.get_by_role("button", name="Measure again")).to_be_visible()
    screen.until(lambda: len(points(screen)) == 4)
    measured = points(screen)
    assert [(name, len(x)) for name, x, _ in measured[1:]] == [
        ("Flat: all rows", 1),
        ("IVF: lists around centres", 4),
        ("HNSW: a graph", 3),
    ]
    screen.page.get_by_text("All numbers").click()
    expect(screen.get("stDataFrame").first).to_be_visible()
    assert screen.ask("document.documentElement.scrollWidth") <= 390
    assert not found(screen), "measured, light, 390"

    guest = come(screen.ask("location.href"))
    guest.until(lambda: points(guest) == measured)
    expect(guest.page.get_by_text(re.compile("^Take .*it finds"))).to_be_visible()
    wear(guest, "dark")
    assert not found(guest), "measured, dark, 1440"
