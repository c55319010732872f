"""Branches: runs that begin at a step of another, asked for in the live panel."""

import pytest

from pages.ui import house
from tests.pages.conftest import OpenPage
from tests.pages.test_playground import LAB, address_of, begin, eventually, field, run_of, tell


def test_a_branch_is_a_run_of_ones_own_from_that_step(page: OpenPage):
    visit = page()
    run = begin(visit)
    here = tell(visit, "branch", {"run": run.id, "step": 1})
    visit.run()
    branched = run_of(visit)
    assert (branched.parent, branched.parent_step, branched.step) == (run.id, 1, 1)
    assert here.run == branched.id != run.id
    assert address_of(visit)["run"] == branched.id


@pytest.mark.parametrize(
    "told", [None, "1", {"run": "another", "step": 1}, {"run": True, "step": "1"}, {"run": True, "step": [1]}]
)
def test_what_is_no_branch_changes_nothing(page: OpenPage, told: object):
    visit = page()
    run = begin(visit)
    if isinstance(told, dict) and told["run"] is True:
        told = {**told, "run": run.id}
    assert (tell(visit, "branch", told).run, tell(visit, "branch", told).notice) == (run.id, "")


@pytest.mark.parametrize("step", [-1, 7, 10**30])
def test_a_step_that_was_not_recorded_cannot_be_branched(page: OpenPage, step: int):
    visit = page()
    run = begin(visit)
    here = tell(visit, "branch", {"run": run.id, "step": step})
    assert here.run == run.id
    assert "Nothing was recorded at step" in here.notice


def test_a_branch_has_the_learning_rate_of_its_step(page: OpenPage):
    visit = page()
    run = begin(visit)
    house.hub().command(run.id, "step")
    eventually(lambda: house.hub().get(run.id).step == 2)
    tell(visit, "set", {"run": run.id, "settings": {"learning_rate": "0.25"}})
    house.hub().command(run.id, "set", "learning_rate=0.25")
    eventually(lambda: house.hub().settings(run.id).get("learning_rate") == "0.25")
    here = tell(visit, "branch", {"run": run.id, "step": 1})
    assert here.run != run.id
    assert here.spec == LAB.spec()
    visit.run()
    assert "learning_rate" not in address_of(visit)
    assert field(visit, "learning_rate", "select_slider").value == LAB.spec().learning_rate
