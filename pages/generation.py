"""Generation: a net learns to go on with a text."""

import streamlit as st

from engine.labs.catalogue import LABS
from pages.ui.bench import bench
from pages.ui.notes import note

lab = LABS["generation"]

st.title(lab.title)
st.markdown(lab.summary)
bench(lab)
note(lab)
