"""Presets on the page: a choice of them at the side, and above the run what there is to see, to predict and to mend."""

from collections.abc import Callable

import streamlit as st

from engine.labs.lab import Lab
from engine.labs.preset import Preset, Question
from pages.ui.text import plain

OWN = ""
EXERCISE = "exercise"
"""What the class of an exercise's element begins with, after Streamlit's own: see ``assets/live/attend.js``."""


def choice(lab: Lab, current: str, key: str, choose: Callable[[str], None]) -> None:
    """Offer the presets of ``lab``; ``choose`` is called with the name of the one that a person has chosen."""
    if not lab.presets:
        return
    names = (OWN, *(preset.name for preset in lab.presets))
    slot = f"{key}.preset"
    st.session_state.setdefault(slot, current)
    st.selectbox(
        "Example",
        names,
        format_func=lambda name: _label(lab.preset(name)),
        key=slot,
        on_change=lambda: choose(st.session_state[slot]),
        help="Nets that learn, and nets that are broken: to find out why, and to mend them.",
    )


def exercise(preset: Preset, key: str, mend: Callable[[], None]) -> None:
    """Show what ``preset`` is about; its question, and after an answer why; then the cure, which ``mend`` applies."""
    with st.container(border=True, key=f"{EXERCISE}-{key.replace('.', '-')}"):
        st.markdown(f"**{preset.title}**")
        st.markdown(preset.about)
        answered = preset.question is None or _asked(preset.question, f"{key}.answer")
        if preset.broken and answered:
            st.button("Show it mended", icon=":material/healing:", on_click=mend, key=f"{key}.mend")


def _asked(question: Question, key: str) -> bool:
    """Ask, and once there is an answer say whether it is right, and why; tell whether there is one."""
    given = st.radio(question.text, question.answers, index=None, key=key, horizontal=True)
    if given is None:
        return False
    right = question.answers[question.right]
    said = "Yes." if given == right else f"No: {plain(right)}."
    (st.success if given == right else st.info)(f"{said} {question.because}")
    return True


def _label(preset: Preset | None) -> str:
    if preset is None:
        return "Your own settings"
    return f"Broken: {preset.title}" if preset.broken else preset.title
