"""The text of a run in the browser: a cell of the matrix is clicked, views are chosen, texts with labels are learnt."""

import re

from playwright.sync_api import expect

from tests.app_server import AppServer
from tests.e2e.conftest import Visit

PATIENCE = 90_000
COLUMN, ROW, SIZE = 2, 5, 10
KINDS = {"good": "what a fine day", "bad": "what an awful night"}


def test_a_cell_is_clicked_and_its_places_are_seen(app_server: AppServer, visit: Visit) -> None:
    asked = f"corpus=packaged:descriptions&min_count=3&text.view=pairs&text.size={SIZE}"
    page = visit(f"{app_server.url}/train_words?{asked}").page
    matrix = page.locator("[data-testid=stPlotlyChart]", has=page.locator(".heatmaplayer"))
    expect(matrix).to_be_visible(timeout=PATIENCE)
    words = matrix.locator(".ytick text").all_text_contents()
    assert len(set(words)) == SIZE
    inside = matrix.locator(".nsewdrag").first
    inside.scroll_into_view_if_needed()
    box = inside.bounding_box()
    assert box is not None
    place = {"x": box["width"] * (COLUMN + 0.5) / SIZE, "y": box["height"] * (ROW + 0.5) / SIZE}
    inside.hover(position=place)
    expect(matrix.locator(".hoverlayer .hovertext")).to_contain_text(f"{words[ROW]} near {words[COLUMN]}")
    inside.click(position=place)
    told = page.locator("p", has_text=f"{words[ROW]} near {words[COLUMN]}:")
    expect(told).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".ls-seen mark").first).to_have_text(re.compile(f"^({words[ROW]}|{words[COLUMN]})$"))
    page.wait_for_url(re.compile(f"text.one={words[ROW]}"), timeout=PATIENCE)

    page.get_by_role("radio", name="Tree").click()
    expect(page.get_by_text("Turns to a word")).to_be_visible(timeout=PATIENCE)
    expect(matrix).to_have_count(0, timeout=PATIENCE)
    page.get_by_label("Way to the word").fill(words[0])
    page.get_by_label("Way to the word").press("Enter")
    expect(page.locator("p", has_text=re.compile(f"^{words[0]} is rank 1 "))).to_be_visible(timeout=PATIENCE)
    page.wait_for_url(re.compile("text.view=tree"), timeout=PATIENCE)


def test_texts_with_labels_are_uploaded_and_told(app_server: AppServer, visit: Visit) -> None:
    page = visit(f"{app_server.url}/train_words?corpus=packaged:descriptions&text.view=labels&text.labelled=own").page
    lines = [f"__label__{kind} {said} number {place}" for place in range(40) for kind, said in KINDS.items()]
    field = page.get_by_role("combobox", name="Your text", exact=True)
    field.scroll_into_view_if_needed()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    field.press("ArrowDown")
    page.get_by_role("option", name="Upload a file").click()
    file = {"name": "moods.txt", "mimeType": "text/plain", "buffer": "\n".join(lines).encode()}
    page.get_by_test_id("ls-text-file").set_input_files([file])
    expect(page.get_by_text("In use: moods.txt")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text(re.compile("16 of 16 texts held out are told right"))).to_be_visible(timeout=PATIENCE)
    page.get_by_label("A text to be told").fill("an awful night")
    page.get_by_label("A text to be told").press("Enter")
    expect(page.locator("p", has_text=re.compile("^bad: an awful night$"))).to_be_visible(timeout=PATIENCE)
