"""The frame around every page: its title, its menu, its pages."""

import streamlit as st

from pages.ui.places import ASSETS

# Streamlit leaves 80 pixels at both sides, which on a projector is one of two columns. Its header lies over the page:
# what is to stay in sight (the live panel's bar) keeps below it.
FRAME = """<style>
:root { --ls-header: 3.75rem; }
@media (min-width: 640px) {
  [data-testid="stMainBlockContainer"] { padding-left: 1.5rem; padding-right: 1.5rem; }
}
</style>"""

st.set_page_config(page_title="Learnscope", page_icon=str(ASSETS / "icon.svg"), layout="wide")
st.html(FRAME)
st.navigation(
    [
        st.Page("home.py", title="Home", icon=":material/home:", default=True),
        st.Page("playground.py", title="Playground", icon=":material/scatter_plot:"),
    ],
    position="top",
).run()
