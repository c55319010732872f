"""Vision: a net learns to tell images apart."""

import streamlit as st

from engine.labs.catalogue import LABS
from pages.ui.bench import bench
from pages.ui.images.follow import follow
from pages.ui.notes import note

lab = LABS["vision"]

st.title(lab.title)
st.markdown(lab.summary)
bench(lab)
follow(lab)
note(lab)
