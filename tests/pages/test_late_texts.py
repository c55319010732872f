"""A text of one's own, and a browser that says late which was chosen before: on the server, or of those kept."""

import asyncio
import secrets
from pathlib import Path

import pytest

from engine.words.texts import own
from tests.app_server import AppServer
from tests.pages.test_late_requests import OWN_TEXT, TALE, TEXTS, cookie, in_use, opened, query_of, widget
from tests.pages.visitor import visit

WAY, FIELD = "Your text", "Texts on this server"


def test_a_text_stays_though_a_browser_says_late_which_was_chosen_on_the_server_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library, me = tmp_path / "library", f"person-{secrets.token_hex(9)}"
    library.mkdir()
    for name in ("one.txt", "two.txt"):
        (library / name).write_bytes(TALE)
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))

    async def scene(server: AppServer) -> None:
        async with visit(server, "train_words", OWN_TEXT, Cookie=cookie(me)) as person:
            way = widget(person, "selectbox", WAY).id
            here, elsewhere = {way: "A file on this server"}, {way: "One that you have brought"}
            await person.rerun(query_of(person), **here)
            field = widget(person, "selectbox", FIELD).id
            await person.rerun(query_of(person), **here, **{field: "two.txt"})
            await opened(person, **here)
            assert in_use(person) == "two.txt"
            await person.rerun(query_of(person), **elsewhere)
            brought = widget(person, "selectbox", TEXTS).id
            await person.rerun(query_of(person), **elsewhere, **{brought: "mine.txt"})
            await opened(person, **elsewhere)
            assert in_use(person) == "mine.txt"
            await person.rerun(query_of(person), **here)
            await person.rerun(query_of(person), **here, **{field: "one.txt"})
            assert in_use(person) == "mine.txt", "what stood in the field before is no choice"
            again = widget(person, "selectbox", FIELD).id
            await person.rerun(query_of(person), **here, **{again: "one.txt"})
            await opened(person, **here)
            assert in_use(person) == "one.txt", "what is chosen there now is taken"

    with AppServer(tmp_path, environment={"LEARNSCOPE_TEXTS": str(library)}) as server:
        own.keep(tmp_path, [TALE], "mine.txt", me)
        asyncio.run(scene(server))
