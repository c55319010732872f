"""Compare words: two or three spaces side by side."""

import streamlit as st

from pages.ui.words.card import COMPARE_WORDS
from pages.ui.words_compare.note import note
from pages.ui.words_compare.page import compare_page

st.title(COMPARE_WORDS.title)
st.markdown(COMPARE_WORDS.summary)
compare_page()
note()
