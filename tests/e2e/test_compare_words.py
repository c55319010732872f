"""The page that compares spaces in a browser: a word leads on, a link shows the same, and it fits on a telephone."""

from playwright.sync_api import Locator, expect

from tests.browser import Screen
from tests.e2e.test_accessibility import found, wear
from tests.e2e.test_words import Come, address, asked_for, come, query, ranked

__all__ = ["come"]
TWO = "/compare_words?a.source=packaged:lee-fasttext&b.source=packaged:euclidean"
SECTIONS = {
    "Side by side": "words in common",
    "Agreement": "They agree least",
    "Alignment": "They moved most",
    "Scores": "on the .* questions that both know",
    "Shape": "Effective dimensions",
    "Relations": "the same words paired at random",
}


def told(screen: Screen, text: str) -> Locator:
    return screen.page.locator(f"text=/{text}/").first


def lists(screen: Screen) -> list[str]:
    return ranked(screen).locator(".ls-word").all_inner_texts()


def test_spaces_are_compared_a_word_leads_on_and_a_link_shows_the_same(come: Come) -> None:
    screen = come(f"{TWO}&section=agreement")
    expect(told(screen, "They agree least")).to_be_visible()
    expect(screen.page.locator(".js-plotly-plot .bars path").first).to_be_visible()
    word = ranked(screen).first.locator(".ls-word").first
    least = word.inner_text()
    word.click()
    expect(query(screen)).to_have_value(least)
    expect(told(screen, "words in common")).to_be_visible()
    screen.until(lambda: asked_for(screen, "query") == least)
    ranked(screen).last.locator(".ls-word").first.click()
    screen.until(lambda: asked_for(screen, "query") not in ("", least))
    screen.page.get_by_role("button", name="Back").click()
    expect(query(screen)).to_have_value(least)
    screen.until(lambda: asked_for(screen, "query") == least)
    shown = lists(screen)

    guest = come(address(screen))
    guest.until(lambda: lists(guest) == shown)
    guest.page.get_by_text("A third space").click()
    expect(ranked(guest)).to_have_count(3)
    assert asked_for(guest, "c.source") == "packaged:lee-fasttext"


def test_all_sections_fit_on_a_telephone_and_axe_finds_nothing_serious(come: Come) -> None:
    screen = come(TWO, width=390)
    for name, there in SECTIONS.items():
        screen.page.get_by_role("radio", name=name).first.click()
        expect(told(screen, there)).to_be_visible()
        assert screen.ask("document.documentElement.scrollWidth") <= 390, name
        assert not found(screen), f"{name}, light, 390"
    screen.page.set_viewport_size({"width": 1440, "height": 1000})
    wear(screen, "dark")
    for name in ("Side by side", "Relations"):
        screen.page.get_by_role("radio", name=name).first.click()
        expect(told(screen, SECTIONS[name])).to_be_visible()
        assert not found(screen), f"{name}, dark, 1440"
