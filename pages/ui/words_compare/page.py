"""The page that compares spaces: which ones, and the section in which they are compared."""

import streamlit as st

from engine.errors import LearnscopeError
from pages.ui.text import plain
from pages.ui.words.arrived import arrived
from pages.ui.words_compare.sections import SECTIONS, chosen_section
from pages.ui.words_compare.slot import desk, write_link
from pages.ui.words_compare.spaces import choose_spaces, open_spaces


def compare_page() -> None:
    """Show it; whatever goes wrong is told in a sentence."""
    here = desk()
    notice = st.container()
    arrived(here)
    try:
        with st.sidebar:
            boxes = choose_spaces(here)
        spaces = open_spaces(here, boxes)
        if spaces is not None:
            SECTIONS[chosen_section(here)].show(here, spaces)
    except LearnscopeError as error:
        st.warning(plain(str(error), 600), icon=":material/info:")
    for told in (here.notice, *(place.notice for place in here.places)):
        if told:
            notice.warning(plain(told, 600), icon=":material/info:")
    write_link(here)
