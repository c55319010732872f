"""A lab's note on its page, see ``pages/ui/note_text.py``: steps set the lab up, explorers are there to play with."""

import streamlit as st

from engine.labs.lab import Lab
from pages.ui.desk.buttons import look, set_up
from pages.ui.desk.slot import lesson
from pages.ui.explorers import EXPLORERS
from pages.ui.lesson import EXPLORERS as TITLES
from pages.ui.lesson import NOTE, STANDING, explorer_word
from pages.ui.note_text import Explorer, Heading, Step, explorers, parts, text_of

READABLE = 760
"""Pixels: about a hundred letters a line; longer ones lose the eye on its way back."""


def note(lab: Lab) -> None:
    """Show the note of a lab, but for what a teacher's link hides of it."""
    with st.container(width=READABLE):
        if lesson(lab).hides(NOTE):
            _without_words(lab)
        else:
            _all(lab)


def _without_words(lab: Lab) -> None:
    """Show the explorers that can do without the note."""
    for name in explorers(lab.name):
        if name in STANDING and not lesson(lab).hides(explorer_word(name)):
            st.subheader(TITLES[name])
            _explorer(lab, name)


def _all(lab: Lab) -> None:
    for place, part in enumerate(parts(text_of(lab.name))):
        match part:
            case Explorer():
                _explorer(lab, part.name)
            case Step():
                _step(lab, part, f"{lab.name}.note.{place}")
            case Heading():
                st.subheader(part.title, anchor=f"note-{part.panel}")
            case _:
                st.markdown(part)


def _explorer(lab: Lab, name: str) -> None:
    if not lesson(lab).hides(explorer_word(name)):
        EXPLORERS[name](lab, f"{lab.name}.explore.{name}")


def _step(lab: Lab, step: Step, key: str) -> None:
    looks = step.only_looks(lab)
    st.button(
        step.words,
        key=key,
        icon=":material/visibility:" if looks else ":material/play_circle:",
        on_click=(lambda: look(lab, step.settings)) if looks else lambda: set_up(lab, step.spec(lab), step.preset),
        help="Of the run above: it goes on." if looks else "Sets the lab up: a new run with these settings, above.",
    )
