"""One walk of a real Chromium through every place where text from outside is shown, with all payloads at once.

The canaries are looked at in every place; what was found is kept by the place's name, and the rows of the table ask
for it. The live panel is walked through on the harness of its own tests, where all of its names can be set.
"""

import json
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import insert

from engine.data import uploads
from engine.figures.panel import Key, Panel
from engine.frames import Message, encode
from engine.labs.catalogue import LABS
from engine.runs import schema
from engine.runs.run import Run
from engine.runs.store import Batch, Store
from pages.ui.keys import signer
from pages.ui.person import COOKIE
from tests.app_server import AppServer
from tests.browser import Screen, chromium
from tests.hostile.payloads import MARKDOWN, MARKUP, PAYLOADS
from tests.pages.live_panel import samples
from tests.pages.live_panel.harness import Harness, serving

PERSON = "person-hostile"
CLASS = "hostile-1"
LOOK = """(markup) => ({
    canary: window.hacked ?? null,
    prototype: [...Object.keys(Object.prototype), ...("hacked" in {} ? ["hacked"] : [])],
    markup: [...document.querySelectorAll(markup)].map((element) => element.outerHTML.slice(0, 200)),
    scripts: [...document.scripts].filter((script) => script.text.includes("hacked")).length,
    text: [document.body.textContent, ...[...document.querySelectorAll("[aria-label], [title], input, option")].flatMap(
        (element) => [element.getAttribute("aria-label"), element.getAttribute("title"), element.value])].join(" "),
})"""


@dataclass(frozen=True)
class Seen:
    """What a place did with the payloads: what they could do, and which of them can be read there."""

    harm: dict[str, Any]
    hosts: frozenset[str]
    read: tuple[str, ...]


class Walk:
    """Goes from place to place and keeps what was seen."""

    def __init__(self, page: Page, seen: dict[str, Seen]) -> None:
        self.screen = Screen(page)
        self.seen = seen

    def look(self, *places: str, text: str = "") -> None:
        """Keep what is on the page now, under the names of ``places``; or ``text`` that it gave away as a file."""
        expect(self.screen.page.locator("[data-test-script-state=running]")).to_have_count(0)  # or half of it is there
        found: dict[str, Any] = self.screen.page.evaluate(LOOK, MARKUP)
        on_page = found.pop("text")
        shown = " ".join((text or on_page).replace("\u2060", "").split())
        read = tuple(payload for payload in (*PAYLOADS, *MARKDOWN) if payload[:24] in shown)
        harm = {what: value for what, value in found.items() if value}
        hosts = frozenset(host.partition(":")[0] for host in self.screen.hosts) - {""}
        for place in places:
            before = self.seen.get(place, Seen({}, frozenset(), ()))
            together = tuple(dict.fromkeys(before.read + read))
            self.seen[place] = Seen(before.harm | harm, before.hosts | hosts, together)


def walked(server: AppServer) -> dict[str, Seen]:
    """Return what was seen in all places; the browser is closed by then, for it leaves no room for another loop."""
    seen: dict[str, Seen] = {}
    with chromium() as browser, serving() as harness:
        through_the_panel(Walk(browser.new_page(), seen), harness)
        through_the_app(Walk(page_of_person(browser, server), seen), server)
    return seen


def page_of_person(browser: Browser, server: AppServer) -> Page:
    """Return a page of the one to whom all belongs that is left on the server."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    context.add_cookies([{"name": COOKIE, "value": signer("person").dumps(PERSON), "url": server.url}])
    return context.new_page()


def through_the_panel(walk: Walk, harness: Harness) -> None:
    """Titles, axes, traces, hover, keys, tables, files, words, messages, explanations: all of them payloads."""
    screen, page = walk.screen, walk.screen.page
    run = harness.runs["hostile"]
    screen.go(f"{harness.url}/?run=hostile")
    page.evaluate("(panels) => harness.update({ panels })", [panel.to_json() for panel in hostile_panels()])
    screen.until(lambda: page.locator(".xtitle").count() == len(PAYLOADS))
    walk.look("labels")
    walk.look("axis titles", text=" ".join(page.locator(".xtitle").all_text_contents()))
    page.locator("[data-testid=panel-plot0] .ls-plot").hover()
    for cell in page.locator("[data-testid=panel-plot0] .nsewdrag").all():
        cell.hover(force=True)
    walk.look("hover")
    for number in range(len(PAYLOADS)):
        page.get_by_test_id(f"table-plot{number}").click()
    screen.until(lambda: page.locator(".ls-data caption").count() >= len(PAYLOADS))
    walk.look("CSV column names and cells")
    page.get_by_test_id("table-plot0").click()
    walk.look("CSV exports", text=export(page))
    run.explain = explanation  # type: ignore[method-assign]
    canvas = page.get_by_test_id("panel-map").locator("canvas").first
    # What has just come into sight is painted on the next frame, and has no numbers until then.
    screen.until(lambda: page.get_by_test_id("ls-explained").is_visible() or canvas.click())
    screen.until(lambda: PAYLOADS[0] in (page.get_by_test_id("ls-explained").text_content() or ""))
    walk.look("explanation box")
    page.get_by_test_id("ls-explained").get_by_role("button", name="Close").click()
    through_the_steps(walk, harness)
    harness.end("crashed", " ".join(PAYLOADS), run="hostile")
    screen.until(lambda: screen.state == "crashed")
    walk.look("errors")


def through_the_steps(walk: Walk, harness: Harness) -> None:
    """What a net reads and tells at each step of a sequence, and what is typed for it to read."""
    screen, page = walk.screen, walk.screen.page
    run = harness.runs["hostile"]
    run.reads, run.text = True, "x" * len(PAYLOADS)
    run.words = dict.fromkeys(("read", "guess"), "\n".join(PAYLOADS))
    harness.call("advance", 10, run="hostile")
    for panel in ("hidden", "unrolled"):
        card = page.get_by_test_id(f"panel-{panel}")
        canvas, tooltip, table = (card.locator(part) for part in ("canvas", ".ls-tooltip", ".ls-data"))
        canvas.focus()
        canvas.press("ArrowDown")
        screen.until(lambda tooltip=tooltip: PAYLOADS[0] in tooltip.inner_text())
        page.get_by_test_id(f"table-{panel}").click()
        screen.until(lambda table=table: PAYLOADS[-1][:24] in table.inner_text())
        walk.look("steps of a sequence", text=tooltip.inner_text() + table.inner_text())
    page.get_by_test_id("ls-type").fill(PAYLOADS[10])
    screen.until(lambda: PAYLOADS[10] in page.get_by_test_id("ls-type-told").inner_text())
    walk.look("steps of a sequence")


def hostile_panels() -> tuple[Panel, ...]:
    """Return a plot for each payload, and a table of them all."""
    plots = []
    for number, payload in enumerate(PAYLOADS):
        base = samples.boundary_panel()
        figure = json.loads(json.dumps(base.figure))
        figure["layout"]["xaxis"]["title"] = {"text": payload}
        figure["layout"]["yaxis"]["title"] = {"text": payload}
        for trace in figure["data"]:
            trace["name"] = payload
        key = Key(("#0072b2", "#d55e00"), (payload, payload))
        words = {"title": payload, "help": payload, "alt": payload}
        plots.append(replace(base, id=f"plot{number}", width=4, height=200, figure=figure, key=key, **words))
    return (*plots, *samples.hostile_panels()[2:])


def explanation(question: dict[str, Any]) -> bytes:
    """Return an answer all of whose words are payloads."""
    told = {name: " ".join(PAYLOADS) for name in ("what", "tensor")} | {"value": PAYLOADS[0], "step": 0}
    told |= {"lines": list(PAYLOADS), "code": list(PAYLOADS)}
    header = {"array": question["array"], "index": question["index"], **told}
    return encode(Message("explained", header))


def export(page: Page) -> str:
    """Return the files of numbers that all plots give away."""
    texts = []
    for number in range(len(PAYLOADS)):
        card = page.get_by_test_id(f"panel-plot{number}")
        card.locator(".ls-take summary").click()
        with page.expect_download() as download:
            page.get_by_test_id(f"take-csv-plot{number}").click()
        texts.append(Path(download.value.path()).read_text())
    return " ".join(texts)


def through_the_app(walk: Walk, server: AppServer) -> None:
    """Names of runs, of students and of files, columns, classes, links and errors: all of them payloads."""
    left_behind(Store(f"sqlite:///{server.home / 'learnscope.db'}"))
    page, screen = walk.screen.page, walk.screen
    page.goto(f"{server.url}/")
    screen.until(lambda: page.get_by_text("Your runs").count() == 1)
    screen.until(lambda: page.locator("[class*=st-key-run-]").count() >= 10)
    walk.look("run names")
    page.locator("[data-testid=stExpander] summary").filter(has_text="deleted").click()
    page.locator("[data-testid*=agination] button").filter(has_text="2").first.click()
    screen.until(lambda: page.locator("[class*=st-key-run-]").count() == 2)
    walk.look("run names")
    page.goto(f"{server.url}/class?class={CLASS}")
    screen.until(lambda: page.locator("dl.ls-class").count() >= len(PAYLOADS))
    walk.look("class names", "class table")
    for number, half in enumerate((PAYLOADS[:6], PAYLOADS[6:])):
        upload = uploads.save(table(half), f"{PAYLOADS[number]}.csv")
        query = f"dataset=csv&upload={upload}&inputs_from=columns&{half[0]}=1&view={half[1]}&step={half[2]}&hide=note"
        screen.go(f"{server.url}/playground?{query.replace('#', '%23')}")
        walk.look("labels", "file names", "links")
    page.locator("[data-testid=stFileUploaderDropzoneInput], input[type=file]").first.set_input_files(
        [{"name": f"{PAYLOADS[1]}.csv", "mimeType": "text/csv", "buffer": table(PAYLOADS[:6], cell=PAYLOADS[6])}]
    )
    screen.until(lambda: page.locator("[data-testid=stAlert]").filter(has_text="expected a number").count() > 0)
    walk.look("CSV column names and cells", "file names", "errors")


def left_behind(store: Store) -> None:
    """Put runs and seats named by payloads into a store, as an earlier server would have left them."""
    now = time.time()
    for number, payload in enumerate(PAYLOADS):
        spec = LABS["playground"].spec.from_strings({"dataset": "csv", "target": payload}).to_json()
        for owner, deleted in ((PERSON, None), (f"person-{number}", None), (PERSON, now)):
            run_id = f"hostile-{number}-{owner}-{deleted is None}"
            named = {"name": payload, "deleted": deleted, "class_code": CLASS}
            run = Run(run_id, "playground", spec, owner, "stopped", 8, payload, now, now, **named)  # type: ignore[arg-type]
            store.create_run(run)
            store.append(run, Batch(rows={8: np.array([0.1, 0.2, 0.9, 0.8]).tobytes()}))
    with store.database.writing() as connection:
        seats = [
            {"class_code": CLASS, "owner": f"person-{number}", "student": payload, "taken": now}
            for number, payload in enumerate(PAYLOADS)
        ]
        connection.execute(insert(schema.seats), seats)
    store.close()


def table(payloads: tuple[str, ...], cell: str = "") -> bytes:
    """Return a table whose columns and classes are called by ``payloads``; with ``cell`` among its numbers."""

    def quoted(text: object) -> str:
        return '"' + str(text).replace('"', '""') + '"'

    header = ",".join(map(quoted, [*payloads, "__proto__", "constructor", "kind"]))
    rows = [[row * column % 7 for column in range(len(payloads) + 2)] for row in range(36)]
    if cell:
        rows[3][0] = cell  # type: ignore[call-overload]
    lines = [",".join(map(quoted, [*row, payloads[number % len(payloads)]])) for number, row in enumerate(rows)]
    return "\n".join([header, *lines]).encode()
