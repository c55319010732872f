"""Other settings for a desk: a spec in the place of the one that it has, and in the form."""

from collections.abc import Mapping

import streamlit as st

from engine.errors import LearnscopeError, SpecError
from engine.runs.run import Run
from engine.spec import Spec, settings_by_name
from pages.ui import steering
from pages.ui.desk.slot import Desk, run_spec
from pages.ui.form import setting_key
from pages.ui.house import hub


def take_settings(here: Desk, spec: Spec) -> bool:
    """Fill the form anew with ``spec``, but for what the lesson fixes, and leave the run shown for one of these
    settings; tell whether that could be.
    """
    here.edition += 1
    try:
        spec, here.notice = here.lesson.keep(spec, here.spec)
    except SpecError as error:
        here.notice = error.words
        return False
    steering.leave(here.run)
    here.spec, here.run = spec, ""
    return True


def fill_in(here: Desk, spec: Spec) -> None:
    """Fill the form with ``spec``, but for what the lesson fixes, as if a person had: the run shown is then changed, or
    left for another one, as for any change in the form.
    """
    try:
        spec, here.notice = here.lesson.keep(spec, here.spec)
    except SpecError as error:
        here.notice = error.words
        return
    for name in spec.differences(here.spec):
        st.session_state[setting_key(here.form_key, name)] = getattr(spec, name)


def take_over(here: Desk, now: Spec) -> None:
    """Put a spec that differs in live settings alone in the place of the desk's, and into the form."""
    for name in now.differences(here.spec):
        st.session_state[setting_key(here.form_key, name)] = getattr(now, name)
    here.spec = now


def spec_now(here: Desk, run: Run) -> Spec:
    """Return the settings that ``run`` was opened with, with what was changed while it went on."""
    return with_live(run_spec(here, run), _changed_live(run))


def _changed_live(run: Run) -> Mapping[str, str]:
    try:
        return hub().settings(run.id)
    except LearnscopeError:
        return {}  # then the run is shown with the settings that it began with


def with_live(spec: Spec, changes: Mapping[str, str]) -> Spec:
    """Return ``spec`` with those of ``changes`` that a run may have while it goes on."""
    live = {s.name for s in settings_by_name(type(spec)).values() if s.knob.live}
    try:
        return spec.from_strings({name: value for name, value in changes.items() if name in live}, spec)
    except SpecError:
        return spec
