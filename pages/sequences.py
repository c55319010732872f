"""Sequences: a net reads one thing after the other."""

import streamlit as st

from engine.labs.catalogue import LABS
from pages.ui.bench import bench
from pages.ui.notes import note

lab = LABS["sequences"]

st.title(lab.title)
st.markdown(lab.summary)
bench(lab)
note(lab)
