"""The step and the view of a link: what can be used is shown, and the rest is named in one notice."""

import pytest

from engine.labs.catalogue import LABS
from engine.runs.run import Run
from engine.spec import knobs
from pages.ui import house
from pages.ui.desk.address import PRESET, RUN
from pages.ui.links import STEP, VIEW, Look, read_look
from tests.pages.conftest import OpenPage
from tests.pages.test_playground import LAB, address_of, begin, panel_of, run_of, unescaped

PANELS = LAB.panels(LAB.spec())
TRAINED = Run("abc", "playground", "{}", "me", "paused", 120, "", 0, 0)


@pytest.mark.parametrize("lab", LABS.values(), ids=lambda lab: lab.name)
def test_no_setting_is_called_as_other_parts_of_a_link(lab):
    assert not {RUN, PRESET, STEP, VIEW} & {setting.name for setting in knobs(lab.spec)}


def test_a_view_and_a_step_come_back_as_they_went():
    address = {"step": "70", "view": "loss.log.smooth90.hide0.hide2*rate.log*score.smooth50"}
    look, told = read_look(PANELS, TRAINED, address)
    assert told == ""
    assert look.step == 70
    assert look.plots == {
        "loss": {"log": True, "smooth": 0.9, "hidden": [0, 2]},
        "rate": {"log": True},
        "score": {"smooth": 0.5},
    }
    assert look.to_link() == address
    assert look.of("another").step is None
    assert look.of("another").plots == look.plots


def test_what_is_chosen_in_a_panel_of_tiles_or_of_a_tensor_comes_back_as_it_went():
    panels = LABS["vision"].panels(LABS["vision"].spec())
    address = {"view": "maps.of2.scalenet*kernels.scalelayer*gradient-map.of1"}
    look, told = read_look(panels, TRAINED, address)
    assert told == ""
    assert look.plots == {
        "maps": {"of": 2, "scale": "net"},
        "kernels": {"scale": "layer"},
        "gradient-map": {"of": 1},
    }
    assert look.to_link() == address
    for strange in (
        "maps.of99",
        "maps.scaletile",
        "maps.log",
        "mistakes.scalenet",
        "gradient-map.scalenet",
        "loss.of0",
    ):
        assert strange in read_look(panels, TRAINED, {"view": strange})[1]


STEPS = {
    "-1": "the step -1",
    "abc": "the step abc",
    "1.5": "the step 1.5",
    "": "the step ,",
    "٣": "the step ٣",
    "9" * 400: f"the step {'9' * 40}",
    "121": "step 121, for this run is at step 120",
}


@pytest.mark.parametrize("step", STEPS)
def test_a_bad_step_is_named_and_left_out(step: str):
    look, told = read_look(PANELS, TRAINED, {"step": step, "view": "loss.log"})
    assert (look.step, look.view) == (None, "loss.log")
    assert STEPS[step] in told
    assert len(told) < 200


VIEWS = (
    "kitchen.log",
    "network.log",
    "loss.smooth0",
    "loss.smooth100",
    "loss.hide99",
    "score.log",
    "loss",
    ".",
    "<b>.log",
)


@pytest.mark.parametrize("view", VIEWS)
def test_a_bad_view_is_named_and_the_rest_is_used(view: str):
    look, told = read_look(PANELS, TRAINED, {"step": "5", "view": f"{view}*rate.log"})
    assert (look.step, look.view) == (5, "rate.log")
    assert told.startswith("Ignored in this link, for this lab has no such view: ")


def test_a_view_without_end_is_cut():
    _, told = read_look(PANELS, TRAINED, {"view": "*".join(["nothing.log"] * 10_000)})
    assert len(told) < 500


def test_a_link_shows_its_step_and_keeps_it(page: OpenPage):
    run = begin(page())
    visit = page(run=run.id, step="0", view="loss.log")
    assert panel_of(visit)["look"] == {"step": 0, "plots": {"loss": {"log": True}}}
    assert not visit.warning
    assert (address_of(visit)["step"], address_of(visit)["view"]) == ("0", "loss.log")
    visit.run()
    assert panel_of(visit)["look"]["step"] == 0, "a refresh is to show the same"


def test_a_step_of_another_run_is_forgotten(page: OpenPage):
    run = begin(page())
    visit = page(run=run.id, step="1", view="loss.log")
    next(box for box in visit.selectbox if str(box.key).endswith(".dataset")).select("xor").run()
    assert run_of(visit).id != run.id
    assert panel_of(visit)["look"] == {"step": None, "plots": {"loss": {"log": True}}}
    assert "step" not in address_of(visit)


def test_bad_parts_of_a_link_are_named_in_one_notice(page: OpenPage):
    run = begin(page())
    visit = page(run=run.id, step="77", view="kitchen.log")
    (warning,) = visit.warning
    assert "step 77, for this run is at step 1." in unescaped(warning.value)
    assert "no such view: kitchen.log." in unescaped(warning.value)
    assert run_of(visit).id == run.id
    assert panel_of(visit)["look"] == {"step": None, "plots": {}}
    assert not {"step", "view"} & address_of(visit).keys()
    visit = page(run="gone", step="3")
    (warning,) = visit.warning
    assert "no longer here" in unescaped(warning.value)
    assert "The step of this link is of another run" in unescaped(warning.value)
    assert house.hub().get(address_of(visit)["run"]).state == "ready"


def test_nothing_asked_is_nothing_written():
    assert Look().to_link() == {}
