"""The suites that a space can be asked, as pages name them and tell about them."""

from collections.abc import Sequence

import streamlit as st

from engine.words.examples import is_world
from engine.words.scoring import WORLD
from engine.words.space import Space
from pages.ui.words.page_desk import PageDesk

SUITES = {
    WORLD: "Relations of the made-up world",
    "question-words": "Google's analogies",
    "wordsim353": "WordSim-353",
    "simlex999": "SimLex-999",
}
ABOUT = {
    WORLD: "All analogies that are known to hold in the made-up world: its text was written from them.",
    "question-words": "19,544 analogies in 14 sections (Mikolov and others 2013), asked by 3CosAdd among the first "
    "300,000 words, capitals or not. The words of a question are no answers.",
    "wordsim353": "353 pairs of words whose relatedness people have judged (Finkelstein and others 2002).",
    "simlex999": "999 pairs of words whose similarity people have judged, and not mere relatedness: coffee and cup are "
    "related and not similar (Hill, Reichart and Korhonen 2015).",
}


def offered(spaces: Sequence[Space]) -> list[str]:
    """Return the suites that can be asked of some spaces: that of the made-up world where one of them knows it."""
    return [name for name in SUITES if name != WORLD or any(map(is_world, spaces))]


def choose_suite(here: PageDesk, names: Sequence[str], setting: str = "suite") -> str:
    """Let a person choose one of some suites, kept in a setting of the page, and return it."""
    key = here.key(setting)
    asked = getattr(here.asked, setting)
    st.session_state.setdefault(key, asked if asked in names else names[0])
    if st.session_state[key] not in names:
        st.session_state[key] = names[0]
    begin = st.session_state[key]
    st.segmented_control("Suite", names, default=begin, format_func=SUITES.__getitem__, key=key, required=True)
    here.change(**{setting: st.session_state[key]})
    return getattr(here.asked, setting)
