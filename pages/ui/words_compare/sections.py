"""The sections of the page: each is a function of the desk and the open spaces; a hidden one is not run."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from pages.ui.words_compare.agreement import agreement
from pages.ui.words_compare.alignment import alignment
from pages.ui.words_compare.queries import queries
from pages.ui.words_compare.relations import relations
from pages.ui.words_compare.scores import scores
from pages.ui.words_compare.shape import shape
from pages.ui.words_compare.slot import Desk
from pages.ui.words_compare.spaces import Opened


@dataclass(frozen=True, slots=True)
class Shown:
    """A section: what it is called, and how it is shown."""

    title: str
    icon: str
    show: Callable[[Desk, Sequence[Opened]], None]


SECTIONS: Mapping[str, Shown] = {
    "query": Shown("Side by side", ":material/view_column_2:", queries),
    "agreement": Shown("Agreement", ":material/join_inner:", agreement),
    "alignment": Shown("Alignment", ":material/rotate_right:", alignment),
    "scores": Shown("Scores", ":material/grading:", scores),
    "shape": Shown("Shape", ":material/blur_on:", shape),
    "relations": Shown("Relations", ":material/trending_flat:", relations),
}


def chosen_section(here: Desk) -> str:
    """Let a person choose a section, and return it."""
    key = here.key("section")
    st.session_state.setdefault(key, here.asked.section)
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
