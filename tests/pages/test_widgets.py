from itertools import pairwise

import pytest
from streamlit.testing.v1 import AppTest

from engine.labs.catalogue import LABS
from engine.spec import Setting, Spec, knobs
from engine.words.maps.spec import MapSpec
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


def all_settings(spec) -> None:
    """Draw a page of all settings of a spec."""
    from engine.spec import knobs
    from pages.ui import widgets

    for setting in knobs(type(spec)):
        widgets.draw(setting, spec, f"all.{setting.name}")


def begun(visit: AppTest) -> dict[str, object]:
    """Return what each widget of a page tells a browser to begin with."""
    told: dict[str, object] = {}
    for kind in ("checkbox", "toggle", "number_input", "text_input", "slider", "select_slider", "selectbox"):
        for one in visit.get(kind):
            begin = one.proto.default
            told[one.key] = begin if isinstance(begin, bool | int | float | str) else list(begin)
    return told


@pytest.mark.parametrize(
    "spec", [MapSpec(), *(lab.spec() for lab in LABS.values())], ids=lambda spec: type(spec).__name__
)
def test_what_a_widget_begins_with_is_told_again_in_every_run(spec: Spec):
    """The first run may never reach a browser, when a second one follows at once."""
    visit = AppTest.from_function(all_settings, args=(spec,)).run()
    assert not visit.exception
    first = begun(visit)
    assert len(first) > 5
    assert begun(visit.run()) == first
    for setting in knobs(type(spec)):
        key, value = f"all.{setting.name}", getattr(spec, setting.name)
        if key in first and setting.kind in ("integer", "number") and not setting.knob.log:
            assert first[key] in (value, [value]), setting.name
        if key in first and setting.kind == "switch":
            assert first[key] == value
        if key in first and setting.kind == "choice":
            fitting = setting.knob.choices(spec) if setting.knob.choices else setting.options
            assert [one for one in setting.options if one in fitting][first[key]] == value
