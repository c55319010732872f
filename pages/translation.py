"""Translation: a net reads a text and writes another."""

import streamlit as st

from engine.labs.catalogue import LABS
from pages.ui.bench import bench
from pages.ui.notes import note

lab = LABS["translation"]

st.title(lab.title)
st.markdown(lab.summary)
bench(lab)
note(lab)
