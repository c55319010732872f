"""The map of words, Python's side: what the browser is given, what of its answers is believed, what a link says."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.testing.v1 import AppTest

from engine.errors import DataError
from pages.ui.rights import viewer
from pages.ui.words.map_look import MOST_CHOSEN, MOST_TEXT, MapLook
from pages.ui.words.map_scores import Score, offered
from pages.ui.words.pointmap import MOST_ROWS, Choice, choice_of

KEY = "0123456789abcdef"
GOOD = {"map": KEY, "count": 3, "rows": [4, 0, 9]}


def page(key: str, heard: list) -> None:
    """Show a map as a page does."""
    import numpy as np

    from pages.ui.words.map_look import MapLook
    from pages.ui.words.map_scores import Score
    from pages.ui.words.pointmap import point_map

    point_map(
        key,
        person="session-a",
        title="A map",
        key="the.map",
        look=MapLook(word="king"),
        scores=[Score("axis", np.arange(3.0), "he", "she", 1.0)],
        actions={"map": "Map these"},
        state="going",
        cancellable=True,
        on_select=heard.append,
        on_act=heard.append,
        on_look=heard.append,
        on_done=lambda: heard.append("done"),
        on_cancel=lambda: heard.append("cancel"),
    )


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LEARNSCOPE_HOME", str(tmp_path))
    return tmp_path


def opened(key: str = KEY) -> tuple[AppTest, list[Any]]:
    heard: list[Any] = []
    visit = AppTest.from_function(page, kwargs={"key": key, "heard": heard}, default_timeout=30).run()
    assert not visit.exception
    return visit, heard


def given_to(visit: AppTest) -> dict[str, Any]:
    return json.loads(visit.get("bidi_component")[0].proto.json)


def tell(visit: AppTest, event: str, value: object) -> None:
    """Run the page as when the browser tells it something."""
    states = visit._tree.get_widget_states()
    trigger = states.widgets.add()
    trigger.id = _make_trigger_id(visit.get("bidi_component")[0].proto.id, "events")
    trigger.json_trigger_value = json.dumps([{"event": event, "value": value}])
    visit._run(states)
    assert not visit.exception


def test_the_browser_is_given_a_right_and_the_same_each_time(home: Path) -> None:
    visit, _ = opened()
    data = given_to(visit)
    assert viewer(data["token"], KEY, {})
    assert data["map"] == KEY
    assert data["look"] == {"view": None, "word": "king", "colour": "", "chosen": []}
    assert data["actions"] == {"map": "Map these"}
    assert [(score["name"], score["low"], score["middle"]) for score in data["scores"]] == [("axis", "he", 1.0)]
    assert data["cancellable"] is True
    assert str(home) not in json.dumps(data)
    before = visit.get("bidi_component")[0].proto.json
    visit.run()
    assert visit.get("bidi_component")[0].proto.json == before


@pytest.mark.parametrize("key", ["", "../../etc", "0123", "0123456789ABCDEF"])
def test_without_a_map_there_is_none_and_no_right(home: Path, key: str) -> None:
    data = given_to(opened(key)[0])
    assert (data["map"], data["token"], data["scores"]) == ("", "", [])
    assert not (home / "maps").exists()


def test_what_the_browser_tells_is_passed_on(home: Path) -> None:
    visit, heard = opened()
    tell(visit, "select", GOOD)
    tell(visit, "act", {**GOOD, "action": "map"})
    tell(visit, "look", {"map": KEY, "view": [1, 2, 0, 3, 0, 0], "word": "queen", "colour": "kept", "chosen": ["a"]})
    tell(visit, "done", KEY)
    tell(visit, "cancel", KEY)
    assert heard == [
        Choice(KEY, 3, (4, 0, 9)),
        Choice(KEY, 3, (4, 0, 9), "map"),
        MapLook((1, 2, 0, 3, 0, 0), "queen", "kept", ("a",)),
        "done",
        "cancel",
    ]


def test_what_is_told_of_another_map_or_makes_no_sense_is_not(home: Path) -> None:
    visit, heard = opened()
    for event, value in (
        ("select", {**GOOD, "map": "f" * 16}),
        ("select", "rows"),
        ("act", {**GOOD, "action": "drop tables"}),
        ("look", {"map": "f" * 16, "word": "queen"}),
        ("look", ["a"]),
        ("done", "f" * 16),
        ("cancel", {"map": KEY}),
    ):
        tell(visit, event, value)
    assert heard == []


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {**GOOD, "map": 3},
        {**GOOD, "count": 2},
        {**GOOD, "count": "3"},
        {**GOOD, "count": True},
        {**GOOD, "rows": "4 0 9"},
        {**GOOD, "rows": [4, -1]},
        {**GOOD, "rows": [4, 1.5]},
        {**GOOD, "rows": [True, False]},
        {**GOOD, "rows": [2**40]},
        {**GOOD, "rows": [[1]]},
        {**GOOD, "count": MOST_ROWS + 1, "rows": [0] * (MOST_ROWS + 1)},
        {**GOOD, "action": ["map"]},
        {**GOOD, "action": "x" * 65},
    ],
)
def test_a_choice_that_makes_no_sense_is_none(value: object) -> None:
    assert choice_of(value) is None


def test_a_choice_may_name_fewer_rows_than_there_are_words() -> None:
    assert choice_of({**GOOD, "count": 90_000}) == Choice(KEY, 90_000, (4, 0, 9))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=7) | st.dictionaries(st.text(max_size=6), inner, max_size=5),
    max_leaves=12,
)


@given(JSON | st.fixed_dictionaries({"view": JSON, "word": JSON, "colour": JSON, "chosen": JSON}))
def test_a_look_is_read_out_of_anything(value: object) -> None:
    look = MapLook.of_browser(value)
    assert MapLook.of_browser(look.to_json()) == look
    assert MapLook.of_link(look.to_link()) == look
    assert len(look.to_link()) <= MOST_TEXT


@given(st.text())
def test_a_link_is_read_out_of_any_text(text: str) -> None:
    assert isinstance(MapLook.of_link(text), MapLook)


@pytest.mark.parametrize(
    "text",
    [
        *("[" * 5000, "{" * 9000, "1e999", "NaN", '{"view":[NaN,0,0,1,0,0]}', '{"view":[1e308,0,0,1,0,0]}'),
        *(f'{{"view":[{"9" * digits},0,0,1,0,0]}}' for digits in (10, 400, 5_000)),
    ],
)
def test_a_link_that_is_no_look_is_the_look_that_a_map_begins_with(text: str) -> None:
    assert MapLook.of_link(text) == MapLook()


def test_a_link_of_many_long_words_stays_short() -> None:
    look = MapLook(None, "a", "kept", tuple("wörd" * 20 + str(n) for n in range(MOST_CHOSEN)))
    assert MOST_TEXT / 2 < len(look.to_link()) <= MOST_TEXT
    again = MapLook.of_link(look.to_link())
    assert again.chosen == look.chosen[: len(again.chosen)] != ()
    assert MapLook().to_link() == ""


@pytest.mark.parametrize("values", [np.zeros((3, 2)), np.array(["a"]), np.array(3.0), [[1], [2]]])
def test_a_score_that_is_no_row_of_numbers_is_refused(home: Path, values: Any) -> None:
    with pytest.raises(DataError, match="one number for each word"):
        offered(KEY, [Score("bad", values)])


def test_where_no_score_can_be_written_the_page_goes_on(home: Path) -> None:
    (home / "maps").write_text("a file in the way")
    assert offered(KEY, [Score("axis", np.zeros(3))])[0]["name"] == "axis"
