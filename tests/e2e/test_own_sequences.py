"""Texts of one's own in the sequences lab, in a browser: uploaded together, pasted, learnt, on a narrow screen too."""

import pytest
from playwright.sync_api import expect

from engine.data.sequences.names import names
from tests.app_server import AppServer
from tests.browser import Screen
from tests.e2e.conftest import Visit
from tests.hostile.payloads import MARKUP, PAYLOADS

NAMES = {language: some for language, some in names(60, 1).items() if language in ("Finnish", "Italian")}
FILES = [
    {"name": f"{language}.txt", "mimeType": "text/plain", "buffer": "\n".join(some).encode()}
    for language, some in NAMES.items()
]
FILES.append({"name": "notes.md", "mimeType": "text/markdown", "buffer": b"nothing"})


def offered(screen: Screen, way: str) -> None:
    """Choose to learn texts of one's own, brought in a way."""
    screen.page.get_by_role("combobox", name="What is learnt").fill("Texts of yours")
    screen.press("Enter")
    if way != "Paste them":
        screen.page.get_by_role("combobox", name="Your texts").fill(way)
        screen.press("Enter")


@pytest.mark.usefixtures("one_thread")
def test_files_of_two_languages_are_uploaded_and_told_apart(app_server: AppServer, visit: Visit) -> None:
    screen = visit(f"{app_server.url}/sequences?hide=note&units=12&max_epochs=8&batch_size=8")
    offered(screen, "Upload files")
    screen.get("ls-sequence-files").set_input_files(FILES)
    expect(screen.page.get_by_text("120 texts were read, in 2 classes: Finnish (60), Italian (60).")).to_be_visible()
    expect(screen.page.get_by_text("Left out: notes.md is no .txt file.")).to_be_visible()
    screen.until(lambda: screen.painted)
    screen.get("ls-train").click()
    screen.until(lambda: screen.state == "finished")
    assert screen.last == 8 * 12, "90 of 120 names are learnt from, 8 at a step"
    told = screen.get("panel-type").get_by_role("textbox")
    told.fill(NAMES["Italian"][0])
    expect(screen.get("panel-type")).to_contain_text("yours: predicted Italian")


def test_pasted_texts_with_markup_are_shown_letter_by_letter_also_on_a_narrow_screen(
    app_server: AppServer, visit: Visit
) -> None:
    screen = visit(f"{app_server.url}/sequences?hide=note&max_epochs=1")
    offered(screen, "Paste them")
    use = screen.page.get_by_role("button", name="Use these texts")
    use.click()
    expect(screen.page.get_by_text("Pasted text is empty: expected texts in it.")).to_be_visible()
    rows = [f"{payload} {n}\t{payload}" for payload in PAYLOADS if '"' not in payload for n in range(2)]
    screen.page.get_by_role("textbox", name="Texts to learn from").fill("\n".join(rows))
    use.click()
    expect(screen.page.get_by_text("texts were read from the columns 'column 1' and 'column 2'")).to_be_visible()
    screen.until(lambda: screen.painted)
    screen.page.set_viewport_size({"width": 390, "height": 900})
    screen.get("ls-train").click()
    screen.until(lambda: screen.state == "finished")
    assert screen.ask("document.documentElement.scrollWidth") <= 390
    assert screen.ask("window.hacked ?? null") is None
    assert screen.ask(f'document.querySelectorAll("{MARKUP}").length') == 0
