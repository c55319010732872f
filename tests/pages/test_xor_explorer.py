"""XOR by depth and width on the page: what is chosen is trained, shown and kept, and leads to the very nets."""

import html
import re
from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from engine.errors import RunRefused
from engine.jobs import Jobs
from engine.labs.catalogue import LABS
from engine.labs.xor_grid import XOR_GRID, XorGridSpec, places, settings_of, share, typical, typical_seed
from pages.ui.house import hub
from tests.pages.conftest import OpenPage
from tests.pages.test_playground import run_of, spec_of
from tests.pages.waiting import until

KEY = "playground.explore.xor-grid"
LAB = LABS["playground"]
SMALL = XorGridSpec(depths=("0", "1"), widths=("6", "8"), seeds=2)
LINK = re.compile(r'<a href="\?([^"]*)" target="_blank" title="([^"]*)"><b>([^<]*)</b><small>([^<]*)</small>')


def chosen(visit: AppTest, spec: XorGridSpec) -> AppTest:
    """Choose the settings of the grid as a person does."""
    for name, value in (("depths", list(spec.depths)), ("widths", list(spec.widths)), ("activation", spec.activation)):
        visit.session_state[f"{KEY}-{name}"] = value
    visit.session_state[f"{KEY}-seeds"] = spec.seeds
    return visit.run()


def table(visit: AppTest) -> str:
    (found,) = [element.proto.body for element in visit.get("html") if 'class="ls-sweep"' in element.proto.body]
    return found


def parsed(address: str) -> dict[str, str]:
    return dict(parse_qsl(html.unescape(address), keep_blank_values=True))


def button(visit: AppTest, words: str):
    return next((one for one in visit.button if one.label == words), None)


def press(visit: AppTest, words: str) -> AppTest:
    found = button(visit, words)
    assert found is not None, f"there is no {words!r}"
    return found.click().run()


def test_the_grid_is_trained_shown_and_leads_to_its_nets(page: OpenPage):
    visit = chosen(page(), SMALL)
    before = run_of(visit)
    assert table(visit).count("not trained yet") == 3
    assert not LINK.findall(table(visit))
    press(visit, "Train the grid")
    until(visit, lambda: table(visit).count("not trained yet") == 0)
    until(visit, lambda: button(visit, "Stop training it") is None)
    assert button(visit, "Train the grid") is None
    assert run_of(visit).id == before.id, "the run above is left alone"
    links = LINK.findall(table(visit))
    expected = list(zip(places(SMALL), XOR_GRID.findings(SMALL), strict=True))
    assert len(links) == len(expected) == 3
    for (address, sentence, upper, lower), (place, finding) in zip(links, expected, strict=True):
        steps = finding["steps"]
        assert upper == f"{share(steps):.0%}"
        assert lower == ("–" if typical(steps) is None else str(typical(steps)))
        assert f"{sum(step is not None for step in steps)} of 2 seeds solve XOR" in html.unescape(sentence)
        link = parsed(address)
        net = LAB.spec().replace(**settings_of(SMALL, place, typical_seed(SMALL, finding)))
        assert LAB.spec.from_link(link) == (net, ())
    opened = page(**parsed(links[-1][0]))
    assert (spec_of(opened)["units"], spec_of(opened)["target_score"]) == ([8], 0.95)
    # Whoever chooses the same sees it at once.
    other = chosen(page(), SMALL)
    assert LINK.findall(table(other)) == links
    assert button(other, "Train the grid") is None


def test_it_can_be_stopped_and_begun_again(page: OpenPage):
    spec = SMALL.replace(depths=("1", "2", "3", "4"), widths=("1",), seeds=20)
    visit = chosen(page(), spec)
    press(visit, "Train the grid")
    assert button(visit, "Train the grid") is None
    assert visit.get("progress")
    press(visit, "Stop training it")
    assert button(visit, "Train the grid") is not None
    assert not visit.get("progress")
    assert table(visit).count("not trained yet") == 4


def test_rows_of_nothing_are_told(page: OpenPage):
    visit = page()
    visit.session_state[f"{KEY}-widths"] = []
    visit.run()
    assert not visit.exception
    assert "Choose at least one number" in visit.main.warning[0].value
    assert button(visit, "Train the grid") is None


def test_where_there_is_no_room_it_is_said(page: OpenPage, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object) -> None:
        raise RunRefused("40 others wait for their turn: try again in a minute.")

    visit = chosen(page(), SMALL.replace(activation="elu"))
    monkeypatch.setattr(Jobs, "ask", refuse)
    press(visit, "Train the grid")
    assert "40 others wait" in visit.main.warning[0].value
    assert button(visit, "Train the grid") is not None


def test_what_failed_is_told_and_can_be_tried_again(page: OpenPage, monkeypatch: pytest.MonkeyPatch):
    spec = SMALL.replace(activation="silu", depths=("1",), widths=("1",))
    monkeypatch.setattr(hub()._pool, "start_sweep", lambda *_: (_ for _ in ()).throw(RunRefused("No process.")))
    visit = chosen(page(), spec)
    press(visit, "Train the grid")
    until(visit, lambda: visit.error)
    assert "No process" in visit.error[0].value
    monkeypatch.undo()
    press(visit, "Train the grid")
    until(visit, lambda: LINK.findall(table(visit)))
    assert not visit.error
