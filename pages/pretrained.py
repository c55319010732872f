"""Pretrained: what GPT-2 and BERT make of one's own sentence."""

import streamlit as st

from engine.labs.catalogue import LABS
from pages.ui.bench import bench
from pages.ui.notes import note

lab = LABS["pretrained"]

st.title(lab.title)
st.markdown(lab.summary)
bench(lab)
note(lab)
