"""Settings of the words page that wait in something closed: what a browser shows there first is what holds."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.app_server import AppServer
from tests.e2e.conftest import EXPECTED

SPACE = "/words?source=packaged:euclidean"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return a page of its own; it may meet no error."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    yield page
    context.close()
    assert not [error for error in errors if not EXPECTED.match(error)]


def test_a_popover_opened_late_shows_what_holds_and_a_change_there_leaves_the_rest_alone(
    app_server: AppServer, page: Page
) -> None:
    page.goto(f"{app_server.url}{SPACE}&query=king&k=20&metric=dot&contains=e")
    expect(page.get_by_role("table").get_by_role("row")).to_have_count(21)
    query = page.get_by_role("textbox", name="Word or mix of words")
    query.fill("france")
    query.press("Enter")
    expect(page.get_by_role("table", name="Neighbours of france by Dot product")).to_be_visible()

    page.get_by_role("button", name="How").click()
    expect(page.locator("input[type=range][aria-label=Answers]")).to_have_value("20")
    expect(page.get_by_label("Contains")).to_have_value("e")
    page.get_by_label("Begins with").fill("g")
    page.get_by_label("Begins with").press("Enter")
    page.wait_for_url("**prefix=g**")
    assert "k=20" in page.url
    assert "metric=dot" in page.url
    assert "contains=e" in page.url


def test_a_map_stays_where_and_what_it_is_until_another_one_is_asked_for(app_server: AppServer, page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{app_server.url}/words?source=packaged:lee-fasttext&section=map&map.method=pca&map.top=150")
    page.get_by_role("button", name="Draw the map").click()
    stage = page.locator(".ls-map-stage")
    expect(page.get_by_text("Neighbours kept:")).to_be_visible()
    before = stage.bounding_box()
    assert before is not None
    assert before["y"] + before["height"] < 720 + 40  # nearly all of it on a projector

    page.locator("input[type=range][aria-label='How many clusters']").press("ArrowRight")
    expect(page.get_by_text("below is still the map of before")).to_be_visible()
    expect(page.get_by_text("Neighbours kept:")).to_be_visible()
    assert stage.bounding_box() == before

    page.get_by_role("button", name="Draw the map").click()
    expect(page.get_by_role("button", name="Draw the map")).to_have_count(0)
    expect(page.get_by_text("Neighbours kept:")).to_be_visible()
    assert stage.bounding_box() == before
