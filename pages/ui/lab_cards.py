"""The home page's cards: every lab of the catalogue, with a picture of a net that it has trained."""

import streamlit as st

from engine.labs.catalogue import LABS
from engine.labs.lab import Lab
from pages.ui.places import ASSETS

PICTURES = ASSETS / "pictures"
CARD_WIDTH = 430
"""Pixels: three cards beside each other on a laptop, one on a telephone."""


def lab_cards() -> None:
    """Show every lab: what it looks like, its title, what it is about, and the way in."""
    with st.container(horizontal=True):
        for lab in LABS.values():
            with st.container(border=True, width=CARD_WIDTH):
                _card(lab)


def _card(lab: Lab) -> None:
    st.image(str(PICTURES / f"{lab.name}.png"), width="stretch", alt=lab.picture.alt)
    st.subheader(lab.title)
    st.markdown(lab.summary)
    st.page_link(page_of(lab.name), label="Open the lab", icon=":material/arrow_forward:")


def page_of(lab: str) -> str:
    """Return the script of a lab's page, as links name it."""
    return f"{lab}.py"
