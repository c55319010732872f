"""Analogies in a real browser: from an example to its picture, to another answer, and back to what was asked before."""

import csv
import io
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.app_server import AppServer
from tests.e2e.conftest import EXPECTED

HERE = "/words?source=packaged:euclidean&section=analogies&formula=king%20-%20man%20%2B%20woman&expected=queen"


@pytest.fixture
def analogies(app_server: AppServer, browser: Browser) -> Iterator[Page]:
    """Return the page with a formula asked; it may meet no error."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    page.goto(app_server.url + HERE)
    yield page
    context.close()
    assert not [error for error in errors if not EXPECTED.match(error)]


def labels(page: Page) -> list[str]:
    """Return the words that the picture shows."""
    return page.locator(".ls-plane .ls-label").all_text_contents()


def until(holds: Callable[[], bool], patience: float = 60.0) -> None:
    end = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_from_an_example_to_another_answer_and_back(analogies: Page) -> None:
    page = analogies
    until(lambda: {"man", "woman", "king", "queen"} <= set(labels(page)))
    page.get_by_role("button", name="Examples").click()
    page.get_by_text("germany - france + french").click()
    expect(page.get_by_label("Formula")).to_have_value("germany - france + french")
    expect(page.get_by_label("Expected")).to_have_value("german")
    until(lambda: {"france", "french", "germany", "german"} <= set(labels(page)))

    other = page.get_by_role("table", name="by 3CosMul").get_by_role("button").nth(1)
    word = other.inner_text()
    other.click()
    expect(page.get_by_label("Expected")).to_have_value(word)
    until(lambda: word in labels(page))
    expect(page.get_by_text(f"{word} is answer 2,")).to_be_visible()

    page.get_by_role("button", name="History").click()
    page.get_by_role("menuitem").get_by_text("king - man + woman").or_(
        page.get_by_text("king - man + woman")
    ).last.click()
    expect(page.get_by_label("Formula")).to_have_value("king - man + woman")
    expect(page.get_by_label("Expected")).to_have_value("queen")

    page.get_by_role("button", name="queen - woman + man").click()
    expect(page.get_by_label("Formula")).to_have_value("queen - woman + man")
    expect(page.get_by_label("Expected")).to_have_value("king")
    expect(page.get_by_role("table", name="Answers to queen - woman + man by 3CosAdd")).to_be_visible()


def taken(page: Page, name: str) -> bytes:
    """Return the bytes of the file that a button gives."""
    with page.expect_download() as download:
        page.get_by_role("button", name=name).click()
    assert download.value.suggested_filename == f"words-analogy.{name.rpartition(' ')[2].lower()}"
    return Path(download.value.path()).read_bytes()


def test_the_answers_and_the_picture_are_taken_away(analogies: Page) -> None:
    page = analogies
    until(lambda: {"man", "woman", "king", "queen"} <= set(labels(page)))
    tables = {
        method: page.get_by_role("table", name=f"by {method}") for method in ("3CosAdd", "3CosMul", "Pair direction")
    }
    until(lambda: all(table.get_by_role("button").count() == 10 for table in tables.values()))
    lists = {method: table.get_by_role("button").all_inner_texts() for method, table in tables.items()}
    drawn = labels(page)
    page.get_by_role("button", name="Take away").click()
    rows = list(csv.DictReader(io.StringIO(taken(page, "Table in CSV").decode())))
    assert {method: [row["word"] for row in rows if row["method"] == method] for method in lists} == lists
    assert all(len(row["score"]) > 10 for row in rows), "all digits"

    picture = ElementTree.fromstring(taken(page, "Picture in SVG"))
    written = ["".join(text.itertext()) for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert {*drawn, "king - man + woman"} - {""} <= set(written)
    page.get_by_role("button", name="Take away").click()  # what the browser has made closes the menu
    image = Image.open(io.BytesIO(taken(page, "Picture in PNG")))
    assert image.width == 2 * float(picture.attrib["width"])
    assert image.height == 2 * float(picture.attrib["height"])
    colours = {colour for _, colour in image.convert("RGB").getcolors(2**24) or []}
    assert {(255, 255, 255), (0, 114, 178), (213, 94, 0)} <= colours, "paper, the words given, the answer"
