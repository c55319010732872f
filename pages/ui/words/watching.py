"""Looks again and again at work that goes on beside the page, until there is something else to be shown."""

from collections.abc import Callable

import streamlit as st

EVERY = 0.3
"""Seconds between two looks."""


def watch(look: Callable[[], bool], *, live: bool = True) -> None:
    """Have ``look`` draw how far some work is, now and then; once it returns False the page is drawn anew. Of work that
    is not ``live`` any more it is drawn once: what it draws stays the same thing on the page when the work is over.

    Not at the first look, while the page itself is being drawn: a browser that is given the widgets of two runs at once
    leaves out what they were set to by the first, tells the page that they stand at their beginnings, and what a link
    asks for is lost.
    """
    seen: list[bool] = []

    def looked() -> None:
        goes_on, first = look(), not seen
        seen.append(goes_on)
        if live and not goes_on and not first:
            st.rerun()

    st.fragment(looked, run_every=EVERY if live else None)()
