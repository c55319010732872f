"""A page that works on one space: it is chosen at the side, opened, told of, and then there is the page itself."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from engine.errors import LearnscopeError
from engine.words.space import Space
from pages.ui.text import plain
from pages.ui.words.about import about
from pages.ui.words.opening import opened
from pages.ui.words.sources import choose_source
from pages.ui.words.space_desk import SpaceDesk

D = TypeVar("D", bound=SpaceDesk)


def space_page(here: D, show: Callable[[D, Space], None]) -> None:
    """Have a space chosen and opened, and ``show`` what there is of it; whatever goes wrong is told in a sentence."""
    notice = st.container()
    try:
        with st.sidebar:
            choose_source(here)
        space = opened(here)
        if space is not None:
            with st.sidebar:
                about(here, space)
            show(here, space)
    except LearnscopeError as error:
        st.warning(plain(str(error), 600), icon=":material/info:")
    if here.notice:
        notice.warning(plain(here.notice, 600), icon=":material/info:")
