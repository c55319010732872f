"""Index: measure what indexes of the open vectors find, how quickly, and how large they are."""

import streamlit as st

from pages.ui.index_lab.note import note
from pages.ui.index_lab.page import index_page
from pages.ui.words.card import INDEX

st.title(INDEX.title)
st.markdown(INDEX.summary)
index_page()
note()
