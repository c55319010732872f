"""Train words: vectors of words are learnt from a text."""

import streamlit as st

from engine.labs.catalogue import LABS
from pages.ui.bench import bench
from pages.ui.notes import note

lab = LABS["train_words"]

st.title(lab.title)
st.markdown(lab.summary)
bench(lab)
note(lab)
