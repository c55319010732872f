"""Search by an index on the page: it is built beside it, and what is told of it is what was measured."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from engine.words import load, search_codes
from engine.words.packaged import packaged
from pages.ui.words import room
from tests.app_server import ROOT
from tests.pages.conftest import OpenPage
from tests.pages.test_words import open_box, words_of

HERE = {"source": "packaged:lee-fasttext", "query": "government"}


@pytest.fixture
def page_of_a_large_space(page: OpenPage, own_hub: Path, monkeypatch: pytest.MonkeyPatch):
    """Return the page with a space for which an index is said to pay, and the folder of that space."""
    folder = load(packaged("lee-fasttext").path, cache=own_hub / "words").folder
    assert folder is not None
    for name in ("approximate.json", "approximate.faiss"):
        (folder / name).unlink(missing_ok=True)
    room.close()
    monkeypatch.setattr(search_codes, "WORTH_FROM", 1_000)
    yield page, folder
    for name in ("approximate.json", "approximate.faiss"):
        (folder / name).unlink(missing_ok=True)
    room.close()


def captions(visit: AppTest) -> str:
    return " ".join(one.value for one in visit.main.caption)


def test_an_index_is_built_and_what_it_finds_is_told_as_measured(page_of_a_large_space):
    page, folder = page_of_a_large_space
    visit = page("words.py", **HERE)
    assert "Exact search through 1,762 words" in captions(visit)
    assert "Exact" not in [one.label for one in visit.toggle]
    until = time.monotonic() + 60
    while not (folder / "approximate.json").is_file() or "An index finds" not in captions(visit):
        assert not visit.exception
        assert time.monotonic() < until, captions(visit)
        time.sleep(0.2)
        visit.run()
    measured = json.loads((folder / "approximate.json").read_text())
    share, ms, exact_ms = measured["share"], measured["approximate_ms"], measured["exact_ms"]
    assert 0.5 < share <= 1
    assert f"An index finds {share:.1%} of them in {ms:,.2g} ms: see How." in captions(visit)
    exact = words_of(visit)

    open_box(visit, "how")
    next(one for one in visit.toggle if one.label == "Exact").set_value(False).run()
    assert not visit.exception
    assert visit.query_params["exact"] == "false"
    told = captions(visit)
    assert "By an index: " in told
    assert (
        f"It finds {share:.1%} of the {measured['k']} nearest words, measured on {measured['words']:,} words, in "
        f"{ms:,.2g} ms against {exact_ms:,.2g} ms (medians)." in told
    )
    space = room.words().library.space(HERE["source"])
    assert words_of(visit) == [word for word, _ in space.neighbours("government", 10, exact=False)]
    assert len({*exact} & {*words_of(visit)}) >= 5


def test_the_first_search_is_told_without_the_loading_of_what_it_takes(own_hub: Path) -> None:
    asked = """
import sys
from types import SimpleNamespace
from engine.words import load
from engine.words.packaged import packaged
from pages.ui.words import answers
from pages.ui.words.asked import Asked
seen = []
answers.time = SimpleNamespace(perf_counter=lambda: float(seen.append("faiss" in sys.modules) or 0))
space = load(packaged("lee-fasttext").path)
print("faiss" in sys.modules)
answers.answer(space, Asked(), "government", "cosine")
print(seen)
"""
    load(packaged("lee-fasttext").path, cache=own_hub / "words")
    told = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, check=True, capture_output=True, text=True)
    assert told.stdout.split("\n")[:2] == ["False", "[True, True]"]
