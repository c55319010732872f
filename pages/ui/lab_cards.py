"""The home page's cards: all labs, of runs and of words, each with a picture of what it has learnt."""

import streamlit as st

from engine.labs.catalogue import LABS
from pages.ui.places import ASSETS
from pages.ui.words.card import COMPARE_WORDS, INDEX, WORDS, Card

PICTURES = ASSETS / "pictures"
CARD_WIDTH = 430
"""Pixels: three cards beside each other on a laptop, one on a telephone."""


def lab_cards() -> None:
    """Show every lab: what it looks like, its title, what it is about, and the way in."""
    with st.container(horizontal=True):
        for one in cards():
            with st.container(border=True, width=CARD_WIDTH, height="stretch"):
                _card(one)


def cards() -> list[Card]:
    """Return the cards of all labs."""
    labs = (Card(lab.name, lab.title, lab.summary, lab.picture.alt) for lab in LABS.values())
    return [*labs, WORDS, COMPARE_WORDS, INDEX]


def _card(card: Card) -> None:
    st.image(str(PICTURES / f"{card.name}.png"), width="stretch", alt=card.alt)
    st.subheader(card.title)
    st.markdown(card.summary)
    st.page_link(page_of(card.name), label="Open the lab", icon=":material/arrow_forward:")


def page_of(lab: str) -> str:
    """Return the script of a lab's page, as links name it."""
    return f"{lab}.py"
