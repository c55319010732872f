"""The workbench that every training lab has: its settings at the side, a run of them live in the middle."""

from collections.abc import Sequence

import streamlit as st

from engine.errors import DataError, LearnscopeError
from engine.labs.lab import Lab
from engine.runs.run import Run
from engine.spec import settings_by_name
from pages.ui import drawing
from pages.ui.bringback import bring_back
from pages.ui.compare import panels_of, shown_runs
from pages.ui.compare_form import offer, tell
from pages.ui.desk import buttons, telling
from pages.ui.desk.address import shared_link
from pages.ui.desk.settling import desk, opens_another, settle
from pages.ui.desk.slot import Desk, is_mine, run_spec
from pages.ui.form import Filled, form, setting_key
from pages.ui.images.why import why
from pages.ui.layer_table import layer_table
from pages.ui.learnt import learnt
from pages.ui.lesson import COMPARE, EXAMPLES, LAYERS, OPEN, TAKE, WHY
from pages.ui.lesson_box import lesson_box
from pages.ui.lesson_form import offer_link
from pages.ui.live_panel import live_panel
from pages.ui.person import person, tab
from pages.ui.preparing import prepared
from pages.ui.presets import choice, exercise
from pages.ui.takeaway import take_away
from pages.ui.text import plain

WHERE = "The settings are in the side bar; where it is closed, open it with »."


def bench(lab: Lab) -> None:
    """Show the form of ``lab`` and the live panel of the run that the form, or the page's address, asks for."""
    try:
        here = desk(lab)
        with st.sidebar:
            filled = _settings(lab, here)
        lesson_box(here.lesson, lab.spec, f"{lab.name}", lambda: buttons.leave_lesson(here))
        _tell(filled)
        preset = lab.preset(here.preset)
        if preset:
            exercise(preset, f"{lab.name}.{preset.name}", lambda: buttons.mend(here))
        if drawing.is_drawn(filled.spec) and drawing.SETTING not in here.lesson.fixed(lab.spec):
            drawing.pad(filled.spec, setting_key(here.form_key, drawing.SETTING), f"{lab.name}.pad")
        lab.panels(filled.spec)
        if opens_another(here, filled.spec) and not prepared(lab, filled.spec, WHERE):
            return
        run, others = settle(here, filled.spec)
        _show(lab, here, run, others)
    except DataError as error:
        st.warning(plain(f"{error} {WHERE}", 600), icon=":material/info:")
    except LearnscopeError as error:
        st.warning(plain(str(error), 600), icon=":material/info:")


def _settings(lab: Lab, here: Desk) -> Filled:
    """Draw what stands at the side, but for what a teacher's link hides, and return what a person made of it."""
    lesson, key = here.lesson, here.form_key
    if not lesson.hides(EXAMPLES):
        choice(lab, here.preset, key, lambda name: buttons.use_preset(here, key, name))
    _new_weights(here)
    _draw_on(here)
    beside = st.container()
    filled = form(here.spec, key, lesson)
    if here.lab.learns and not lesson.hides(COMPARE):
        with beside:
            fixed = lesson.fixed(lab.spec)
            offer(lab, here.beside, filled.spec, f"{key}.compare", lambda act: buttons.comparing(here, act), fixed)
    return filled


def _tell(filled: Filled) -> None:
    """Say above the run, where a closed side bar hides nothing, what came of the settings."""
    if filled.complaint:
        shown = "The run shown is of the last settings that fit together."
        st.error(plain(f"{filled.complaint} {shown} {WHERE}", 600))
    if filled.refused:
        st.error(plain(filled.refused, 400))
    if filled.note:
        st.info(plain(filled.note, 600), icon=":material/info:")


def _show(lab: Lab, here: Desk, run: Run, others: Sequence[Run]) -> None:
    if here.notice:
        st.warning(plain(here.notice, 600), icon=":material/info:")
    if not is_mine(run):
        _watching(here)
    if others:
        key = f"{lab.name}.compare"
        tell(lab, here.beside, here.spec, [run, *others], key, lambda act: buttons.comparing(here, act))
    lesson, panels = here.lesson, lab.panels(run_spec(here, run))
    look = here.look.of(run.id)
    live_panel(
        shown_runs(here.beside, here.spec, run, others),
        here.spec,
        panels_of(here.beside, lesson.shown(panels)),
        title=lab.title,
        person=person(),
        tab=tab(),
        key=f"{lab.name}.live",
        look=look,
        calls=here.calls,
        learns=lab.learns,
        fixed=lesson.fixed(lab.spec),
        on_set=lambda told: telling.follow(here, told),
        on_again=lambda told: telling.again(here, told),
        on_branch=lambda told: telling.branch(here, told),
        on_look=lambda told: telling.look_at(here, told),
    )
    if lab.why and not lesson.hides(WHY):
        why(here, run, f"{lab.name}.why")
    if not lesson.hides(LAYERS):
        layer_table(lab, [here.spec, *(run_spec(here, other) for other in others)], f"{lab.name}.layers")
    if lab.vectors and not lesson.hides(TAKE):
        learnt(run, f"{lab.name}.learnt", telling.step_shown(here, run))
    if lab.learns and not lesson.hides(TAKE):
        take_away(run, f"{lab.name}.take", telling.step_shown(here, run))
    if lab.learns and not lesson.hides(OPEN):
        bring_back(lab, f"{lab.name}.bring", lambda opened: buttons.adopt(here, opened))
    offer_link(lab, tuple(panels), lesson, shared_link(here), run.id, f"{lab.name}.class")


def _new_weights(here: Desk) -> None:
    seed = settings_by_name(here.lab.spec).get("seed")
    if seed is None or not seed.applies(here.spec) or here.lesson.hides(seed):
        return
    locked = here.lesson.fixes(seed)
    st.button(
        "New weights",
        icon=":material/casino:",
        on_click=buttons.new_weights,
        args=(here,),
        width="stretch",
        disabled=locked,
        help="Draws other initial weights, by the next seed; the points stay. Reset goes back to the same weights.",
    )


def _draw_on(here: Desk) -> None:
    free = not here.lesson.fixed(type(here.spec)) & {*drawing.DRAWN, drawing.SETTING}
    if free and drawing.can_begin_with(here.spec):
        st.button(
            "Draw on these points",
            icon=":material/draw:",
            on_click=buttons.draw_on,
            args=(here,),
            width="stretch",
            help="Takes the points shown as a drawing of yours: set more, move them, paint them in another class.",
        )


def _watching(here: Desk) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("This is a run of someone else: look around in it, or ask for control below.", width="content")
        st.button("Make my own copy", icon=":material/content_copy:", on_click=buttons.copy, args=(here,))
