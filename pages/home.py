"""Home: what Learnscope is, and the way to every lab."""

import streamlit as st

from pages.ui.cards import lab_cards, recent_runs
from pages.ui.frame import without_side_bar

without_side_bar()
st.title("Learnscope")
st.markdown(
    "Neural networks, seen while they learn: every picture is drawn from the numbers of a real net, as they change. "
    "Open a lab, press **Train**, scrub back to any recorded step; the address of the page brings anyone else to the "
    "same run."
)
lab_cards()
recent_runs()
