"""What the buttons of a lab's page do to its desk: each function is a button's callback."""

from collections.abc import Callable, Mapping

import streamlit as st

from engine.errors import LearnscopeError, SpecError
from engine.labs.lab import Lab
from engine.runs.run import Run
from engine.spec import Spec, settings_by_name
from pages.ui import drawing, steering
from pages.ui.desk.slot import Desk, current, kept
from pages.ui.desk.taking import fill_in, spec_now, take_over, take_settings
from pages.ui.form import setting_key
from pages.ui.lesson import Lesson


def comparing(here: Desk, act: Callable[[], None]) -> None:
    """Begin or end a comparison."""
    with here.lock:
        here.notice = ""
        act()


def new_weights(here: Desk) -> None:
    """Ask for other initial weights (and another order of the points) by the next seed."""
    highest = settings_by_name(here.lab.spec)["seed"].high or 0
    key = setting_key(here.form_key, "seed")
    seed = st.session_state.get(key, here.spec.seed)  # type: ignore[attr-defined]
    st.session_state[key] = int(seed + 1 if seed < highest else 0)


def draw_on(here: Desk) -> None:
    """Take the points of the run shown as a drawing to go on with."""
    with here.lock:
        run = current(here)
        if run is None:
            return
        try:
            spec = spec_now(here, run).replace(**drawing.DRAWN, **{drawing.SETTING: drawing.drawing_of(run)})
        except LearnscopeError as error:
            here.notice = getattr(error, "words", "") or str(error)
        else:
            if take_settings(here, spec):
                here.preset = ""


def copy(here: Desk) -> None:
    """Leave the run of someone else for one of the same settings that belongs to this person."""
    with here.lock:
        run = current(here)
        if run is not None:
            take_over(here, spec_now(here, run))
        here.run = ""


def use_preset(here: Desk, form_key: str, name: str) -> None:
    """Take the settings of an example, or leave it and keep the settings where there is none of this name.

    ``form_key`` is that of the form in which it was chosen. A browser that is late says once more what stood in the
    form before this one: that is no choice.
    """
    with here.lock:
        if form_key != here.form_key or name == here.preset:
            return
        preset = here.lab.preset(name)
        if preset is None or take_settings(here, preset.spec(here.lab.spec)):
            here.preset = preset.name if preset else ""


def mend(here: Desk) -> None:
    """Take the settings that mend the example, in the run shown if nothing that it learns depends on them."""
    with here.lock:
        preset = here.lab.preset(here.preset)
        if preset is None:
            return
        known = settings_by_name(here.lab.spec)
        take = fill_in if all(known[name].knob.looks for name in preset.cure) else take_settings
        take(here, here.spec.replace(**preset.cure))


def set_up(lab: Lab, spec: Spec, preset: str = "") -> None:
    """Take the settings of a step of the lab's note, and those of ``preset`` with its exercise."""
    here = kept(lab)
    if here is None:
        return  # the session was begun anew since the button was drawn: the page is drawn anew as well
    with here.lock:
        here.calls += 1
        if take_settings(here, spec):
            here.preset = preset


def look(lab: Lab, settings: Mapping[str, str]) -> None:
    """Have the run shown looked at as a step of the lab's note says, by settings on which nothing that it learns depends."""
    here = kept(lab)
    if here is None:
        return
    with here.lock:
        here.calls += 1
        try:
            spec = here.spec.from_strings(settings, here.spec)
        except SpecError as error:
            here.notice = error.words
        else:
            fill_in(here, spec)


def leave_lesson(here: Desk) -> None:
    """Leave the task of a teacher's link: all controls are back, the run stays."""
    with here.lock:
        here.lesson = Lesson()
        here.notice = ""
        here.edition += 1


def adopt(here: Desk, run: Run) -> None:
    """Leave the run shown for another of this person that has been opened elsewhere, as from a file."""
    with here.lock:
        steering.leave(here.run)
        here.spec, here.run, here.notice, here.preset = spec_now(here, run), run.id, "", ""
        here.edition += 1
