"""The sections of the words page. A section is a function of the desk and the open space; a hidden one is not run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from engine.words.space import Space
from pages.ui.words.analogies import analogies
from pages.ui.words.mapping import word_map
from pages.ui.words.neighbours import neighbours
from pages.ui.words.questions import questions
from pages.ui.words.scores import scores
from pages.ui.words.slot import Desk


@dataclass(frozen=True, slots=True)
class Shown:
    """A section: what it is called, what it is about in a sentence, and how it is shown."""

    title: str
    icon: str
    show: Callable[[Desk, Space], None]


SECTIONS: Mapping[str, Shown] = {
    "neighbours": Shown("Neighbours", ":material/hub:", neighbours),
    "analogies": Shown("Analogies", ":material/change_history:", analogies),
    "map": Shown("Map", ":material/map:", word_map),
    "questions": Shown("Questions", ":material/help_center:", questions),
    "scores": Shown("Scores", ":material/grading:", scores),
}


def chosen_section(here: Desk) -> str:
    """Let a person choose a section, and return it."""
    key = here.key("section")
    st.session_state.setdefault(key, here.asked.section if here.asked.section in SECTIONS else next(iter(SECTIONS)))
    st.segmented_control(
        "Section",
        list(SECTIONS),
        default=st.session_state[key],
        format_func=lambda name: f"{SECTIONS[name].icon} {SECTIONS[name].title}",
        key=key,
        label_visibility="collapsed",
        required=True,
    )
    here.change(section=st.session_state[key])
    return here.asked.section
