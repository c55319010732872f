"""Home: what Learnscope is, the way to every lab, and the way back to one's own runs."""

import streamlit as st

from pages.ui.class_seat import class_bar
from pages.ui.frame import without_side_bar
from pages.ui.lab_cards import lab_cards
from pages.ui.notes import READABLE
from pages.ui.run_list import your_runs

without_side_bar()
st.title("Learnscope")
st.markdown(
    "Neural networks, seen while they learn: every picture is drawn from the numbers of a real net, as they change. "
    "Open a lab, press **Train**, scrub back to any recorded step; the address of the page brings anyone else to the "
    "same run.",
    width=READABLE,
)
class_bar()
lab_cards()
your_runs()
