"""Which number is followed, at which step, and what is told where the net has not answered."""

import re
from concurrent.futures import Future

import pytest

from engine.errors import RunError
from pages.ui import house
from pages.ui.images import follow_pass
from pages.ui.images.follow_kept import Kept
from tests.pages.conftest import OpenPage
from tests.pages.following import OWN, Stubborn, answered, bold, button, figures, nets_own, opened, text, torchs, widget
from tests.pages.test_playground import address_of, begin, eventually, run_of
from tests.pages.waiting import until

pytestmark = pytest.mark.usefixtures("one_thread")


def test_the_net_is_asked_nothing_before_somebody_opens_it(page: OpenPage) -> None:
    visit = opened(page, "")
    assert "Image 3 of those held out" not in text(visit)
    assert not figures(visit)
    assert not [name for name in address_of(visit) if name.startswith("follow.")]
    visit.session_state["vision.follow.1-open"] = True
    answered(visit.run())
    assert "Image 3 of those held out, at **step 0**" in text(visit)
    assert address_of(visit)["follow.layer"] == "features.c1"


def test_one_goes_back_to_where_a_number_was_summed_up(page: OpenPage) -> None:
    own = torchs()
    visit = opened(page, "features.c3", 5, 2, 7)
    for _ in range(3):
        asked = address_of(visit)
        at = [int(asked[f"follow.{name}"]) for name in ("unit", "row", "column")]
        assert nets_own(visit) == pytest.approx(float(own[asked["follow.layer"]][tuple(at)]), rel=1e-4)
        back = [one for one in visit.button if one.label.startswith("Back to")]
        if back:
            back[0].click().run()
            assert not visit.exception
    assert address_of(visit)["follow.layer"] == "features.c1"
    assert "It is made of the image itself" in text(visit)
    assert widget(visit, "button_group", "Layer").value == "features.c1"


def test_a_layer_a_unit_and_a_cell_are_chosen_and_the_address_says_so(page: OpenPage) -> None:
    visit = opened(page, "features.c3", 5, 2, 7)
    widget(visit, "number_input", "Row of the output").set_value(9).run()
    widget(visit, "number_input", "Map").set_value(0).run()
    widget(visit, "button_group", "Colours").set_value("net").run()
    link = {name: text for name, text in address_of(visit).items() if name.startswith("follow.")}
    assert link == {
        "follow.layer": "features.c3",
        "follow.unit": "0",
        "follow.row": "9",
        "follow.column": "7",
        "follow.scale": "net",
    }
    total = float(torchs()["features.c3"][0, 9, 7])
    assert nets_own(visit) == pytest.approx(total, rel=1e-4, abs=1e-6)
    widget(visit, "button_group", "Layer").set_value("features.s4").run()
    link = {name: text for name, text in address_of(visit).items() if name.startswith("follow.")}
    assert link == {"follow.layer": "features.s4", "follow.scale": "net"}
    own = torchs()["features.s4"]
    assert nets_own(visit) == pytest.approx(float(own.max()), rel=1e-4), (
        "the largest number is followed where none is chosen"
    )


@pytest.mark.parametrize(
    ("layer", "places"),
    [
        ("features.c9", (3,)),
        ("<img src=x onerror=alert(1)>", ()),
        ("features.c3", (16,)),
        ("features.c3", (4_096, 4_096, 4_096)),
    ],
)
def test_a_place_that_this_net_has_not_is_no_place(page: OpenPage, layer: str, places: tuple[int, ...]) -> None:
    visit = opened(page, layer, *places)
    assert "Image 3 of those held out" in text(visit)
    assert not visit.main.warning
    assert address_of(visit)["follow.layer"] in ("features.c1", "features.c3")


def test_a_past_step_is_followed_with_the_weights_of_then(page: OpenPage) -> None:
    settings = {"net": "own", "layers": OWN}
    first = opened(page, "", **settings)
    run = begin(first)
    for step in (2, 3):
        house.hub().command(run.id, "step")
        eventually(lambda step=step: house.hub().get(run.id).step == step)
    for step in (3, 1):
        visit = opened(page, "layers.0", 2, 3, 4, run=run.id, step=str(step), **settings)
        assert f"at **step {step}**" in text(visit)
        own = torchs(step, **settings)
        assert nets_own(visit) == pytest.approx(float(own["layers.0"][2, 3, 4]), rel=1e-4)
        told = bold(visit, "(")
        assert told[-1] == pytest.approx(float(own["layers.1"][2, 3, 4]), rel=1e-3)


def test_it_holds_still_while_the_net_trains_until_the_newest_step_is_taken(page: OpenPage) -> None:
    visit = opened(page, "features.c3", 5, 2, 7)
    run = run_of(visit)
    house.hub().command(run.id, "resume")
    eventually(lambda: house.hub().get(run.id).step > 2)
    visit.run()
    assert "at **step 0**. The net trains on" in text(visit)
    button(visit, "Take the newest step").click().run()
    until(visit, lambda: re.search(r"at \*\*step [1-9]", text(visit)))
    house.hub().command(run.id, "pause")
    eventually(lambda: house.hub().get(run.id).state == "paused")
    last = house.hub().get(run.id).step
    until(visit, lambda: f"at **step {last}**." in text(visit))  # a net that holds still is followed
    own = torchs(last)["features.c3"][5, 2, 7]
    assert nets_own(visit) == pytest.approx(float(own), rel=1e-4)


def test_a_net_that_does_not_answer_is_told_and_asked_again(page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = Stubborn(RunError("It has <b>gone</b>."))
    monkeypatch.setattr(follow_pass, "hub", lambda: hub)
    visit = opened(page, "features.c3")
    assert [one.value.replace("\\", "") for one in visit.main.warning] == ["It has <b>gone</b>."]
    assert not figures(visit)
    monkeypatch.setattr(follow_pass, "QUICK", 0.01)
    hub.answer = Future()
    button(visit, "Ask again").click().run()
    assert "is asked for its numbers: 0 s so far" in text(visit)
    button(visit, "Cancel").click().run()
    assert "You have cancelled it" in visit.main.warning[0].value
    assert hub.answer.cancelled()
    monkeypatch.undo()
    answered(button(visit, "Ask again").click().run())
    assert not visit.main.warning
    assert len(figures(visit)) > 3


def test_a_pass_that_had_to_go_is_asked_for_once_more(page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    visit = opened(page, "features.c3", 5, 2, 7)
    before = nets_own(visit)
    empty = Kept()
    monkeypatch.setattr(follow_pass, "PASSES", empty)
    answered(visit.run())
    assert nets_own(visit) == before


def test_a_teachers_link_hides_it(page: OpenPage) -> None:
    visit = opened(page, "features.c3", hide="note.follow")
    assert "Image 3 of those held out" not in text(visit)
    assert "Follow one number" not in [one.label for one in visit.expander]
