"""What a browser asks late: it speaks of a page that has been drawn anew since, and of what stood in its widgets."""

import asyncio
import time
from pathlib import Path
from typing import Any

from tests.app_server import AppServer
from tests.browser import PATIENCE
from tests.pages.visitor import Visit, visit


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
