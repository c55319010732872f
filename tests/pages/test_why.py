"""Why, on the page of Vision: the net of a run is asked as it was at a step, and what it answers can be read there."""

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine.errors import RunError
from engine.jobs.arrays import unpacked
from engine.labs.vision import VisionSpec
from engine.labs.vision_experiment import VisionExperiment
from engine.labs.vision_units import patches
from engine.labs.vision_why import pixels
from engine.labs.why_spec import METHODS, PixelsSpec, UnitSpec
from engine.runs import standing
from engine.runs.changes import changes_until
from engine.runs.run import Run
from engine.runs.why import asked
from engine.runs.why_work import pixels as carry_out
from engine.words.learnt import mark_of
from pages.ui import house, why_room
from pages.ui.person import person
from pages.ui.why_room import whys
from pages.ui.words import room
from tests.hostile import images
from tests.pages.conftest import OpenPage
from tests.pages.test_learnt import command
from tests.pages.test_own_texts import press
from tests.pages.test_playground import eventually, run_of
from tests.pages.waiting import told, until

pytestmark = pytest.mark.usefixtures("one_thread")
SMALL = {"images": "drawn_digits", "samples": "200", "hide": "note"}
OPEN = "vision.why"


@pytest.fixture(scope="module", autouse=True)
def asking(own_hub: Path) -> Iterator[None]:
    why_room.close()  # who answers is started with the home and the database of this test
    yield
    why_room.close()


def opened(page: OpenPage, steps: int = 0, **address: str) -> AppTest:
    """Open the page, train for some steps, and open the section."""
    visit = page("vision.py", **{**SMALL, **address})
    run = run_of(visit)
    for step in range(1, steps + 1):
        command(run, "step", lambda now, step=step: now.step == step)
    visit.session_state[OPEN] = True
    return visit.run()


def answered(visit: AppTest) -> AppTest:
    return until(visit, lambda: not visit.get("progress") and any("The net at step" in one for one in words(visit)))


def words(visit: AppTest) -> list[str]:
    return [one.value for one in (*visit.markdown, *visit.caption)]


def said(visit: AppTest) -> str:
    return " | ".join(words(visit)).replace("\\", "")


def html(visit: AppTest) -> str:
    return " ".join(one.proto.body for one in visit.get("html"))


def choose(visit: AppTest, view: str) -> AppTest:
    visit.session_state["vision.why.view"] = view
    return visit.run()


def drained(work: Any) -> Mapping[str, Any]:
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value


def result(run: Run, step: int) -> Mapping[str, Any]:
    """Return what the net of a run answers to the first image, asked as the page asks it."""
    order = asked("pixels", run, step, house.hub().changes(run.id), PixelsSpec(), image=0, target="told")
    whys().ask(order, person())
    eventually(lambda: not (course := whys().course(order)) or not course.live, 60)
    course = whys().course(order)
    assert course is not None
    assert course.result is not None, course.message
    return course.result


def stood(run: Run, step: int, rate: float | None = None, since: int = 0) -> VisionExperiment:
    """Return an experiment that stands where the run does; ``rate`` is the learning rate that it was given there."""
    experiment = VisionExperiment(VisionSpec.from_json(run.spec))
    for at in islice(experiment.steps(), step + 1):
        if rate is not None and at.number == since:
            experiment.set("learning_rate", str(rate))
    return experiment


def test_nothing_is_asked_before_it_is_opened_and_then_the_net_at_the_step_shown(page: OpenPage):
    visit = page("vision.py", **SMALL)
    assert "What makes the net say so?" not in said(visit)
    visit = answered(opened(page, 3, image="7"))
    run = run_of(visit)
    whole = drained(pixels(stood(run, 3), 7, "told", PixelsSpec()))
    assert "The net at step **3**" in said(visit)
    names, shares = whole["classes"], whole["probabilities"]
    assert f"It is {names[whole['label']]}. The net predicts **{names[int(np.argmax(shares))]} (" in said(visit)
    for method in METHODS.values():
        assert f":small[**{method.title}**]" in [one.value for one in visit.markdown]
    numbers = whole["completeness"]
    for number in (numbers["picture"], numbers["baseline"], numbers["sum"], numbers["gap"]):
        assert f">{number:.4f}<".replace("-", "−") in html(visit)
    saliency = unpacked(whole["maps"]["saliency"])
    assert f"0 to {saliency.max():.3g}" in said(visit)
    assert len(visit.get("plotly_chart")) == 1 + len(METHODS)


def test_another_image_and_another_class_are_asked_about(page: OpenPage):
    visit = answered(opened(page, 1))
    run = run_of(visit)
    next(one for one in visit.number_input if one.label == "Image held out").set_value(11)
    next(one for one in visit.selectbox if one.label == "Why does it say").set_value("4").run()
    answered(visit)
    whole = drained(pixels(stood(run, 1), 11, "4", PixelsSpec()))
    assert "What speaks for **4**?" in said(visit)
    assert "Image 11 of 50 held out" in said(visit)
    assert f">{whole['completeness']['picture']:.4f}<".replace("-", "−") in html(visit)


def test_an_image_that_is_told_wrongly_is_asked_about_by_a_click(page: OpenPage):
    visit = answered(opened(page, 2))
    run = run_of(visit)
    whole = drained(pixels(stood(run, 2), 0, "told", PixelsSpec()))
    number, label, so = whole["wrong"][0]
    press(visit, f"{number}: {whole['classes'][label]}, predicted {whole['classes'][so]}")
    answered(visit)
    assert f"It is {whole['classes'][label]}. The net predicts **{whole['classes'][so]} (" in said(visit)
    assert f"Image {number} of 50 held out" in said(visit)


def test_an_earlier_step_is_asked_where_one_looks_at_it_and_the_newest_when_that_is_wanted(page: OpenPage):
    visit = answered(opened(page, 2))
    run = run_of(visit)
    command(run, "step", lambda now: now.step == 3)
    answered(visit.run())
    assert "The net at step **2**" in said(visit)
    press(visit, "Ask the newest")
    answered(visit)
    assert "The net at step **3**" in said(visit)
    again = page("vision.py", run=run.id, step="1", hide="note")
    again.session_state[OPEN] = True
    answered(again.run())
    assert "The net at step **1**" in said(again)
    assert next(one for one in again.button if one.label == "Ask the newest").disabled


def test_a_net_is_asked_as_it_stood_whatever_was_changed_on_the_way(page: OpenPage):
    """Through a rate that was changed while it learnt, from a checkpoint some steps before."""
    visit = opened(page, 2)
    run, hub = run_of(visit), house.hub()
    hub.command(run.id, "set", "learning_rate=0.2")
    eventually(lambda: bool(hub.changes(run.id)))
    command(run, "epoch", lambda now: now.step > 4)
    expected = drained(pixels(stood(run, 4, 0.2, 2), 0, "told", PixelsSpec()))
    assert result(run, 4)["logits"] == pytest.approx(expected["logits"], abs=1e-6)
    without = drained(pixels(stood(run, 4), 0, "told", PixelsSpec()))
    assert without["logits"] != pytest.approx(expected["logits"], abs=1e-3)


def test_after_a_reset_a_step_is_asked_that_was_come_to_by_another_way(page: OpenPage):
    visit = opened(page, 3)
    run, hub = run_of(visit), house.hub()
    before = result(run, 3)["logits"]
    hub.command(run.id, "reset")
    eventually(lambda: hub.get(run.id).step == 0)
    hub.command(run.id, "set", "learning_rate=0.2")
    eventually(lambda: bool(hub.changes(run.id)))
    for step in (1, 2, 3):
        command(run, "step", lambda now, step=step: now.step == step)
    expected = drained(pixels(stood(run, 3, 0.2, 0), 0, "told", PixelsSpec()))
    assert result(run, 3)["logits"] == pytest.approx(expected["logits"], abs=1e-6)
    assert before != pytest.approx(expected["logits"], abs=1e-3)


def test_what_was_changed_and_is_not_recorded_is_told(page: OpenPage, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(standing, "WAITED_SECONDS", 0.1)
    run = run_of(opened(page, 1))
    changes = [(0, "learning_rate", "0.5")]
    order = asked("pixels", run, 1, changes, PixelsSpec(), image=0, target="told")
    assert mark_of(changes_until(changes, 1)) in order.arguments
    with pytest.raises(RunError, match="This run has been changed since"):
        drained(carry_out(json.loads(order.arguments)))


@pytest.mark.parametrize("net", ["softmax", "inception"])
def test_every_view_answers_for_other_nets_too(page: OpenPage, net: str):
    visit = answered(opened(page, 0, net=net, layers="conv 3 3 stride 2, norm, tanh, dense 6, relu"))
    assert ("It asks the maps of a convolution, and this net has none." in said(visit)) == (net == "softmax")
    answered(choose(visit, "Where it forgets"))
    assert "How alike each map is to that of the net as it learnt" in said(visit)
    answered(choose(visit, "What excites a unit"))
    until(visit, lambda: "An input that is made to excite it" in said(visit))
    assert not visit.exception


def test_coloured_images_of_ones_own_are_asked_about(page: OpenPage, own_hub: Path):
    room.close()  # who reads them is started with this home
    shades = {"a-b": 40, "[c](d)": 200}
    shown = {
        f"{name}/{n}.png": images.picture(shade + n, mode="RGB") for name, shade in shades.items() for n in range(12)
    }
    brought = images.keep(own_hub, {"m.zip": images.archive(shown)}, "someone")
    own = {"images": "own", "own_images": brought, "own_side": "16", "own_colour": "colour"}
    visit = page("vision.py", hide="note", net="own", layers="conv 3 3, relu", **own)
    until(visit, lambda: visit.query_params.get("run"))
    visit.session_state[OPEN] = True
    answered(visit.run())
    assert "What speaks for **" in said(visit)
    assert "sum of a-b for the picture" in html(visit) or "sum of [c](d) for the picture" in html(visit)
    assert visit.get("plotly_chart")[0].proto.spec.count('"type":"image"') == 1
    answered(choose(visit, "What excites a unit"))
    until(visit, lambda: "An input that is made to excite it" in said(visit))
    room.close()


def test_patches_are_those_of_the_training_images_and_a_unit_that_is_not_there_is_told(page: OpenPage):
    visit = answered(choose(opened(page, 2), "What excites a unit"))
    until(visit, lambda: "An input that is made to excite it" in said(visit))
    run = run_of(visit)
    whole = drained(patches(stood(run, 2), "features.c1", UnitSpec()))
    values = unpacked(whole["values"])[0]
    walls = html(visit)
    assert walls.count("<figure>") == 9 + 2
    assert "It sees 5 × 5 pixels, its receptive field" in said(visit)
    assert f"<b>{values[0]:.4g}</b><br>label {whole['labels'][unpacked(whole['images'])[0, 0]]}" in walls
    assert "Out of the first 150 training images" in said(visit)
    next(one for one in visit.number_input if one.label == "Unit").set_value(6).run()
    until(visit, lambda: "c1 has 6 units: expected 0 to 5." in " ".join(told(visit)))


def test_weights_that_are_no_numbers_are_told_in_a_sentence(page: OpenPage):
    visit = page(
        "vision.py", **SMALL, learning_rate="10", optimizer="sgd", net="own", layers="dense 9, dense 9, dense 9"
    )
    run = run_of(visit)
    house.hub().command(run.id, "resume")
    eventually(lambda: house.hub().get(run.id).state == "paused", 60)
    assert "is no number" in house.hub().get(run.id).message
    visit.session_state[OPEN] = True
    visit.run()
    until(visit, lambda: "is no number: go back to a step before" in " ".join(told(visit)).replace("\\", ""))
    assert any(one.label == "Try again" for one in visit.button)


def test_asking_is_called_off_and_begun_again(page: OpenPage, monkeypatch: pytest.MonkeyPatch):
    visit = answered(opened(page, 1, net="vgg"))
    kept = visit.session_state
    kept["vision.why-pixels-samples"] = 200  # so many that one can look before it is done
    kept["vision.why-pixels-stride"] = 1
    kept["vision.why-pixels-side"] = 1
    visit.run()
    until(visit, lambda: any(one.label == "Cancel" for one in visit.button))
    press(visit, "Cancel")
    visit.run()
    assert "This was called off" in " ".join(told(visit))
    press(visit, "Ask")
    answered(visit)


def test_a_teachers_link_hides_it(page: OpenPage):
    visit = page("vision.py", **(SMALL | {"hide": "note.why"}))
    assert "Why" not in [one.label for one in visit.expander]
    assert "Why" in [one.label for one in page("vision.py", **SMALL).expander]
    assert "Why" not in [one.label for one in page("playground.py", hide="note").expander]
