"""The page of Sequences: its form, its run, its panels, seen by Streamlit's own test runner, with real workers."""

import json

import pytest

from engine.labs.catalogue import LABS
from pages.ui import house
from tests.pages.conftest import OpenPage
from tests.pages.test_playground import address_of, begin, eventually, field, panel_of, run_of, spec_of

LAB = LABS["sequences"]


def test_the_page_opens_with_a_run_that_waits(page: OpenPage) -> None:
    visit = page("sequences.py")
    assert visit.title[0].value == "Sequences"
    run = run_of(visit)
    assert (run.lab, run.state) == ("sequences", "ready")
    assert spec_of(visit) == json.loads(LAB.spec().to_json())
    assert [panel["id"] for panel in panel_of(visit)["panels"]] == [panel.id for panel in LAB.panels(LAB.spec())]
    assert panel_of(visit)["panels"][0]["kind"] == "type"


def test_what_is_learnt_decides_what_is_asked_and_shown(page: OpenPage) -> None:
    visit = page("sequences.py")
    field(visit, "sequences", "selectbox").set_value("mixed").run()
    assert address_of(visit)["sequences"] == "mixed"
    assert {"wave", "forecast-errors"} <= {panel["id"] for panel in panel_of(visit)["panels"]}
    keys = {widget.key.split(".")[-1] for widget in visit.slider if widget.key}
    assert "noise" in keys
    field(visit, "sequences", "selectbox").set_value("copying").run()
    assert "arriving" in {panel["id"] for panel in panel_of(visit)["panels"]}
    assert "noise" not in {widget.key.split(".")[-1] for widget in visit.slider if widget.key}


def test_settings_that_do_not_fit_are_refused_in_the_words_of_the_form(page: OpenPage) -> None:
    visit = page("sequences.py", bidirectional="true")
    before = run_of(visit)
    field(visit, "sequences", "selectbox").set_value("sine").run()
    assert "From both ends" in visit.error[0].value
    assert "expected off for waves" in visit.error[0].value
    assert run_of(visit).id == before.id


@pytest.mark.parametrize(("name", "value"), [("clip", "0.5"), ("example", "3")])
def test_clipping_and_the_sequence_looked_at_change_while_it_runs(page: OpenPage, name: str, value: str) -> None:
    visit = page("sequences.py", samples="200")
    run = begin(visit)
    house.hub().command(run.id, "set", f"{name}={value}")
    eventually(lambda: house.hub().settings(run.id).get(name) == value)
    house.hub().command(run.id, "step")
    eventually(lambda: house.hub().get(run.id).step >= 2)
    eventually(lambda: house.hub().get(run.id).state == "paused")


def test_a_link_restores_it_and_a_bad_one_is_told(page: OpenPage) -> None:
    visit = page("sequences.py", sequences="adding", length="20", cell="gru")
    assert (spec_of(visit)["sequences"], spec_of(visit)["length"], spec_of(visit)["cell"]) == ("adding", 20, "gru")
    other = page("sequences.py", sequences="minds", units="9999")
    assert spec_of(other) == json.loads(LAB.spec().to_json())
    assert "sequences" in other.warning[0].value
