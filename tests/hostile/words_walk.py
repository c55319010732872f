"""The walk through the words pages: a space whose words are payloads, Markdown and formulas, wherever one is shown."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from urllib.parse import urlencode
from xml.etree import ElementTree

import numpy as np
from playwright.sync_api import Locator, expect

from engine.words.formula import Formula, quoted
from engine.words.sources import uploads
from tests.app_server import AppServer
from tests.browser import chromium
from tests.hostile.browsing import PERSON, Seen, Walk, page_of_person
from tests.hostile.payloads import MARKDOWN, PAYLOADS

FORMULAS = ("=1+1", "+cmd|'/c calc'!A0", "-2+3", "@SUM(A1)")
PLAIN = ("dog", "cat", "horse", "sheep", "goat", "cow")
WORDS = (*PLAIN, *PAYLOADS, *MARKDOWN, *FORMULAS)
NUMBER = re.compile(r"[+-]?[0-9.]+(e[+-]?[0-9]+)?")
NAMES = (*(payload for payload in PAYLOADS if not set("/\\") & set(payload)), *MARKDOWN)[: uploads.MOST_FILES]
"""Of a name with a slash only what is behind it is kept."""


def space(seed: int = 3) -> bytes:
    """Return a file of vectors for the words."""
    numbers = np.random.default_rng(seed).normal(size=(len(WORDS), 6))
    rows = (f"{word} {' '.join(f'{number:.4f}' for number in row)}" for word, row in zip(WORDS, numbers, strict=True))
    return "\n".join([f"{len(WORDS)} 6", *rows, ""]).encode()


def walked_through_words(server: AppServer) -> dict[str, Seen]:
    """Return what was seen in all places; the browser is closed by then, for it leaves no room for another loop."""
    seen: dict[str, Seen] = {}
    *_, other = (uploads.keep(server.home, [space(4)], f"{payload}.txt", PERSON) for payload in NAMES[:-1])
    opened = uploads.keep(server.home, [space()], f"{NAMES[-1]}.txt", PERSON)
    with chromium() as browser:
        walk = Walk(page_of_person(browser, server), seen)
        through_the_words(walk, server, opened)
        through_comparisons(walk, server, opened, other)
    return seen


def through_the_words(walk: Walk, server: AppServer, opened: str) -> None:
    """Ask an open space all that can be asked."""
    page, screen = walk.screen.page, walk.screen

    def go(**asked: str) -> None:
        page.goto(f"{server.url}/words?{urlencode({'source': opened, **asked})}")

    def ranked() -> Locator:
        return page.locator(".ls-ranked table")

    go(query="dog", k="100", beside="euclidean")
    expect(ranked().nth(1)).to_be_visible()
    walk.look("words in lists")
    page.get_by_text("About this file").click()
    walk.look("words' file names", text=said(walk))
    page.get_by_role("combobox", name="Uploaded by you").click()
    expect(page.get_by_role("option").first).to_be_visible()
    walk.look("words' file names", text=" ".join(page.get_by_role("option").all_text_contents()))
    screen.press("Escape")
    walk.look("words' tables", text=given_away(walk, page.get_by_role("button", name="Take away")))

    for some in batched((*PAYLOADS, *MARKDOWN), 6):
        ends = ", ".join(listed(*two) for two in batched(some, 2))
        go(section="questions", question="axis", words=listed(*WORDS), ends=ends)
        expect(ranked()).to_be_visible()
        expect(page.get_by_text("To the right towards")).to_be_visible()
        walk.look("words in questions", text=said(walk))
    walk.look("words' tables", text=given_away(walk, page.get_by_role("button", name="Take away")))
    for some in ((PAYLOADS[1], PAYLOADS[9], MARKDOWN[0]), (PAYLOADS[6], MARKDOWN[1], MARKDOWN[3])):
        others = [word for word in (*PAYLOADS, *MARKDOWN) if word not in some]
        go(section="questions", question="odd", words=listed(*(f"{word}é" for word in (*some, *others))))
        expect(page.get_by_text("is not among these").nth(2)).to_be_visible()
        walk.look("words that are not there", text=said(walk))

    through_analogies(walk, go)
    through_the_map(walk, go)

    for some in batched((*PAYLOADS, *MARKDOWN), 5):
        go(**dict.fromkeys(some, "1"), suite=some[0], formula=some[-1])
        expect(page.get_by_text("Ignored in this link")).to_be_visible()
        walk.look("words' links", text=said(walk))
    for payload in (PAYLOADS[1], PAYLOADS[6]):
        go(source=f"catalogue:{payload}", query=payload, expected=payload)
        expect(page.get_by_text("There are no vectors named")).to_be_visible()
        walk.look("words' catalogue names", text=said(walk))


def through_comparisons(walk: Walk, server: AppServer, opened: str, other: str) -> None:
    """Compare the space with another one of the same words."""
    page, spaces = walk.screen.page, {"a.source": opened, "b.source": other}
    lists = page.locator(".ls-ranked table")

    def go(**asked: str) -> None:
        page.goto(f"{server.url}/compare_words?{urlencode(spaces | asked)}")

    go(query="dog", k="50")
    expect(page.get_by_text("words in common")).to_be_visible()
    expect(lists).to_have_count(2)
    walk.look("words compared")
    go(section="agreement")
    expect(page.get_by_text("They agree least")).to_be_visible()
    expect(lists).to_have_count(2)
    walk.look("words compared")
    go(section="alignment", words=listed(*WORDS[: len(WORDS) - len(FORMULAS)], *(f"{word}é" for word in PAYLOADS)))
    expect(page.get_by_text("They moved most")).to_be_visible()
    walk.look("words compared")
    go(query=listed(PAYLOADS[1]), relation=PAYLOADS[2], suite=PAYLOADS[3], **{PAYLOADS[4]: "1"})
    expect(page.get_by_text("Ignored in this link")).to_be_visible()
    walk.look("words compared")


def batched(words: Sequence[str], count: int) -> Iterator[Sequence[str]]:
    """Yield so many of the words at a time."""
    for start in range(0, len(words), count):
        yield words[start : start + count]


def said(walk: Walk) -> str:
    """Return all that the page says in Markdown, its labels and buttons among that."""
    return " ".join(walk.screen.page.locator("[data-testid=stMarkdownContainer]").all_text_contents())


def listed(*words: str) -> str:
    return " ".join(quoted(word) if not set(",;") & set(word) else f'"{word}"' for word in words)


def through_analogies(walk: Walk, go: Callable[..., None]) -> None:
    """Ask formulas of payloads one after the other, so that they stand in the history too; take one away."""
    page = walk.screen.page
    first = True
    for four in batched((*PAYLOADS, *MARKDOWN), 4):
        a, b, c, expected = (*four, *PLAIN)[:4]
        formula = str(Formula((c, b), (a,)))
        if first:
            go(section="analogies", formula=formula, expected=expected, k="100")
            expect(page.get_by_text("How parallel are")).to_be_visible()
            first = False
        else:
            page.get_by_role("textbox", name="Formula").fill(formula)
            walk.screen.press("Enter")
            walk.screen.until(lambda formula=formula: shown_title(walk).startswith(f"Answers to {formula} by"))
            page.get_by_role("textbox", name="Expected").fill(expected)
            walk.screen.press("Enter")
        expect(page.get_by_text("The same four words")).to_be_visible()
        walk.screen.until(lambda word=expected: word[:12] in " ".join(points(walk)))
        walk.look("words in analogies", text=f"{said(walk)} {page.locator('.ls-board').inner_text()}")
        walk.look("answers to analogies", text=" ".join(page.locator(".ls-board .ls-ranked").all_text_contents()))
        walk.look("words in figures", text=" ".join(points(walk)))
    page.get_by_role("button", name="History").click()
    expect(page.get_by_role("menu")).to_be_visible()
    walk.look("words in analogies", text=" ".join(page.get_by_role("menu").all_text_contents()))
    walk.screen.press("Escape")
    walk.look("words' tables", text=given_away(walk, page.get_by_role("button", name="Take away")))


def shown_title(walk: Walk) -> str:
    return walk.screen.page.locator(".ls-ranked table").first.get_attribute("aria-label") or ""


def points(walk: Walk) -> list[str]:
    """Return the words that a figure shows at its points and axes."""
    page = walk.screen.page
    return [
        text
        for place in (".js-plotly-plot .textpoint", ".js-plotly-plot .xtitle", ".ls-plane text", ".ls-plane title")
        for text in page.locator(place).all_text_contents()
    ]


def through_the_map(walk: Walk, go: Callable[..., None]) -> None:
    """Draw a map of the space, choose all of its words, and take it away."""
    page, screen = walk.screen.page, walk.screen
    drawn = {"map.method": "pca", "map.cluster_count": "14"}
    ends = listed(PAYLOADS[1], PAYLOADS[9])
    go(section="map", ends=ends, **drawn)
    page.get_by_role("button", name="Draw the map").click()
    expect(page.get_by_text("Neighbours kept:")).to_be_visible()
    for word in (PAYLOADS[9], MARKDOWN[0]):
        look = json.dumps({"word": word, "chosen": [*PAYLOADS, *MARKDOWN]})
        go(section="map", ends=ends, look=look, **drawn)
        expect(screen.get("ls-map-count")).to_have_text(f"{len(PAYLOADS) + len(MARKDOWN)} words chosen")
        walk.look("words on a map")
    walk.look("words' clusters", text=screen.get("ls-map-key").text_content() or "")
    screen.get("ls-map-table-button").click()
    expect(screen.get("ls-map-table")).to_be_visible()
    walk.look("words on a map")
    screen.get("ls-map-table-button").click()
    screen.get("ls-map-search").fill("window")
    expect(screen.get("ls-map-found").locator("li").first).to_be_visible()
    walk.look("words on a map")
    screen.get("ls-map-search").fill("")
    files = []
    for kind in ("csv", "svg", "chosen"):
        screen.get("ls-map-take").locator("summary").click()
        with page.expect_download() as download:
            screen.get(f"ls-map-take-{kind}").click()
        files.append(Path(download.value.path()).read_text("utf-8"))
    harmless_table(files[0])
    walk.look("words' tables", text=" ".join(cell for row in csv.reader(io.StringIO(files[0])) for cell in row))
    walk.look("words' pictures", text=" ".join(ElementTree.fromstring(files[1]).itertext()))
    walk.look("words on a map", text=files[2])


def given_away(walk: Walk, popover: Locator) -> str:
    """Return what stands in the files that a section offers."""
    page = walk.screen.page
    popover.click()
    told = []
    for kind in ("CSV", "JSON"):
        with page.expect_download() as download:
            page.get_by_role("button", name=f"Table in {kind}").click()
        told.append(Path(download.value.path()).read_text("utf-8"))
    harmless_table(told[0])
    picture = page.get_by_test_id("ls-figure-svg")
    if picture.count():
        with page.expect_download() as download:
            picture.click()
        drawn = ElementTree.fromstring(Path(download.value.path()).read_text("utf-8"))
        assert not [one for one in drawn.iter() if one.tag.rpartition("}")[2] in ("script", "foreignObject", "a")]
        walk.look("words' pictures", text=" ".join(drawn.itertext()))
    walk.look("words' tables")
    walk.screen.press("Escape")
    cells = " ".join(cell for row in csv.reader(io.StringIO(told[0])) for cell in row)
    return f"{cells} {' '.join(texts(json.loads(told[1])))}"


def texts(value: object) -> Iterator[str]:
    """Yield all text in a value of JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)


def harmless_table(text: str) -> None:
    """Hold that no cell of a table in CSV would be taken for a formula, and that those of the words are in it."""
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert not [cell for cell in cells if cell.startswith(tuple("=+-@\t\r")) and not NUMBER.fullmatch(cell)]
    assert {f"'{word}" for word in FORMULAS} & set(cells)
