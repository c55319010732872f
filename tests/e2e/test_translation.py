"""The translation lab in a browser: it learns number words, and what is typed is translated with its alignment."""

import gzip

from playwright.sync_api import expect

from tests.app_server import AppServer
from tests.browser import Screen
from tests.e2e.conftest import Visit
from tests.e2e.test_accessibility import COLOURS, found, wear

QUICK = "most=999&samples=1000&batch_size=64&learning_rate=0.01"


def trained(screen: Screen, steps: int) -> Screen:
    screen.get("ls-train").click()
    screen.until(lambda: screen.last >= steps)
    screen.get("ls-train").click()
    screen.until(lambda: screen.state == "paused")
    screen.until(lambda: screen.shown == screen.last)
    return screen


def test_twenty_one_is_written_in_digits_with_its_alignment(app_server: AppServer, visit: Visit) -> None:
    screen = trained(visit(f"{app_server.url}/translation?{QUICK}&hide=note"), 220)
    expect(screen.get("panel-written")).to_contain_text("Held out: «")
    screen.get("ls-type").fill("twenty one")
    expect(screen.get("ls-type-told")).to_contain_text("It writes «21»")
    expect(screen.get("panel-written")).to_contain_text("You typed «twenty one».")
    screen.get("panel-alignment").scroll_into_view_if_needed()
    expect(screen.get("panel-alignment")).to_contain_text("3 × 3")


def test_all_can_read_it(app_server: AppServer, visit: Visit) -> None:
    screen = trained(visit(f"{app_server.url}/translation?{QUICK}&net=transformer&hide=note"), 20)
    assert not found(screen), "light, 1440"
    for panel in ("written", "alignment", "energies", "context", "by-length"):
        screen.get(f"panel-{panel}").scroll_into_view_if_needed()
    wear(screen, "dark")
    assert not found(screen, COLOURS), "dark, 1440"
    screen.page.set_viewport_size({"width": 390, "height": 900})
    assert not found(screen, COLOURS), "dark, 390"
    assert screen.ask("document.documentElement.scrollWidth") <= 390
    names = "[...document.querySelectorAll('.ls-readout dt')].filter((name) => name.scrollWidth > name.clientWidth)"
    assert screen.ask(f"{names}.map((name) => name.textContent)") == [], "a name that is cut off"
    screen.get("panel-alignment").scroll_into_view_if_needed()
    screen.page.emulate_media(color_scheme="light")


def test_the_lines_of_two_packed_files_are_uploaded_and_learnt(app_server: AppServer, visit: Visit) -> None:
    screen = visit(f"{app_server.url}/translation?hide=note&units=8&max_epochs=2&own_symbols=50&samples=100")
    page = screen.page
    pairs = [(f"a dog runs {at}", f"un chien court {at}") for at in range(120)]
    files = [
        {"name": f"pairs.{side}.gz", "mimeType": "application/gzip", "buffer": gzip.compress("\n".join(lines).encode())}
        for side, lines in zip(("en", "fr"), zip(*pairs, strict=True), strict=True)
    ]
    page.get_by_role("combobox", name="Pairs", exact=True).fill("Pairs of yours")
    screen.press("Enter")
    for at, (field, file) in enumerate(zip(("Your pairs", "Your targets"), files, strict=True)):
        page.get_by_role("combobox", name=field).fill("Upload a file")
        screen.press("Enter")
        pickers = screen.get("ls-text-file")
        expect(pickers).to_have_count(at + 1)
        pickers.nth(at).set_input_files(file)
        expect(page.get_by_text(f"In use: {file['name']}")).to_be_visible()
    screen.until(lambda: screen.painted)
    screen.get("ls-train").click()
    screen.until(lambda: screen.state == "finished")
    told = screen.get("panel-written")
    expect(told).to_contain_text("pairs.en.gz and pairs.fr.gz: 90 pairs are learnt, 10 are held out.")
    expect(told).to_contain_text("Left out: all behind line 100, as there are 100 pairs by then.")


def test_what_is_read_looks_at_itself_and_a_weight_is_written_out(app_server: AppServer, visit: Visit) -> None:
    screen = trained(visit(f"{app_server.url}/translation?{QUICK}&net=transformer&hide=note"), 20)
    screen.get("ls-type").fill("twenty one")
    expect(screen.get("panel-written")).to_contain_text("You typed «twenty one».")
    expect(screen.get("panel-token")).to_contain_text("Place 2 «⏎» asks with head 0 of block 0.")
    screen.get("panel-head").scroll_into_view_if_needed()
    expect(screen.get("panel-head")).to_contain_text("3 × 3")
