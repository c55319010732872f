"""A text of one's own on the page of Transformers: pasted, in use, in the link; kept, and deleted; or told why not."""

from pathlib import Path

import pytest

from engine.words.texts import own
from pages.ui import bringing, house
from tests.pages.conftest import OpenPage
from tests.pages.test_own_texts import TALE, own_of, press, run_of
from tests.pages.waiting import told, until

SMALL = {"hide": "note", "sequences": "text", "style": "own", "length": "8", "samples": "200"}


def test_a_pasted_text_is_learnt_and_its_link_opens_it_again(page: OpenPage) -> None:
    visit = page("transformers.py", **SMALL)
    assert any("No text of yours is chosen yet: paste one" in one.replace("\\", "") for one in told(visit))
    assert not run_of(visit)
    press(visit, "Use this text")
    assert any("Pasted text is empty" in one.replace("\\", "") for one in told(visit))
    visit.text_area[0].set_value(TALE)
    press(visit, "Use this text")
    until(visit, lambda: run_of(visit))
    assert not told(visit)
    assert any(one.value.startswith("In use: Pasted text, ") for one in visit.sidebar.caption)
    again = page("transformers.py", own=own_of(visit), **SMALL)
    assert run_of(again)
    assert not told(again)
    assert f'"own":"{own_of(visit)}"' in house.hub().get(run_of(again)).spec


def test_a_text_too_short_is_told_where_the_run_would_be(own_pool: None, page: OpenPage, own_hub: Path) -> None:
    asked = own.keep(own_hub, [b"ab" * 50], "short.txt", "someone")
    visit = page("transformers.py", own=asked, **SMALL)
    until(visit, lambda: run_of(visit))
    until(visit, lambda: house.hub().get(run_of(visit)).state == "failed")
    said = house.hub().get(run_of(visit)).message
    assert said == "short.txt is too short to be learnt: expected at least 200 characters, received 100."


def test_a_text_brought_before_is_chosen_again_and_deleted(
    page: OpenPage, own_hub: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bringing, "person", lambda: "session-zoe")
    asked = own.keep(own_hub, [TALE.encode()], "tale.txt", "session-zoe")
    visit = page("transformers.py", **SMALL)
    next(one for one in visit.selectbox if one.label == "Your text").set_value("kept").run()
    next(one for one in visit.selectbox if one.label == "Texts that you have brought").set_value(asked).run()
    until(visit, lambda: run_of(visit))
    press(visit, "Delete this text")
    assert not own.TEXTS.listed(own_hub, "session-zoe")
    assert any("No text of yours is chosen yet" in one.replace("\\", "") for one in told(visit))
