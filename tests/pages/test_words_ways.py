"""The words page: no way through it ends nowhere, and what is seen is what its address says."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from engine.words import load
from engine.words.packaged import packaged
from pages.ui.note_text import Step
from pages.ui.words.asked import View
from pages.ui.words.note import ordered, text
from pages.ui.words.sections import SECTIONS
from tests.pages.conftest import OpenPage

SPACE = "packaged:euclidean"


@pytest.fixture(scope="module", autouse=True)
def opened_before(own_hub: Path):
    """Have the files opened already, so that no job stands between a page and its answer."""
    for name in ("euclidean", "glove"):
        load(packaged(name).path, cache=own_hub / "words")


def buttons(visit: AppTest) -> list[str]:
    return [one.label for one in visit.button]


@pytest.mark.parametrize(("view", "there"), [("ask", "Examples"), ("failures", "Ask it")])
def test_a_view_of_analogies_is_in_the_address_and_is_opened_by_it(page: OpenPage, view: View, there: str):
    visit = page("words.py", source=SPACE, section="analogies", view=view)
    assert not visit.exception
    labels = [*buttons(visit), *(one.proto.label for one in visit.get("menu_button"))]
    assert there in labels

    other = page("words.py", source=SPACE, section="analogies")
    (chooser,) = (one for one in other.button_group if one.label == "View")
    chooser.set_value([view]).run()
    assert other.query_params.get("view", "ask") == view


def test_of_a_word_like_no_other_there_is_a_way_on(page: OpenPage):
    visit = page("words.py", source=SPACE, query="xyzzyplugh")
    assert "is not among these" in visit.warning[0].value
    assert "Some that are there:" in [one.value for one in visit.markdown]
    next(one for one in visit.button if one.label == "king").click().run()
    assert visit.query_params["query"] == "king"
    assert not visit.warning


def test_nothing_is_said_of_other_vectors_as_if_they_were_ones_own(page: OpenPage):
    visit = page("words.py", source=SPACE)
    told = [one.value for one in visit.sidebar.caption]
    (source,) = (one for one in visit.sidebar.selectbox if one.label == "Vectors")
    visit = source.set_value("Your file, uploaded by you").run()
    assert not visit.exception
    now = [one.value for one in visit.sidebar.caption]
    assert any("the page goes on with" in one for one in now)
    assert told[0] not in now


def test_the_note_begins_with_the_section_that_is_open_and_leaves_nothing_out():
    whole = [part for _, part in sorted(ordered("neighbours"))]
    for section in SECTIONS:
        shown = ordered(section)
        assert [part for _, part in sorted(shown)] == whole
    assert ordered("neighbours") == sorted(ordered("neighbours"))
    assert str(ordered("map")[0][1]).startswith("## Maps")
    assert str(ordered("scores")[0][1]).startswith("## Questions and scores")
    steps = [part for _, part in ordered("map") if isinstance(part, Step)]
    assert len(steps) == text().count("```try")
    assert steps[0].settings["section"] == "map"
