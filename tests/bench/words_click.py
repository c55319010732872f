"""``words.click_ms``: from a click, or Enter in the field, to the painted answer, in a browser, of 400,000 words.

The space is opened by the page from the server's folder, and its index is built before anything is measured. Questions
are all different. Neighbours are asked by typing a word, then by clicking the first of the list that comes; analogies
by typing a formula, and are there when the lists of all three methods and the picture are. The reference is asked in
turn with them: a page of one fragment that shows a table of ten rows (``table_page.py``), Enter in its field.

Eight people at once are eight connections without a browser, each of which asks for the whole page with another formula
at the same moment; their reference are eight of the table page.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
from playwright.sync_api import Browser, Page

from engine.words.search_index import MEASURED
from tests.app_server import AppServer
from tests.bench import words_file
from tests.bench.measure import p95, result
from tests.browser import Screen, chromium
from tests.pages.visitor import Visit, visit

TABLE_PAGE = Path(__file__).with_name("table_page.py")
CLICKS, PEOPLE, ROUNDS = 32, 8, 5
RUN_UP = 3
PATIENCE = 1200.0
METRICS = {"cosine": "Cosine", "dot": "Dot product", "euclidean": "Distance"}
METHODS = ("3CosAdd", "3CosMul", "Pair direction")
PAUSE_MS = 150
Both = list[tuple[float, float]]
"""Our milliseconds and those of the reference."""
WATCH = """([labels, points, cells]) => {
    const texts = (css) => [...document.querySelectorAll(css)].map((one) => one.textContent);
    const there = () => {
        const tables = [...document.querySelectorAll(".ls-ranked table")].map((one) => one.getAttribute("aria-label"));
        return labels.every((label) => tables.includes(label))
            && (!points.length || points.every((word) => texts(".ls-plane .ls-label").includes(word)))
            && (!cells.length || cells.every((word) => texts("td").includes(word)));
    };
    window.painted = new Promise((resolve, reject) => {
        setTimeout(() => reject(new Error("It did not come.")), 30000);
        const begin = (event) => {
            if (event.type === "keydown" && event.key !== "Enter") return;
            removeEventListener("click", begin, true);
            removeEventListener("keydown", begin, true);
            window.began = event.timeStamp;
            const done = () => resolve(performance.now() - event.timeStamp);
            const look = (_, observer) => {
                if (!there()) return;
                observer.disconnect();
                requestAnimationFrame(() => setTimeout(done));  // the task after the frame is painted
            };
            const all = { subtree: true, childList: true, attributes: true, characterData: true };
            new MutationObserver(look).observe(document.body, all);
        };
        addEventListener("click", begin, true);
        addEventListener("keydown", begin, true);
    });
}"""


def rows() -> Iterator[str]:
    """Yield the JSON lines of the budget."""
    with (
        tempfile.TemporaryDirectory(dir=words_file.folder()) as kept,
        table_server(Path(kept)) as table,
        words_server(Path(kept)) as server,
    ):
        found = dict(clicks(server, table))
        for kind, both in found.items():
            yield line(f"words.click_ms.{kind}", both)
        yield line("words.click_ms", max(found.values(), key=lambda both: p95([ours for ours, _ in both])))
        yield line("words.click_ms.eight", asyncio.run(together(server, table)))


def line(name: str, both: Both) -> str:
    """Return the JSON line of the 95th percentiles."""
    ours, theirs = zip(*both, strict=True)
    return result(name, [(p95(ours), p95(theirs))])


@contextmanager
def table_server(kept: Path) -> Iterator[AppServer]:
    """Serve the reference."""
    (kept / "table").mkdir()
    with AppServer(kept / "table", script=str(TABLE_PAGE)) as server:
        yield server


@contextmanager
def words_server(kept: Path) -> Iterator[AppServer]:
    """Serve the app, which may open the file of 400,000 words."""
    (kept / "vectors").mkdir(exist_ok=True)
    (kept / "home").mkdir(exist_ok=True)
    _, binary = words_file.files()
    if not (kept / "vectors" / "words.bin").exists():
        os.link(binary, kept / "vectors" / "words.bin")
    with AppServer(kept / "home", environment={"LEARNSCOPE_VECTORS": str(kept / "vectors")}) as server:
        yield server


def clicks(server: AppServer, table: AppServer) -> Iterator[tuple[str, Both]]:
    """Yield each kind of question, and the milliseconds of each click beside those of the reference."""
    with chromium() as browser:
        reference, names, asked = new_page(browser, table.url), iter(random_words()), iter(formulas())
        prepare(browser, server)
        for metric, label in METRICS.items():
            page = new_page(browser, f"{server.url}/words?{link(metric=metric, query=next(names))}")
            yield metric, in_turn(neighbours(page, label, names), reference)
            page.context.close()
        page = new_page(browser, f"{server.url}/words?{link(section='analogies', formula=next(asked)[0])}")
        yield "analogy", in_turn(analogies(page, asked), reference)
        page.context.close()


def new_page(browser: Browser, url: str) -> Page:
    """Return a page that a person of its own has opened."""
    page = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
    page.goto(url)
    page.locator("table").first.wait_for(timeout=PATIENCE * 1000)
    page.wait_for_timeout(1000)
    return page


def prepare(browser: Browser, server: AppServer) -> None:
    """Have the file opened and its index built, as the page does by itself."""
    page = new_page(browser, f"{server.url}/words?{link()}")
    Screen(page).until(lambda: any(server.home.rglob(MEASURED)), PATIENCE)
    page.context.close()


def in_turn(ask: Iterator[float], reference: Page) -> Both:
    """Take turns with the reference; return the milliseconds of both, without those of the run-up."""
    found = []
    for _ in range(RUN_UP + CLICKS):
        reference.wait_for_timeout(PAUSE_MS)
        word = f"word {time.monotonic_ns()}"
        theirs = painted(reference, lambda word=word: enter(reference, "Word", word), cells=[f"{word} 9"])
        reference.wait_for_timeout(PAUSE_MS)
        found.append((next(ask), theirs))
    return found[RUN_UP:]


def neighbours(page: Page, label: str, names: Iterator[str]) -> Iterator[float]:
    """Yield the milliseconds of neighbours asked, typed and clicked in turn."""
    field = "Word or mix of words"
    for name in names:
        yield painted(page, lambda name=name: enter(page, field, name), [f"Neighbours of {name} by {label}"])
        first = page.locator("button.ls-word").first
        yield painted(page, first.click, [f"Neighbours of {first.inner_text()} by {label}"])


def analogies(page: Page, asked: Iterator[tuple[str, list[str]]]) -> Iterator[float]:
    """Yield the milliseconds of analogies typed."""
    for formula, words in asked:
        labels = [f"Answers to {formula} by {method}" for method in METHODS]
        yield painted(page, lambda formula=formula: enter(page, "Formula", formula), labels, words)


def enter(page: Page, field: str, text: str) -> None:
    """Type into a field, and press Enter."""
    page.get_by_role("textbox", name=field, exact=True).fill(text)
    page.wait_for_timeout(PAUSE_MS)  # nobody presses Enter in the moment of the last letter
    page.keyboard.press("Enter")


def painted(
    page: Page, do: Callable[[], object], labels: list[str] | None = None, points: list[str] | None = None, **more: list
) -> float:
    """Return milliseconds from the click, or Enter, of ``do`` to the frame that shows all that is named."""
    page.evaluate(WATCH, [labels or [], points or [], more.get("cells", [])])
    do()
    return page.evaluate("window.painted")


def random_words() -> list[str]:
    """Return words from everywhere in the file, in no order."""
    names = words_file.words(words_file.ROWS)
    return [names[row] for row in np.random.default_rng(5).permutation(len(names))[:1000].tolist()]


def formulas() -> list[tuple[str, list[str]]]:
    """Return formulas of the suite and the words of each; none has a word of the one before."""
    sections = words_file.questions()
    some = [section[place] for place in range(0, 500, 7) for section in sections if place < len(section)]
    found: list[tuple[str, list[str]]] = []
    for a, b, c, _ in some:
        if len({a, b, c}) == 3 and not (found and {a, b, c} & set(found[-1][1])):
            found.append((f"{c} - {a} + {b}", [a, b, c]))
    return found


async def together(server: AppServer, table: AppServer) -> Both:
    """Have many people ask at the same moments; return milliseconds until each had all of the page."""
    asked = reversed(formulas())
    async with AsyncExitStack() as people:
        visits = [await people.enter_async_context(visit(server, "words", link())) for _ in range(PEOPLE)]
        tables = [await people.enter_async_context(visit(table, "")) for _ in range(PEOPLE)]
        found: Both = []
        for _ in range(ROUNDS):
            questions = [next(asked)[0] for _ in visits]
            ours = await asyncio.gather(*map(ask, visits, questions))
            found += zip(ours, await asyncio.gather(*map(ask, tables, questions)), strict=True)
        return found


def link(**asked: str) -> str:
    """Return what an address asks of the file."""
    return urlencode({"source": "server:vectors/words.bin"} | asked)


async def ask(person: Visit, formula: str) -> float:
    """Have one person ask; return the milliseconds."""
    start = time.perf_counter()
    await person.rerun(link(section="analogies", formula=formula) if person.page else "")
    found = 1e3 * (time.perf_counter() - start)
    if person.page and f"Answers to {formula}" not in "".join(map(str, person.elements)):
        raise AssertionError(f"{formula} was not answered: {person.alerts}")
    return found
