"""The words page in a browser: vectors are opened and asked, a map is drawn and chosen from, a link shows the same."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from gensim.models.fasttext import FastTextKeyedVectors, load_facebook_vectors
from playwright.sync_api import Browser, Locator, expect

from engine.frames import decode
from engine.words.packaged import packaged
from tests.app_server import AppServer
from tests.browser import ARGUMENTS, CHROMIUM, Screen
from tests.e2e.conftest import EXPECTED
from tests.e2e.test_accessibility import found, wear
from tests.lasso import drag, inside, star

MAP = "document.querySelector('.ls-map')?.learnscope"
LEE = "/words?source=packaged:lee-fasttext"
Come = Callable[..., Screen]


@pytest.fixture
def come(browser: Browser, app_server: AppServer) -> Iterator[Come]:
    """Return a function by which another person comes to an address; no page may call another host or meet an error."""
    screens: list[Screen] = []

    def to(path: str, width: int = 1440) -> Screen:
        page = browser.new_context(viewport={"width": width, "height": 1000}).new_page()
        screens.append(Screen(page))
        page.goto(path if path.startswith("http") else app_server.url + path)
        return screens[-1]

    yield to
    for screen in screens:
        screen.page.context.close()
    assert {host.partition(":")[0] for screen in screens for host in screen.hosts} <= {"localhost", ""}
    assert not [error for screen in screens for error in screen.errors if not EXPECTED.match(error)]


def ranked(screen: Screen) -> Locator:
    return screen.page.locator(".ls-ranked table")


def words(screen: Screen) -> list[str]:
    """Return the words of the list, from above."""
    return ranked(screen).first.locator(".ls-word").all_inner_texts()


def address(screen: Screen) -> str:
    return screen.ask("location.href")


def asked_for(screen: Screen, name: str) -> str:
    """Return what the page's address says of one thing; empty where it says nothing."""
    return parse_qs(urlsplit(address(screen)).query).get(name, [""])[0]


def query(screen: Screen) -> Locator:
    return screen.page.get_by_role("textbox", name="Word or mix of words")


@pytest.fixture(scope="module")
def gensim_lee() -> FastTextKeyedVectors:
    return load_facebook_vectors(str(packaged("lee-fasttext").path))


def answered(screen: Screen, expected: list[tuple[str, float]]) -> None:
    """Wait until the list of answers is what gensim says."""
    expect(ranked(screen).first.locator(".ls-word")).to_have_text([word for word, _ in expected])


def asks(screen: Screen, text: str) -> None:
    """Type a query and press Enter."""
    query(screen).fill(text)
    screen.press("Enter")
    expect(ranked(screen).first).to_have_attribute("aria-label", f"Neighbours of {text} by Cosine")
    screen.until(lambda: asked_for(screen, "query") == text)


def drawn_whole(screen: Screen) -> None:
    """Wait until the page is drawn: what is clicked or typed while it still comes can be drawn anew under the hand."""
    expect(screen.get("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def choose(screen: Screen, label: str, option: str) -> None:
    """Choose something in a field that has a list of choices."""
    field = screen.page.get_by_role("combobox", name=label, exact=True)
    expect(field).to_be_visible()
    drawn_whole(screen)
    field.click()
    screen.page.get_by_role("option", name=option, exact=True).click()


def rested(screen: Screen) -> None:
    """Wait until a finished map is shown and nothing moves on it."""
    expect(screen.page.get_by_text("Neighbours kept:")).to_be_visible()
    screen.until(lambda: screen.ask(f"{MAP}?.map?.done && {MAP}.still && {MAP}.stage.painted > 0"))


def places(screen: Screen) -> np.ndarray:
    """Return where the words of a map are seen, (n, 2) pixels of the window."""
    box = screen.get("ls-map-canvas").bounding_box()
    assert box is not None
    seen = np.array([screen.ask(f"[...{MAP}.stage.seen.{axis}]") for axis in "xy"]).T
    return seen + np.array([box["x"], box["y"]])


def drawn(server: AppServer) -> tuple[list[str], np.ndarray]:
    """Return the words of the one map that the server has drawn last, and their positions, (n, 2)."""
    file = max((server.home / "maps").glob("*/map.lsf"), key=lambda file: file.stat().st_mtime)
    return json.loads((file.parent / "words.json").read_text("utf-8")), decode(file.read_bytes()).arrays["positions"]


def chosen(screen: Screen) -> list[str]:
    """Return the words that the list of the chosen ones shows."""
    return screen.get("ls-map-chosen-words").locator("button").all_inner_texts()


def stance(screen: Screen) -> dict[str, float]:
    return screen.ask(f"{MAP}.stage.camera.stance")


@contextmanager
def another_browser(browser: Browser, url: str) -> Iterator[Screen]:
    """Open an address in a Chromium of its own."""
    other = browser.browser_type.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
    screen = Screen(other.new_page(viewport={"width": 1440, "height": 1000}))
    screen.page.goto(url)
    yield screen
    assert not [error for error in screen.errors if not EXPECTED.match(error)]
    other.close()


def test_one_asks_for_neighbours_clicks_through_goes_back_and_sends_the_link(come: Come) -> None:
    screen = come(LEE)
    expect(ranked(screen)).to_be_visible()
    query(screen).fill("government")
    screen.press("Enter")
    screen.until(lambda: "query=government" in address(screen))
    expect(ranked(screen)).to_have_attribute("aria-label", "Neighbours of government by Cosine")
    first = words(screen)
    assert len(first) == 10
    ranked(screen).get_by_role("button", name=first[2], exact=True).click()
    expect(query(screen)).to_have_value(first[2])
    screen.until(lambda: words(screen) != first)
    second = words(screen)

    guest = come(address(screen))
    expect(query(guest)).to_have_value(first[2])
    guest.until(lambda: words(guest) == second)

    screen.page.get_by_role("button", name="Back").click()
    screen.until(lambda: words(screen) == first)
    drawn_whole(screen)
    ranked(screen).locator("button").first.focus()
    screen.press("ArrowDown")
    assert screen.ask("document.activeElement.textContent") == first[1]
    screen.press("Enter")
    expect(query(screen)).to_have_value(first[1])


def test_the_browsers_back_and_forward_go_through_the_questions(come: Come) -> None:
    screen = come(LEE)
    expect(ranked(screen)).to_be_visible()
    for text in ("government", "minister"):
        drawn_whole(screen)
        asks(screen, text)
    for go, text in ((screen.page.go_back, "government"), (screen.page.go_forward, "minister")):
        drawn_whole(screen)
        go()
        expect(ranked(screen)).to_have_attribute("aria-label", f"Neighbours of {text} by Cosine")
        drawn_whole(screen)
        expect(query(screen)).to_have_value(text)
        assert asked_for(screen, "query") == text


def test_a_word_that_is_markup_stays_a_word(come: Come) -> None:
    screen = come("/words?source=packaged:glove&query=%22%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E%22")
    expect(screen.page.get_by_text("is not among these 76 words")).to_be_visible()
    assert screen.ask("document.querySelectorAll('img[src=x]').length") == 0


def test_an_analogy_is_asked_and_its_link_shows_the_same(come: Come) -> None:
    screen = come(f"{LEE}&section=analogies&formula=government+-+minister+%2B+president")
    expect(screen.page.locator(".ls-ranked table").first).to_be_visible()
    answers = words(screen)
    assert answers
    guest = come(address(screen))
    guest.until(lambda: words(guest) == answers)


def test_packaged_vectors_are_asked_and_mapped_and_another_browser_finds_the_words_of_a_lasso(
    come: Come, browser: Browser, app_server: AppServer, gensim_lee: FastTextKeyedVectors
) -> None:
    screen = come("/words")
    choose(screen, "Vectors", "Packaged")
    expect(screen.get("stSidebar").get_by_text("1,762 words", exact=True)).to_be_visible()
    drawn_whole(screen)
    asks(screen, "government")
    answered(screen, gensim_lee.most_similar("government"))

    screen.page.get_by_role("radio", name="Analogies").click()
    formula = screen.page.get_by_label("Formula")
    formula.fill("government - minister + president")
    formula.press("Enter")
    mix = {"positive": ["government", "president"], "negative": ["minister"]}
    answered(screen, gensim_lee.most_similar(**mix))

    screen.page.get_by_role("radio", name="Map").click()
    choose(screen, "Method", "PCA")
    screen.until(lambda: asked_for(screen, "map.method") == "pca")
    screen.page.get_by_role("button", name="Draw the map").click()
    rested(screen)
    screen.get("ls-map").scroll_into_view_if_needed()
    screen.page.get_by_role("button", name="Lasso", exact=True).click()
    seen = places(screen)
    names, positions = drawn(app_server)
    middle = (seen.min(axis=0) + seen.max(axis=0)) / 2
    scale = np.ptp(seen, axis=0) / np.ptp(positions, axis=0)
    assert scale[0] == pytest.approx(scale[1], rel=1e-4)
    centred = positions - (positions.min(axis=0) + positions.max(axis=0)) / 2
    np.testing.assert_allclose(seen, middle + centred * scale * [1, -1], atol=0.01)
    path = star(tuple(np.median(seen, axis=0)), 45)
    drag(screen.page, path)
    expected = {names[index] for index in inside(seen, path)}
    assert 5 < len(expected) <= 120
    assert set(chosen(screen)) == expected
    assert screen.get("ls-map-count").inner_text() == f"{len(expected)} words chosen"

    screen.page.mouse.move(*path[0])
    screen.page.mouse.wheel(0, -300)
    screen.until(lambda: asked_for(screen, "look"))
    screen.until(lambda: json.loads(asked_for(screen, "look")).get("view"))
    look = json.loads(asked_for(screen, "look"))
    assert set(look["chosen"]) == expected
    seen = stance(screen)
    assert seen["zoom"] > 1.2
    with another_browser(browser, address(screen)) as guest:
        rested(guest)
        assert set(chosen(guest)) == expected
        assert stance(guest) == pytest.approx(seen, rel=1e-3, abs=1e-4)
        guest.get("ls-map-act-odd").click()
        odd = gensim_lee.doesnt_match(look["chosen"][:60])
        expect(guest.page.get_by_text(f"The odd one is {odd}.")).to_be_visible()


def test_all_sections_fit_on_a_telephone_and_axe_finds_nothing_serious(come: Come) -> None:
    screen = come(LEE, width=390)
    for name, there in (
        ("Neighbours", ".ls-ranked table"),
        ("Analogies", ".ls-ranked table"),
        ("Map", "text=Draw the map"),
        ("Questions", "text=Dot product"),
        ("Scores", "text=Ask this suite"),
    ):
        screen.page.get_by_role("radio", name=name).first.click()
        expect(screen.page.locator(there).first).to_be_visible()
        assert screen.ask("document.documentElement.scrollWidth") <= 390, name
        assert not found(screen), f"{name}, light, 390"
    screen.page.set_viewport_size({"width": 1440, "height": 1000})
    wear(screen, "dark")
    for name in ("Scores", "Neighbours"):
        screen.page.get_by_role("radio", name=name).first.click()
        assert not found(screen), f"{name}, dark, 1440"


def test_a_file_is_uploaded_opened_sent_on_and_deleted(come: Come) -> None:
    screen = come(LEE)
    screen.page.get_by_role("combobox", name="Vectors").click()
    screen.page.get_by_role("option", name="Uploaded by you").click()
    picker = screen.get("ls-words-file")
    picker.set_input_files({"name": "no vectors.txt", "mimeType": "text/plain", "buffer": b"MZ" + bytes(5_000)})
    expect(screen.page.get_by_text("is no file of vectors")).to_be_visible()
    picker.set_input_files(
        {"name": "mine.txt", "mimeType": "text/plain", "buffer": packaged("glove").path.read_bytes()}
    )
    expect(screen.get("stSidebar").get_by_text("76 words")).to_be_visible()
    expect(ranked(screen)).to_be_visible()
    assert "source=upload" in address(screen)
    shown = words(screen)

    guest = come(address(screen))
    guest.until(lambda: words(guest) == shown)
    expect(guest.page.get_by_text("Delete this file")).to_have_count(0)

    screen.page.get_by_role("button", name="Delete this file").click()
    screen.until(lambda: "upload" not in address(screen))
    late = come(guest.ask("location.href"))
    expect(late.page.get_by_text("There are no vectors named")).to_be_visible()
