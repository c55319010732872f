"""The playground page: its form, its run, its link, seen by Streamlit's own test runner with real workers behind it."""

import json
import time
from collections.abc import Callable

import pytest
from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.testing.v1 import AppTest

from engine.labs.catalogue import LABS
from engine.runs.run import Run
from pages.ui import house
from pages.ui.desk.slot import Desk
from tests.browser import PATIENCE
from tests.pages.conftest import OpenPage

LAB = LABS["playground"]


def address_of(visit: AppTest) -> dict[str, str]:
    """Return the page's query parameters; those that the test set are text, those that the page set are lists."""
    return {name: value if isinstance(value, str) else value[0] for name, value in visit.query_params.items()}


def run_of(visit: AppTest) -> Run:
    assert not visit.exception, visit.exception
    assert "run" in visit.query_params, [warning.value for warning in visit.warning]
    return house.hub().get(address_of(visit)["run"])


def spec_of(visit: AppTest) -> dict:
    return json.loads(run_of(visit).spec)


def panel_of(visit: AppTest) -> dict:
    """Return what the live panel was given."""
    (panel,) = visit.get("bidi_component")
    return json.loads(panel.proto.json)


def eventually(holds: Callable[[], bool], seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "It did not happen in time."
        time.sleep(0.02)


def begin(visit: AppTest) -> Run:
    """Train a run for one step, as the live panel would."""
    run = run_of(visit)
    house.hub().command(run.id, "step")
    eventually(lambda: house.hub().get(run.id).state == "paused")
    return run


def field(visit: AppTest, name: str, kind: str):
    """Return the widget of a setting."""
    return next(w for w in getattr(visit, kind) if w.key and w.key.split(".")[-1] == name)


def test_the_page_opens_with_a_run_that_waits(page: OpenPage):
    visit = page()
    assert visit.title[0].value == "Playground"
    run = run_of(visit)
    assert (run.lab, run.state) == ("playground", "ready")
    assert spec_of(visit) == json.loads(LAB.spec().to_json())
    panel = panel_of(visit)
    assert [(right["run"], right["control"]) for right in panel["runs"]] == [(run.id, True)]
    assert panel["base"] == "/live"
    assert [p["id"] for p in panel["panels"]] == [p.id for p in LAB.panels(LAB.spec())]
    assert panel["learning_rate"] == {"low": 1e-5, "high": 10}


def test_a_rerun_leaves_the_panel_as_it_is(page: OpenPage):
    visit = page()
    before = visit.get("bidi_component")[0].proto.json
    visit.run()
    assert visit.get("bidi_component")[0].proto.json == before


def test_another_setting_opens_another_run(page: OpenPage):
    visit = page()
    first = run_of(visit)
    field(visit, "dataset", "selectbox").select("xor").run()
    second = run_of(visit)
    assert second.id != first.id
    assert spec_of(visit)["dataset"] == "xor"
    assert address_of(visit)["dataset"] == "xor"
    field(visit, "dataset", "selectbox").select("spiral").run()
    assert "dataset" not in address_of(visit)


def test_the_run_that_is_left_is_ended(page: OpenPage):
    visit = page()
    first = begin(visit)
    field(visit, "dataset", "selectbox").select("xor").run()
    eventually(lambda: house.hub().get(first.id).state == "stopped")


def test_a_live_setting_changes_a_run_that_has_begun(page: OpenPage):
    visit = page()
    run = begin(visit)
    field(visit, "learning_rate", "select_slider").set_value(0.1).run()
    assert run_of(visit).id == run.id
    assert house.hub().get(run.id).state == "paused"
    assert address_of(visit)["learning_rate"] == "0.1"
    field(visit, "frozen", "button_group").set_value(["1", "output"]).run()
    assert run_of(visit).id == run.id
    assert address_of(visit)["frozen"] == "1,output"
    eventually(lambda: house.hub().settings(run.id).get("frozen") == "1,output")
    # And of a run that has not begun it makes another one, which begins with it.
    visit = page()
    ready = run_of(visit)
    field(visit, "learning_rate", "select_slider").set_value(0.1).run()
    assert run_of(visit).id != ready.id
    assert spec_of(visit)["learning_rate"] == 0.1


def test_new_weights_is_the_next_seed(page: OpenPage):
    visit = page()
    first = run_of(visit)
    next(button for button in visit.button if button.label == "New weights").click().run()
    assert run_of(visit).id != first.id
    assert spec_of(visit)["seed"] == LAB.spec().seed + 1
    assert address_of(visit)["seed"] == str(LAB.spec().seed + 1)


def test_layers_and_units(page: OpenPage):
    visit = page(units="3,5")
    assert [w.value for w in visit.number_input if ".units." in str(w.key)] == [3, 5]
    field(visit, "count", "slider").set_value(3).run()
    assert spec_of(visit)["units"] == [3, 5, 5]
    field(visit, "0", "number_input").set_value(7).run()
    assert spec_of(visit)["units"] == [7, 5, 5]
    field(visit, "count", "slider").set_value(0).run()
    assert spec_of(visit)["units"] == []
    assert address_of(visit)["units"] == ""


def test_only_settings_that_matter_are_shown(page: OpenPage):
    visit = page()
    keys = {
        widget.key.split(".")[-1] for kind in ("selectbox", "slider", "number_input") for widget in getattr(visit, kind)
    }
    assert "noise" in keys
    assert not keys & {"initial_sd", "momentum", "classes", "column_x", "schedule", "upload"}
    field(visit, "initialisation", "selectbox").select("normal").run()
    assert field(visit, "initial_sd", "number_input").value == 0.1
    next(toggle for toggle in visit.toggle if toggle.key.endswith(".all")).set_value(True).run()
    assert field(visit, "schedule", "selectbox").value == "constant"


def test_a_setting_that_was_hidden_is_remembered(page: OpenPage):
    visit = page(noise="0.5")
    field(visit, "dataset", "selectbox").select("iris").run()
    field(visit, "dataset", "selectbox").select("moons").run()
    assert spec_of(visit)["noise"] == 0.5
    assert field(visit, "noise", "slider").value == 0.5


def unescaped(text: str) -> str:
    """Return a text as one reads it: without what keeps Markdown from making something of it."""
    return text.replace("\\", "").replace("\u2060", "")


def test_what_does_not_go_together_is_told_and_changes_nothing(page: OpenPage):
    visit = page(normalisation="batch")
    run = run_of(visit)
    field(visit, "batch_size", "number_input").set_value(1).run()
    (error,) = visit.error
    assert error in visit.main.error  # the side bar is closed on a phone
    assert unescaped(error.value).startswith("Batch size: expected 2 or more with the normalisation Batch norm")
    assert "The run shown is of the last settings that fit together." in unescaped(error.value)
    assert run_of(visit).id == run.id
    field(visit, "batch_size", "number_input").set_value(2).run()
    assert not visit.error
    assert spec_of(visit)["batch_size"] == 2


def test_no_input_at_all_is_told_in_the_words_of_the_form(page: OpenPage):
    visit = page()
    field(visit, "features", "button_group").set_value([]).run()
    assert unescaped(visit.error[0].value).startswith("Inputs: expected some of x, y, x², ")


def test_only_inputs_that_the_points_have_are_offered_and_the_others_come_back(page: OpenPage):
    visit = page(features="y,x2,x")
    field(visit, "dataset", "selectbox").select("line").run()
    inputs = field(visit, "features", "button_group")
    assert inputs.options == ["x", "x²", "sin πx"]
    assert set(inputs.value) == {"x", "x2"}
    assert spec_of(visit)["features"] == ["y", "x2", "x"]
    inputs.set_value(["x"]).run()
    assert not visit.error
    assert spec_of(visit)["features"] == ["x", "y"]
    field(visit, "dataset", "selectbox").select("circle").run()
    assert list(field(visit, "features", "button_group").value) == ["x", "y"]
    assert spec_of(visit)["features"] == ["x", "y"]


def test_only_losses_that_fit_are_offered(page: OpenPage):
    visit = page(dataset="circle", loss="logistic")
    assert field(visit, "loss", "selectbox").options == [
        "Fitting the problem",
        "Squared error",
        "Logistic",
        "Hinge",
    ]
    field(visit, "dataset", "selectbox").select("plane").run()
    assert not visit.error
    assert (spec_of(visit)["dataset"], spec_of(visit)["loss"]) == ("plane", "auto")
    assert field(visit, "loss", "selectbox").value == "auto"
    assert field(visit, "loss", "selectbox").options[1:] == ["Squared error", "Absolute error", "Huber"]
    (note,) = visit.main.info
    assert unescaped(note.value) == "Loss is back at Fitting the problem: Logistic does not fit the other settings."
    visit.run()
    assert not visit.main.info


def test_a_column_of_another_table_is_left_behind(page: OpenPage):
    visit = page(dataset="iris", inputs_from="columns", column_x="petal width (cm)")
    field(visit, "dataset", "selectbox").select("wine").run()
    assert (spec_of(visit)["dataset"], spec_of(visit)["column_x"]) == ("wine", "")
    assert not visit.warning
    (note,) = visit.main.info
    assert unescaped(note.value).startswith("Column along x is back at Automatic: petal width (cm) does not fit")


def test_a_watcher_can_make_a_copy(page: OpenPage):
    owner = page(dataset="moons")
    run = begin(owner)
    watcher = page(run=run.id)
    assert not [button for button in owner.button if "copy" in button.label]
    next(button for button in watcher.button if "copy" in button.label).click().run()
    copied = run_of(watcher)
    assert copied.id != run.id
    assert copied.spec == run.spec
    assert panel_of(watcher)["runs"][0]["control"] is True
    assert house.hub().get(run.id).live


def test_a_copy_has_the_learning_rate_that_the_run_has_now(page: OpenPage):
    run = begin(page())
    watcher = page(run=run.id)
    house.hub().command(run.id, "set", "learning_rate=0.0123")
    eventually(lambda: house.hub().settings(run.id).get("learning_rate") == "0.0123")
    next(button for button in watcher.button if "copy" in button.label).click().run()
    assert spec_of(watcher)["learning_rate"] == 0.0123
    assert field(watcher, "learning_rate", "select_slider").value == 0.0123


SET = {"settings": {"learning_rate": "0.0123"}}


def tell(visit: AppTest, event: str, told: object) -> Desk:
    """Run the page as when the live panel tells it something, and return the visitor's desk."""
    states = visit._tree.get_widget_states()
    (panel,) = visit.get("bidi_component")
    trigger = states.widgets.add()
    trigger.id = _make_trigger_id(panel.proto.id, "events")
    trigger.json_trigger_value = json.dumps([{"event": event, "value": told}])
    visit._run(states)
    assert not visit.exception
    return visit.session_state["learnscope.desk.playground"]


def test_a_rate_set_in_the_panel_is_the_one_everywhere(page: OpenPage):
    visit = page()
    run = begin(visit)
    tell(visit, "set", {"run": run.id, **SET})
    assert run_of(visit).id == run.id
    assert field(visit, "learning_rate", "select_slider").value == 0.0123
    assert address_of(visit)["learning_rate"] == "0.0123"
    next(button for button in visit.button if button.label == "New weights").click().run()
    assert spec_of(visit)["learning_rate"] == 0.0123
    # And the form has the last word again.
    field(visit, "learning_rate", "select_slider").set_value(0.1).run()
    assert field(visit, "learning_rate", "select_slider").value == 0.1
    assert spec_of(visit)["learning_rate"] == 0.1


@pytest.mark.parametrize(
    "told",
    [
        None,
        "learning_rate=1",
        {"run": "another", **SET},
        {"run": True, "settings": {"seed": "7"}},
        {"run": True, "settings": {"learning_rate": "-1"}},
        {"run": True, "settings": {"learning_rate": "nan"}},
        {"run": True, "settings": {"learning_rate": "9" * 5_000}},
        {"run": True, "settings": {"learning_rate": ["1"]}},
        {"run": True, "settings": {"__class__": "1"}},
        {"run": True, "settings": "learning_rate=1"},
        {"run": True, "settings": [["learning_rate", "1"]]},
    ],
    ids=lambda told: str(told)[:40],
)
def test_what_the_panel_may_not_say_changes_nothing(page: OpenPage, told: object):
    visit = page()
    run = run_of(visit)
    if isinstance(told, dict) and told["run"] is True:
        told = {**told, "run": run.id}
    here = tell(visit, "set", told)
    assert tell(visit, "again", told) is here
    assert (here.spec, here.run) == (LAB.spec(), run.id)


def test_who_watches_sets_nothing_and_begins_nothing(page: OpenPage):
    run = begin(page())
    house.hub().command(run.id, "stop")
    eventually(lambda: not house.hub().get(run.id).live)
    watcher = page(run=run.id)
    here = tell(watcher, "set", {"run": run.id, **SET})
    tell(watcher, "again", {"run": run.id})
    assert (here.spec, here.run) == (LAB.spec(), run.id)


def test_a_run_that_is_over_can_be_had_again(page: OpenPage):
    visit = page(dataset="xor", seed="5")
    run = begin(visit)
    tell(visit, "again", {"run": run.id})
    assert run_of(visit).id == run.id, "it is not over yet"
    house.hub().command(run.id, "stop")
    eventually(lambda: not house.hub().get(run.id).live)
    tell(visit, "again", {"run": run.id})
    assert run_of(visit).id != run.id
    assert run_of(visit).spec == run.spec
    eventually(lambda: run_of(visit).state == "ready")


def test_what_a_watcher_changes_leaves_the_run_alone(page: OpenPage):
    owner = page()
    run = begin(owner)
    watcher = page(run=run.id)
    field(watcher, "learning_rate", "select_slider").set_value(0.1).run()
    assert run_of(watcher).id != run.id
    assert house.hub().get(run.id).live


def test_a_table_is_asked_for_before_there_is_a_run(page: OpenPage):
    visit = page(dataset="csv")
    assert not visit.exception
    assert "No table" in visit.warning[0].value
    assert "open it with »" in visit.warning[0].value
    assert not visit.get("bidi_component")
    assert "run" not in address_of(visit)
    field(visit, "dataset", "selectbox").select("moons").run()
    assert run_of(visit).state == "ready"


def test_the_page_can_be_left_and_come_back_to(page: OpenPage):
    visit = page(noise="0.3")
    run = run_of(visit)
    visit.switch_page("home.py").run()
    assert not visit.exception
    visit.query_params.clear()
    visit.switch_page("playground.py").run()
    assert run_of(visit).id == run.id
    assert address_of(visit)["noise"] == "0.3"
    assert field(visit, "noise", "slider").value == 0.3
