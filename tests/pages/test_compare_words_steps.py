"""The page that compares spaces, step by step: links, spaces opened, added and called off, the note, hostile words."""

from pathlib import Path

import pytest

from pages.ui.note_text import Step, parts
from pages.ui.words.room import words
from pages.ui.words_compare.asked import Compared, OfSecond, OfSpace, OfThird
from pages.ui.words_compare.note import CHAPTERS, text
from pages.ui.words_compare.sections import SECTIONS
from pages.ui.words_compare.slot import Desk
from tests.pages.comparing import LEE, TWO, Two, both, compared, goes_on, metrics, said
from tests.pages.conftest import OpenPage
from tests.pages.test_words import lists
from tests.pages.waiting import until


@pytest.fixture(scope="module", autouse=True)
def opened(own_hub: Path) -> Two:
    """Have both spaces open already."""
    return both(own_hub)


def test_a_link_opens_the_same_view(page: OpenPage):
    address = {
        **TWO,
        "b.limit": "900",
        "c.source": "packaged:glove",
        "section": "alignment",
        "query": "government",
        "k": "5",
        "pair": "ac",
        "restrict": "800",
        "centred": "true",
        "unit": "false",
        "least_count": "3",
        "words": "Australia",
        "suite": "simlex999",
        "view": "dimensions",
        "lengths": "false",
        "relations": "question-words",
        "relation": "family",
    }
    visit = page("compare_words.py", **address)
    assert not visit.exception
    assert {name: visit.query_params[name] for name in address} == address
    assert set(address) == set(visit.query_params)
    assert len(visit.main.warning) == 0


def test_what_is_called_off_is_begun_again_by_its_button_alone(page: OpenPage, monkeypatch: pytest.MonkeyPatch):
    jobs, asked = words().comparisons, []
    monkeypatch.setattr(jobs, "ask", lambda order, owner: asked.append(order))
    visit = page("compare_words.py", **TWO, section="agreement", k="3", restrict="1201")
    assert len(asked) == 1
    visit.run()
    assert len(asked) == 1, "it was ended by somebody, perhaps by this person in another tab"
    (again,) = (button for button in visit.button if button.label == "Compare")
    again.click().run()
    assert asked == [asked[0]] * 2
    field = next(one for one in visit.main.get("button_group") if "Shape" in str(one.options))
    field.set_value("shape")
    visit.run()
    assert len(asked) == 3
    assert asked[2].work.endswith(":shape")


def test_a_comparison_is_told_and_can_be_called_off(page: OpenPage, monkeypatch: pytest.MonkeyPatch):
    compared(page)  # both are open from now on
    with monkeypatch.context() as patch:
        patch.setattr(words().comparisons, "_at_once", 0)  # or it is done before anybody can press Cancel
        visit = page("compare_words.py", **TWO, section="shape", view="dimensions", suite="question-words")
        assert goes_on(visit)
        next(button for button in visit.button if button.label == "Cancel").click().run()
        assert not visit.exception
        assert not goes_on(visit)
        assert not visit.get("plotly_chart")
    next(button for button in visit.button if button.label == "Compare").click().run()
    until(visit, lambda: visit.get("plotly_chart"), errors=False)


def test_spaces_are_opened_one_after_the_other_and_can_be_called_off(page: OpenPage, monkeypatch: pytest.MonkeyPatch):
    crime, reviews = "packaged:crime-and-punishment", "packaged:reviews-fasttext"
    with monkeypatch.context() as patch:
        patch.setattr(words().openings, "_at_once", 0)  # or a small one is open before anybody can press Cancel
        visit = page("compare_words.py", **{"a.source": crime, "a.limit": "250", "b.source": reviews, "b.limit": "900"})
        assert not visit.exception
        assert goes_on(visit)
        assert not lists(visit)
        next(button for button in visit.button if button.label == "Cancel").click().run()
    assert "called off" in visit.main.info[0].value
    assert "**A" in said(visit)
    next(button for button in visit.button if button.label == "Open").click().run()
    until(visit, lambda: lists(visit), errors=False)
    assert len(lists(visit)) == 2


def test_it_begins_with_the_world_learnt_twice():
    assert [place.asked.source for place in Desk().places] == ["world", "world:again", ""]
    assert [spec().to_link() for spec in (OfSpace, OfSecond, OfThird, Compared)] == [{}] * 4


def test_a_third_space_is_added_and_taken_away(page: OpenPage):
    visit = compared(page, query="government")
    (third,) = (one for one in visit.toggle if one.label == "A third space")
    third.set_value(True).run()
    until(visit, lambda: not goes_on(visit), errors=False)
    assert len(lists(visit)) == 3
    assert visit.query_params["c.source"] == LEE
    (third,) = (one for one in visit.toggle if one.label == "A third space")
    third.set_value(False).run()
    assert len(lists(visit)) == 2
    assert "c.source" not in visit.query_params


def test_one_space_twice_is_said_to_be_one(page: OpenPage):
    visit = compared(page, **{"b.source": LEE, "section": "agreement"})
    assert "A and B are the same space" in visit.main.info[0].value
    assert metrics(visit)["Mean agreement"] == "1.000"


def test_hostile_parameters_are_defaults_and_one_notice(page: OpenPage):
    visit = compared(page, k="1e9", section="../..", strange="x" * 9_000, pair="zz", **{"a.limit": "-1", "b.odd": "1"})
    assert len(visit.main.warning) == 1
    assert "a.limit, b.odd, k, section, strange and 1 more" in visit.main.warning[0].value.replace("\\", "")
    assert len(lists(visit)) == 2


@pytest.mark.parametrize("section", list(SECTIONS))
@pytest.mark.parametrize("more", [{"query": '"<img src=x onerror=alert(1)>"'}, {"words": '"', "relation": "x" * 90}])
def test_no_text_breaks_a_section(page: OpenPage, section: str, more: dict[str, str]):
    visit = compared(page, **{"b.source": "packaged:glove", "section": section, **more})
    assert not visit.exception


@pytest.mark.parametrize("place", ["a", "b"])
@pytest.mark.parametrize("source", ["server:../../etc/passwd", ""])
def test_vectors_that_are_not_here_are_told(page: OpenPage, place: str, source: str):
    visit = page("compare_words.py", **(TWO | {f"{place}.source": source}))
    assert not visit.exception
    assert "There are no vectors" in visit.warning[0].value


def test_every_step_of_the_note_can_be_taken_and_every_section_has_its_chapter(page: OpenPage):
    steps = [part for part in parts(text()) if isinstance(part, Step)]
    assert len(steps) >= 6
    for step in steps:
        assert Desk().set_up(step.settings) == []
    assert set(CHAPTERS) == set(SECTIONS)
    for chapter in CHAPTERS.values():
        assert f"## {chapter}\n" in text()
    visit = page("compare_words.py", **TWO)
    own = next(step for step in steps if "section" in step.settings)
    next(button for button in visit.button if button.label == own.words).click().run()
    assert not visit.exception
    assert visit.query_params["section"] == own.settings["section"]
