"""The least that a page can do on a click: a fragment runs again and shows one table of ten rows."""

import streamlit as st


@st.fragment
def table() -> None:
    """Show ten rows of what stands in the field."""
    word = st.text_input("Word", "begin")
    st.table({"word": [f"{word} {place}" for place in range(10)], "score": [place / 10 for place in range(10)]})


table()
