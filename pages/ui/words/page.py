"""The words page: which vectors, what is known of them, and the section in which one asks them."""

import streamlit as st

from engine.errors import LearnscopeError
from pages.ui.text import plain
from pages.ui.words.about import about
from pages.ui.words.arrived import arrived
from pages.ui.words.opening import opened
from pages.ui.words.sections import SECTIONS, chosen_section
from pages.ui.words.slot import desk, write_link
from pages.ui.words.sources import choose_source


def words_page() -> None:
    """Show it; whatever goes wrong is told in a sentence."""
    here = desk()
    notice = st.container()
    arrived(here)
    try:
        with st.sidebar:
            choose_source(here)
        space = opened(here)
        if space is not None:
            with st.sidebar:
                about(here, space)
            section = chosen_section(here)
            SECTIONS[section].show(here, space)
    except LearnscopeError as error:
        st.warning(plain(str(error), 600), icon=":material/info:")
    if here.notice:
        notice.warning(plain(here.notice, 600), icon=":material/info:")
    write_link(here)
