"""A page changes a run only while its own browser controls it: its reruns agree with what its stream may do."""

from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest
from streamlit.testing.v1 import AppTest

from engine.runs.controls import Seat
from engine.runs.helm import Browser
from pages.ui import house, rights
from tests.pages.conftest import OpenPage
from tests.pages.test_playground import SET, begin, eventually, field, panel_of, run_of, tell


@pytest.fixture
def stage() -> Iterator[ExitStack]:
    with ExitStack() as stage:
        yield stage


def seat_of(visit: AppTest, stage: ExitStack) -> Seat:
    """Look at the run of a page over its stream, as its live panel does."""
    (shown, *_) = panel_of(visit)["runs"]
    right = rights.read(shown["token"], shown["run"], {})
    assert right is not None
    browser = Browser(right.person, right.tab, right.control)
    return stage.enter_context(closing(house.hub().controls.join(right.run, browser, lambda: None)))


def hand_over(owner: Seat, guest: Seat) -> None:
    guest.act("ask")
    (ask,) = house.hub().controls.view(owner)["asks"]
    owner.act("give", ask["id"])


def test_the_page_of_who_gave_control_away_changes_nothing_in_the_run(page: OpenPage, stage: ExitStack):
    owner = page()
    run = begin(owner)
    guest = page(run=run.id)
    hand_over(seat_of(owner, stage), seat_of(guest, stage))
    tell(owner, "set", {"run": run.id, **SET})
    assert owner.session_state["learnscope.desk.playground"].spec.learning_rate == 0.003
    field(owner, "learning_rate", "select_slider").set_value(0.1).run()
    assert run_of(owner).id != run.id
    assert house.hub().settings(run.id).get("learning_rate") in (None, "0.003")
    assert not house.hub()._live[run.id].leaving, "somebody else controls it: it is not ended under their hands"


def test_the_page_of_a_guest_in_control_changes_the_run(page: OpenPage, stage: ExitStack):
    owner = page()
    run = begin(owner)
    guest = page(run=run.id)
    hand_over(seat_of(owner, stage), seat_of(guest, stage))
    tell(guest, "set", {"run": run.id, **SET})
    assert field(guest, "learning_rate", "select_slider").value == 0.0123
    field(guest, "learning_rate", "select_slider").set_value(0.1).run()
    assert run_of(guest).id == run.id
    eventually(lambda: house.hub().settings(run.id).get("learning_rate") == "0.1")


def test_each_page_is_a_browser_of_its_own_and_stays_it(page: OpenPage):
    one, other = page(), page()
    tokens = [panel_of(visit)["runs"][0]["token"] for visit in (one, other)]
    assert tokens[0] != tokens[1]
    one.run()
    assert panel_of(one)["runs"][0]["token"] == tokens[0]


def test_control_taken_back_is_the_pages_again(page: OpenPage, stage: ExitStack):
    owner = page()
    run = begin(owner)
    mine, theirs = seat_of(owner, stage), seat_of(page(run=run.id), stage)
    hand_over(mine, theirs)
    mine.act("take")
    field(owner, "learning_rate", "select_slider").set_value(0.1).run()
    assert run_of(owner).id == run.id
