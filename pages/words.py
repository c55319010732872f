"""Words: open vectors of words, and ask them."""

import streamlit as st

from pages.ui.words.card import WORDS
from pages.ui.words.note import note
from pages.ui.words.page import words_page

st.title(WORDS.title)
st.markdown(WORDS.summary)
words_page()
note()
