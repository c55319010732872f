"""Points by hand on the page: the pad, a link with a drawing, and the points of a run to go on with."""

import json
from typing import Any

import numpy as np
import pytest
from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.testing.v1 import AppTest

from engine.data.drawing import MOST_POINTS, read_drawing, write_drawing
from engine.frames import decode
from pages.ui import house, run_words
from tests.pages.conftest import OpenPage
from tests.pages.test_compare import press, unescaped
from tests.pages.test_playground import address_of, eventually, field, run_of, spec_of

RING = [(np.cos(turn), np.sin(turn), 0) for turn in np.linspace(0, 6, 20)]
MIDDLE = [(x / 10, y / 10, 1) for x in range(-2, 3) for y in range(-2, 2)]


def text_of(points: list[tuple[float, float, int]]) -> str:
    return write_drawing(np.array([point[:2] for point in points]), [label for *_, label in points])


TEXT = text_of(RING + MIDDLE)


def parts_of(visit: AppTest) -> dict[str, Any]:
    """Return what the components of the page were given, by the component."""
    given = [(part.proto, json.loads(part.proto.json)) for part in visit.get("bidi_component")]
    return {"pad" if "most" in data else "panel": (proto, data) for proto, data in given}


def use(visit: AppTest, text: object) -> None:
    """Run the page as when somebody presses "Use these points"."""
    states = visit._tree.get_widget_states()
    trigger = states.widgets.add()
    trigger.id = _make_trigger_id(parts_of(visit)["pad"][0].id, "events")
    trigger.json_trigger_value = json.dumps([{"event": "use", "value": text}])
    visit._run(states)
    assert not visit.exception


def points_of(visit: AppTest) -> list[tuple[float, float, int]]:
    """Return the points that the run shown learns, as its worker tells them."""
    run = run_of(visit)
    eventually(lambda: house.hub().recordings.opening(run.id) is not None)
    arrays = decode(house.hub().recordings.opening(run.id) or b"").arrays
    names = ((f"points.{part}_{name}" for name in ("x", "y", "label")) for part in ("train", "validation"))
    return sorted(
        (round(float(x), 2), round(float(y), 2), int(k))
        for part in names
        for x, y, k in zip(*(arrays[name] for name in part), strict=True)
    )


def drawn(text: str) -> list[tuple[float, float, int]]:
    coordinates, labels = read_drawing(text)
    return sorted((x, y, k) for (x, y), k in zip(coordinates.tolist(), labels.tolist(), strict=True))


def test_an_empty_pad_asks_for_points_and_drawn_ones_are_learnt(page: OpenPage):
    visit = page()
    assert "pad" not in parts_of(visit)
    field(visit, "dataset", "selectbox").select("drawn").run()
    assert "Nothing is drawn yet" in unescaped(visit.warning[0].value)
    assert parts_of(visit)["pad"][1]["text"] == ""
    assert "panel" not in parts_of(visit)
    use(visit, TEXT)
    assert not visit.warning
    assert spec_of(visit)["drawing"] == parts_of(visit)["pad"][1]["text"] == TEXT
    assert points_of(visit) == drawn(TEXT)
    first = run_of(visit)
    use(visit, TEXT)
    assert run_of(visit).id == first.id, "the same points are no reason for a new run"
    use(visit, text_of(RING))
    assert "of one class" in unescaped(visit.warning[0].value)
    assert not visit.error
    use(visit, text_of(RING + MIDDLE[:5]))
    assert run_of(visit).id != first.id


def test_a_link_restores_the_drawing(page: OpenPage):
    visit = page(dataset="drawn", drawing=TEXT)
    assert points_of(visit) == drawn(TEXT)
    address = address_of(visit)
    assert (address["dataset"], address["drawing"]) == ("drawn", TEXT)
    again = page(**address)
    assert run_of(again).id == run_of(visit).id
    assert parts_of(again)["pad"][1]["text"] == TEXT
    assert TEXT[:9] not in run_words.title(run_of(visit)), "a name is for a person"


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "AAAA", "___", "A" * 3000])
def test_a_link_with_something_else_opens_an_empty_pad_and_says_so_once(page: OpenPage, text: str):
    visit = page(dataset="drawn", drawing=text)
    assert not visit.exception
    assert parts_of(visit)["pad"][1]["text"] == ""
    told = [unescaped(warning.value) for warning in visit.warning]
    assert sum("drawing" in sentence for sentence in told) <= 1
    assert any("Nothing is drawn yet" in sentence for sentence in told)


@pytest.mark.parametrize("told", [None, 7, {"a": 1}, "<script>", "A" * 5000, ["AAA"]])
def test_what_a_browser_tells_that_is_no_drawing_changes_nothing(page: OpenPage, told: object):
    visit = page(dataset="drawn", drawing=TEXT)
    run = run_of(visit)
    use(visit, told)
    assert run_of(visit).id == run.id
    assert parts_of(visit)["pad"][1]["text"] == TEXT


def test_one_goes_on_with_the_points_of_any_run_of_classes(page: OpenPage):
    visit = page(dataset="moons", samples="120", noise="0.1")
    before = points_of(visit)
    press(visit, "Draw on these points")
    assert not visit.warning
    assert spec_of(visit)["dataset"] == "drawn"
    assert points_of(visit) == before
    assert "Draw on these points" not in [button.label for button in visit.button]


def test_of_too_many_points_some_are_taken_and_of_a_table_they_are_made_to_fit(page: OpenPage):
    visit = page(dataset="blobs", samples="2000", classes="5")
    points_of(visit)
    press(visit, "Draw on these points")
    found = points_of(visit)
    assert MOST_POINTS * 0.9 < len(found) <= MOST_POINTS
    assert {label for *_, label in found} == {0, 1, 2, 3, 4}
    table = page(dataset="iris")
    assert max(abs(x) for x, *_ in points_of(table)) > 1.5
    press(table, "Draw on these points")
    found = points_of(table)
    assert len(found) == 150
    assert 1.3 < max(max(abs(x), abs(y)) for x, y, _ in found) <= 1.5


def test_numbers_cannot_be_drawn_and_the_page_says_so(page: OpenPage):
    visit = page(dataset="plane")
    points_of(visit)
    press(visit, "Draw on these points")
    assert "Only points of classes can be drawn on" in unescaped(visit.warning[0].value)
    assert spec_of(visit)["dataset"] == "plane"


def test_what_a_task_keeps_as_it_is_is_not_drawn_over(page: OpenPage):
    visit = page(dataset="moons", lock="dataset")
    assert "Draw on these points" not in [button.label for button in visit.button]
    visit = page(dataset="drawn", drawing=TEXT, lock="Data")
    assert points_of(visit) == drawn(TEXT)
    assert "pad" not in parts_of(visit)
