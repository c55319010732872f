"""What a browser asks late: it speaks of a page that has been drawn anew since, and of what stood in its widgets."""

import asyncio
import secrets
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from engine.words.sources import uploads
from engine.words.texts import own
from pages.ui.keys import signer
from pages.ui.person import COOKIE
from pages.ui.words.page_desk import SETTLED_SECONDS
from pages.ui.words.sources import UPLOAD
from tests.app_server import AppServer
from tests.browser import PATIENCE
from tests.pages.visitor import Visit, visit

TALE = b"The king and the queen live in a castle. The dog and the cat live in a house. " * 30
TEXTS = "Texts that you have brought"
SMALL = {"dimensions": "8", "epochs": "1", "min_count": "2"}


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


def test_of_texts_that_are_called_alike_the_chosen_one_stays(app_server: AppServer, servers_key: None) -> None:
    """A browser says which one is chosen by its title alone: whoever pastes twice has two of one name."""
    me = f"person-{secrets.token_hex(9)}"
    ids = [own.keep(app_server.home, [TALE + one], own.PASTED, me) for one in (b"cow", b"hen", b"pig")]
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
                await asyncio.sleep(SETTLED_SECONDS)  # the text is cut first
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
            await asyncio.sleep(SETTLED_SECONDS)
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


async def opened(person: Visit, **texts: str) -> None:
    """Wait until the vectors are open."""
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
