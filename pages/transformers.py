"""Transformers: a small net learns, and all its attention can be read."""

import streamlit as st

from engine.labs.catalogue import LABS
from pages.ui.bench import bench
from pages.ui.notes import note

lab = LABS["transformers"]

st.title(lab.title)
st.markdown(lab.summary)
bench(lab)
note(lab)
