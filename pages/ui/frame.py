"""The frame that Streamlit puts around a page, as this house wants it."""

import streamlit as st

# Streamlit leaves 80 pixels at both sides, which on a projector is one of two columns. Its header lies over the page:
# what is to stay in sight (the live panel's bar) keeps below it. Two arrows alone do not say what they open. Beside an
# open side bar all pages are to be seen in the menu: on all but wide screens by their names alone.
_FRAME = """<style>
:root { --ls-header: 3.75rem; }
@media (min-width: 640px) {
  [data-testid="stMainBlockContainer"] { padding-left: 1.5rem; padding-right: 1.5rem; }
}
@media (max-width: 1680px) {
  [data-testid="stTopNavLink"] > span:first-child { display: none; }
}
[data-testid="stExpandSidebarButton"] { width: auto; }
[data-testid="stExpandSidebarButton"]::after { content: "Settings"; padding: 0 0.5rem; font-size: 0.875rem; }
</style>"""
# Who comes from a page that has a side bar keeps it, empty.
_NO_SIDE_BAR = '<style>[data-testid="stSidebar"] { display: none; }</style>'


def frame() -> None:
    """Set the margins of every page."""
    st.html(_FRAME)


def without_side_bar() -> None:
    """Give a page that has nothing at its side its whole width."""
    st.html(_NO_SIDE_BAR)
