"""The frame around every page: its title, its menu, its pages."""

import streamlit as st

from pages.ui import address_bar, class_seat
from pages.ui.frame import frame
from pages.ui.places import ASSETS

st.set_page_config(page_title="Learnscope", page_icon=str(ASSETS / "icon.svg"), layout="wide")
frame()
page = st.navigation(
    [
        st.Page("home.py", title="Home", icon=":material/home:", default=True),
        st.Page("playground.py", title="Playground", icon=":material/scatter_plot:"),
        st.Page("vision.py", title="Vision", icon=":material/image_search:"),
        st.Page("sequences.py", title="Sequences", icon=":material/timeline:"),
        st.Page("generation.py", title="Generation", icon=":material/edit_note:"),
        st.Page("translation.py", title="Translation", icon=":material/translate:"),
        st.Page("transformers.py", title="Transformers", icon=":material/grid_on:"),
        st.Page("pretrained.py", title="Pretrained", icon=":material/visibility:"),
        st.Page("train_words.py", title="Train words", icon=":material/model_training:"),
        st.Page("words.py", title="Words", icon=":material/hub:"),
        st.Page("compare_words.py", title="Compare words", icon=":material/compare_arrows:"),
        st.Page("index.py", title="Index", icon=":material/speed:"),
        st.Page("class.py", title="Class", icon=":material/groups:"),
    ],
    position="top",
)
address_bar.arrive(page.title)
class_seat.read_address()
page.run()
