"""The workbench that every training lab has: its settings at the side, a run of them live in the middle."""

from collections.abc import Sequence

import streamlit as st

from engine.errors import DataError, LearnscopeError
from engine.labs.lab import Lab
from engine.runs.run import Run
from pages.ui import desk
from pages.ui.bringback import bring_back
from pages.ui.compare import panels_of, shown_runs
from pages.ui.compare_form import offer, tell
from pages.ui.form import Filled, form
from pages.ui.live_panel import live_panel
from pages.ui.person import person
from pages.ui.presets import choice, exercise
from pages.ui.takeaway import take_away
from pages.ui.text import plain

WHERE = "The settings are in the side bar; where it is closed, open it with »."


def bench(lab: Lab) -> None:
    """Show the form of ``lab`` and the live panel of the run that the form, or the page's address, asks for."""
    try:
        here = desk.desk(lab)
        with st.sidebar:
            choice(lab, here.preset, here.form_key, lambda name: desk.use_preset(here, name))
            _new_weights(here)
            beside = st.container()
            filled = form(here.spec, here.form_key)
            with beside:
                offer(here.beside, filled.spec, f"{here.form_key}.compare", lambda act: desk.comparing(here, act))
        _tell(filled)
        preset = lab.preset(here.preset)
        if preset:
            exercise(preset, f"{lab.name}.{preset.name}", lambda: desk.mend(here))
        lab.panels(filled.spec)
        run, others = desk.settle(here, filled.spec)
        _show(lab, here, run, others)
    except DataError as error:
        st.warning(plain(f"{error} {WHERE}", 600), icon=":material/info:")
    except LearnscopeError as error:
        st.warning(plain(str(error), 600), icon=":material/info:")


def _tell(filled: Filled) -> None:
    """Say above the run, where a closed side bar hides nothing, what came of the settings."""
    if filled.complaint:
        shown = "The run shown is of the last settings that fit together."
        st.error(plain(f"{filled.complaint} {shown} {WHERE}", 600))
    if filled.note:
        st.info(plain(filled.note, 600), icon=":material/info:")


def _show(lab: Lab, here: desk.Desk, run: Run, others: Sequence[Run]) -> None:
    if here.notice:
        st.warning(plain(here.notice, 600), icon=":material/info:")
    if not desk.is_mine(run):
        _watching(here)
    if others:
        tell(here.beside, here.spec, [run, *others], f"{lab.name}.compare", lambda act: desk.comparing(here, act))
    panels = lab.panels(desk.run_spec(here, run))
    look = here.look.of(run.id)
    live_panel(
        shown_runs(here.beside, here.spec, run, others),
        here.spec,
        panels_of(here.beside, panels),
        title=lab.title,
        person=person(),
        key=f"{lab.name}.live",
        look=look,
        calls=here.calls,
        on_set=lambda told: desk.follow(here, told),
        on_again=lambda told: desk.again(here, told),
        on_branch=lambda told: desk.branch(here, told),
        on_look=lambda told: desk.look_at(here, told),
    )
    take_away(run, f"{lab.name}.take", desk.step_shown(here, run))
    bring_back(lab, f"{lab.name}.bring", lambda opened: desk.adopt(here, opened))


def _new_weights(here: desk.Desk) -> None:
    st.button(
        "New weights",
        icon=":material/casino:",
        on_click=desk.new_weights,
        args=(here,),
        width="stretch",
        help="Draws other initial weights, by the next seed; the points stay. Reset goes back to the same weights.",
    )


def _watching(here: desk.Desk) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("This is a run of someone else: you can look around in it, and they control it.", width="content")
        st.button("Make my own copy", icon=":material/content_copy:", on_click=desk.copy, args=(here,))
