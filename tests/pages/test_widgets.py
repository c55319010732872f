from itertools import pairwise

import pytest

from engine.labs.catalogue import LABS
from engine.spec import Setting, knobs
from pages.ui.widgets import decades

SETTINGS = [(lab.name, setting) for lab in LABS.values() for setting in knobs(lab.spec)]


def test_decades_go_through_one_and_three():
    assert decades(1e-5, 10, False) == (1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)


def test_few_decades_are_finer_and_ends_are_kept():
    assert decades(0.5, 40, False) == (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 40.0)


def test_zero_stands_before_the_decades():
    assert decades(0, 1, False)[:3] == (0.0, 1e-6, 3e-6)


def test_whole_numbers_stay_whole():
    assert decades(1, 5000, True) == (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
    assert decades(0, 100, True)[:2] == (0, 1)


@pytest.mark.parametrize(("lab", "setting"), SETTINGS, ids=lambda part: getattr(part, "name", part))
def test_the_decades_of_every_setting_lie_within_its_bounds(lab: str, setting: Setting):
    if not setting.knob.log:
        return
    assert setting.low is not None
    assert setting.high is not None
    marks = decades(setting.low, setting.high, setting.kind == "integer")
    assert (marks[0], marks[-1]) == (setting.low, setting.high)
    assert all(a < b for a, b in pairwise(marks))
