"""What a browser asks late: it speaks of a page that has been drawn anew since, and of what stood in its widgets."""

import asyncio
import json
import re
import secrets
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from engine.words.sources import uploads
from engine.words.texts import own
from pages.ui.bringing import PASTED
from pages.ui.keys import signer
from pages.ui.person import COOKIE
from pages.ui.words.sources import UPLOAD
from tests.app_server import AppServer
from tests.browser import PATIENCE
from tests.pages.visitor import Visit, visit

LATE_SECONDS = 1.2
TALE = b"The king and the queen live in a castle. The dog and the cat live in a house. " * 30
TEXTS = "Texts that you have brought"
SMALL = {"dimensions": "8", "epochs": "1", "min_count": "2"}
OWN_TEXT = "corpus=own&dimensions=8&epochs=1&min_count=2&hide=note.explore-text"


def test_what_is_typed_after_others_were_opened_is_asked_though_a_request_came_late(app_server: AppServer) -> None:
    """While vectors are being opened the page looks again and again; a look that was asked for before a browser knew of
    the next page says of each widget what stood there before.
    """

    async def scene() -> None:
        async with visit(app_server, "words") as person:
            kind = widget(person, "selectbox", "Vectors")
            one = widget(person, "selectbox", kind.options[kind.default])
            before = {kind.id: "Packaged", one.id: one.options[one.default]}
            await person.rerun(**before)
            await opened(person, **before)
            await person.rerun(query_of(person), **before)
            now = widget(person, "selectbox", "Packaged")
            typed = widget(person, "text_input", "Word or mix of words")
            texts = {kind.id: "Packaged", now.id: now.options[now.default], typed.id: "government"}
            await person.rerun(query_of(person), **texts)
            assert person.address["query"] == "government"

    asyncio.run(scene())


def test_an_old_address_takes_no_question_away_however_late_it_comes(app_server: AppServer) -> None:
    """A slow browser says for seconds where it was before; only its back and forward lead there."""

    async def scene() -> None:
        async with visit(app_server, "words", "source=packaged:lee-fasttext") as person:
            await opened(person)
            typed = widget(person, "text_input", "Word or mix of words").id
            await person.rerun(query_of(person), **{typed: "water"})
            before = query_of(person)
            await person.rerun(before, **{typed: "government"})
            now = query_of(person)
            await asyncio.sleep(LATE_SECONDS)
            await person.rerun(before, **{typed: "government"})
            assert person.address["query"] == "government"
            await person.rerun(before, **{typed: "government"}, back=True)
            typed = widget(person, "text_input", "Word or mix of words")
            assert (person.address["query"], typed.default) == ("water", "water")
            await person.rerun(now, **{typed.id: "water"}, back=True)
            typed = widget(person, "text_input", "Word or mix of words")
            assert (person.address["query"], typed.default) == ("government", "government")

    asyncio.run(scene())


def test_an_old_address_takes_no_setting_away_however_late_it_comes(app_server: AppServer) -> None:
    async def scene() -> None:
        async with visit(app_server, "playground", "noise=3") as person:
            before, run = query_of(person), person.run
            fresh = widget(person, "button", "New weights").id
            await person.rerun(before, press=fresh)
            assert (person.address["seed"], person.run == run) == ("2", False)
            await asyncio.sleep(LATE_SECONDS)
            await person.rerun(before)
            assert person.address["seed"] == "2"
            await person.rerun(before, back=True)
            assert ("seed" in person.address, person.run) == (False, run)

    asyncio.run(scene())


def test_of_texts_that_are_called_alike_the_chosen_one_stays(app_server: AppServer, servers_key: None) -> None:
    """A browser says which one is chosen by its title alone: whoever pastes twice has two of one name."""
    me = f"person-{secrets.token_hex(9)}"
    ids = [own.keep(app_server.home, [TALE + one], PASTED, me) for one in (b"cow", b"hen", b"pig")]
    for asked in ids:
        options, after = asyncio.run(
            said_as_it_stands(app_server, me, "train_words", TEXTS, SMALL, corpus="own", own=asked)
        )
        assert len(set(options)) == 4
        assert after.get("own") == asked


def test_of_files_that_are_called_alike_the_chosen_one_stays(app_server: AppServer, servers_key: None) -> None:
    me = f"person-{secrets.token_hex(9)}"
    ids = [uploads.keep(app_server.home, [b"2 2\na 1 %d\nb 0 1\n" % one], "v.txt", me) for one in range(3)]
    for asked in ids:
        options, after = asyncio.run(said_as_it_stands(app_server, me, "words", UPLOAD, {}, source=asked))
        assert len(set(options)) == 3
        assert after.get("source") == asked


def test_a_title_that_is_offered_no_longer_chooses_nothing(app_server: AppServer, servers_key: None) -> None:
    me = f"person-{secrets.token_hex(9)}"
    asked = own.keep(app_server.home, [TALE], "tale.txt", me)

    async def scene() -> None:
        async with visit(
            app_server, "train_words", query(corpus="own", own=asked, **SMALL), Cookie=cookie(me)
        ) as person:
            chosen = widget(person, "selectbox", TEXTS)
            for title in ("tale.txt", "gone.txt", "tale.txt"):
                await opened(person)  # the text is cut first
                await person.rerun(query_of(person), **{chosen.id: title})
                assert person.address.get("own") == asked
                assert not person.alerts

    asyncio.run(scene())


async def said_as_it_stands(
    server: AppServer, me: str, page: str, label: str, small: dict[str, str], **asked: str
) -> tuple[list[str], dict[str, str]]:
    """Open a page, and have it say twice more what stands in one of its choices; return what this offers, and the
    page's address then.
    """
    async with visit(server, page, query(**asked, **small), Cookie=cookie(me)) as person:
        for _ in range(2):
            chosen = widget(person, "selectbox", label)
            assert chosen.raw_value in chosen.options
            await opened(person)
            await person.rerun(query_of(person), **{chosen.id: chosen.options[chosen.default]})
        chosen = widget(person, "selectbox", label)
        return list(chosen.options), person.address


def cookie(me: str) -> str:
    return f"{COOKIE}={signer('person').dumps(me)}"


def query(**asked: str) -> str:
    return urlencode(asked)


def test_others_are_opened_though_the_page_looked_how_the_ones_before_go_on(tmp_path: Path) -> None:
    """A look that is asked for just as others are chosen finds these neither opened nor being opened: that is no reason
    to say that their opening was called off.
    """

    async def scene(server: AppServer) -> None:
        async with visit(server, "words") as person:
            assert "progress" in person.fragments, "the made-up world is learnt when it is asked for first"
            kind = widget(person, "selectbox", "Vectors")
            await person.rerun(fragment=person.fragments["progress"], **{kind.id: "Packaged"})
            await person.rerun(query_of(person), **{kind.id: "Packaged"})
            assert not person.alerts
            await opened(person, **{kind.id: "Packaged"})
            assert widget(person, "text_input", "Word or mix of words")

    with AppServer(tmp_path) as server:
        asyncio.run(scene(server))


def test_a_text_that_is_pasted_stays_though_a_browser_says_late_which_was_chosen_before(tmp_path: Path) -> None:
    library = tmp_path / "library"
    library.mkdir()
    for name in ("one.txt", "two.txt"):
        (library / name).write_text(f"The dog and the cat live in house {name}. " * 60)

    async def scene(server: AppServer) -> None:
        async with visit(server, "train_words", OWN_TEXT) as person:
            way = widget(person, "selectbox", "Your text").id
            await person.rerun(query_of(person), **{way: "A file on this server"})
            field = widget(person, "selectbox", "Texts on this server").id
            late = {way: "Paste it", field: "two.txt"}
            await person.rerun(query_of(person), **{way: "A file on this server", field: "two.txt"})
            assert in_use(person) == "two.txt"
            await person.rerun(query_of(person), **{way: "Paste it"})
            pasted = {widget(person, "text_area", "Text to learn from").id: "The king and the queen. " * 60}
            use = widget(person, "button", "Use this text").id
            await person.rerun(query_of(person), press=use, **late, **pasted)
            assert in_use(person) == "Pasted text"
            await person.rerun(query_of(person), **{way: "Paste it"}, **pasted)
            await person.rerun(query_of(person), **late, **pasted)
            assert in_use(person) == "Pasted text"
            await person.rerun(query_of(person), **{way: "A file on this server"})
            await person.rerun(query_of(person), **{way: "A file on this server", field: "Choose one"})
            assert in_use(person) == "Pasted text"
            again = widget(person, "selectbox", "Texts on this server").id
            await person.rerun(query_of(person), **{way: "A file on this server", again: "one.txt"})
            assert in_use(person) == "one.txt", "what is chosen there now is taken"

    with AppServer(tmp_path, environment={"LEARNSCOPE_TEXTS": str(library)}) as server:
        asyncio.run(scene(server))


def test_an_example_is_taken_once_though_a_browser_says_late_that_it_was_chosen(app_server: AppServer) -> None:
    """Were it taken once more, what was changed since would be lost."""

    async def scene() -> None:
        async with visit(app_server, query="hide=note") as person:
            example = widget(person, "selectbox", "Example")
            late = {example.id: next(title for title in example.options if title.startswith("Broken: "))}
            await person.rerun(query_of(person), **late)
            chosen = person.run
            assert person.address["preset"]
            await person.rerun(query_of(person), **late)
            assert person.run == chosen
            now = widget(person, "selectbox", "Example").id
            own = {now: "Your own settings"}
            await person.rerun(query_of(person), **own)
            assert "preset" not in person.address
            await person.rerun(query_of(person), **own, **late)
            assert "preset" not in person.address

    asyncio.run(scene())


def test_a_class_that_was_left_hears_no_name_any_more(app_server: AppServer) -> None:
    async def scene() -> None:
        async with visit(app_server, "", "class=late-7") as person:
            late = {widget(person, "text_input", "Your name in the class").id: "Ann"}
            await person.rerun("class=late-7", **late)
            assert "**Ann**" in " ".join(texts(person))
            await person.rerun("class=late-7", press=widget(person, "button", "Leave").id, **late)
            assert "class" not in person.address
            await person.rerun(**late)
            assert not person.alerts
            await person.rerun("class=late-8")
            assert "**late-8**" in " ".join(texts(person)).replace("\\", "")
            await person.rerun("class=late-8", **late)
            assert "**Ann**" not in " ".join(texts(person))

    asyncio.run(scene())


def test_what_a_step_of_the_note_opened_stays_though_a_browser_says_late_what_was_chosen(
    app_server: AppServer,
) -> None:
    async def scene() -> None:
        async with visit(app_server, "words") as person:
            kind = widget(person, "selectbox", "Vectors").id
            await person.rerun(query_of(person), **{kind: "Packaged"})
            await opened(person, **{kind: "Packaged"})
            one = widget(person, "selectbox", "Packaged")
            late = {kind: "Packaged", one.id: one.options[one.default]}
            await person.rerun(query_of(person), press=first_step(person), **late)
            assert "source" not in person.address, "the note is about the made-up world"
            await person.rerun(query_of(person), **late)
            assert "source" not in person.address

    asyncio.run(scene())


def test_a_third_space_that_a_step_opened_stays_though_a_browser_says_late_that_there_is_none(
    app_server: AppServer,
) -> None:
    async def scene() -> None:
        async with visit(app_server, "compare_words") as person:
            late = {widget(person, "checkbox", "A third space").id: False}
            step = widget(person, "button", "News beside the made-up world").id
            await person.rerun(query_of(person), press=step, **late)
            assert person.address["c.source"]
            await person.rerun(query_of(person), **late)
            assert person.address["c.source"]

    asyncio.run(scene())


def test_two_words_that_are_chosen_stay_though_a_browser_says_late_which_cell_was_clicked(
    app_server: AppServer,
) -> None:
    async def scene() -> None:
        async with visit(app_server, "train_words", "corpus=packaged:descriptions&text.view=pairs") as person:
            end = time.monotonic() + PATIENCE
            while not (charts := [one for one in person.elements if one.WhichOneof("type") == "plotly_chart"]):
                assert time.monotonic() < end
                await asyncio.sleep(0.2)
                await person.rerun(query_of(person))
            one, other = (widget(person, "selectbox", label) for label in ("Word", "Word near it"))
            size = len(one.options)
            clicked = {"selection": {"points": [], "point_indices": [3 * size + 5], "box": [], "lasso": []}}
            late = {charts[-1].plotly_chart.id: json.dumps(clicked)}
            await person.rerun(query_of(person), **late)
            assert near(person) == (one.options[3], one.options[5])
            now = {one.id: one.options[7], other.id: one.options[8]}
            await person.rerun(query_of(person), **now)
            assert near(person) == (one.options[7], one.options[8])
            await person.rerun(query_of(person), **now, **late)
            assert near(person) == (one.options[7], one.options[8])

    asyncio.run(scene())


def near(person: Visit) -> tuple[str, ...]:
    """Return the two words whose cell is told."""
    found = (re.fullmatch(r"\*\*(.*)\*\* near \*\*(.*)\*\*: .*", one) for one in texts(person))
    return next(one.groups() for one in found if one)


def first_step(person: Visit) -> str:
    """Return the first button of the note."""
    return next(
        element.button.id
        for element in person.elements
        if element.WhichOneof("type") == "button" and element.button.help == "Sets the page up, above."
    )


def in_use(person: Visit) -> str:
    """Return the name of the text that is learnt from."""
    told = " ".join(texts(person)).replace("\\", "")
    return told.partition("In use: ")[2].partition(",")[0]


def texts(person: Visit) -> list[str]:
    return [element.markdown.body for element in person.elements if element.WhichOneof("type") == "markdown"]


async def opened(person: Visit, **texts: str) -> None:
    """Wait until the vectors are open, or the text is cut."""
    end = time.monotonic() + PATIENCE
    while any(element.WhichOneof("type") == "progress" for element in person.elements):
        assert time.monotonic() < end, "they were not opened"
        await asyncio.sleep(0.1)
        await person.rerun(query_of(person), **texts)


def query_of(person: Visit) -> str:
    return "&".join(f"{name}={value}" for name, value in person.address.items())


def widget(person: Visit, kind: str, label: str) -> Any:
    """Return a widget of the page by its label."""
    found = (getattr(element, kind) for element in person.elements if element.WhichOneof("type") == kind)
    return next(one for one in found if one.label == label)
