"""Questions that vectors answer wrongly, and why: each as a card, with what the open space answers to it."""

from collections.abc import Callable

import streamlit as st

from engine.words.failure import Failure, Outcome
from engine.words.gallery import gallery
from engine.words.space import Space
from pages.ui.text import plain
from pages.ui.words.ranked import number
from pages.ui.words.slot import Desk

COLUMNS = 3
ANSWERS = 3
KEPT = 200


def failures(here: Desk, space: Space, ask: Callable[[Failure], None]) -> None:
    """Show the cards whose words the space has; ``ask(entry)`` is called when the question of one is to be asked."""
    entries = gallery(space)
    if not entries:
        st.info("Of the questions of this gallery not one has all its words in this space: the made-up world has all.")
        return
    for start in range(0, len(entries), COLUMNS):
        for place, entry in zip(st.columns(COLUMNS), entries[start : start + COLUMNS], strict=False):
            with place.container(border=True, height="stretch"):
                _card(here, space, entry, ask)


def _card(here: Desk, space: Space, entry: Failure, ask: Callable[[Failure], None]) -> None:
    found = _outcome(space.provenance.sha256, len(space), entry.name, space)
    st.markdown(f"**{plain(entry.title)}**")
    st.markdown(f"{plain(entry.formula)}  →  {told(entry, found)}")
    st.markdown(plain(entry.why, 600))
    st.caption(f"{plain(found.evidence, 600)} *{plain(entry.paper)}*")
    if not found.failed:
        st.caption("In this space it does not fail for this reason.")
    st.button(
        "Ask it", key=here.key(f"failure.{entry.name}"), on_click=ask, args=(entry,), icon=":material/play_arrow:"
    )


def told(entry: Failure, found: Outcome) -> str:
    """Return what was answered, and where the expected word came, as Markdown."""
    answers = ", ".join(f"**{plain(word)}** {number(score)}" for word, score in found.answers[:ANSWERS])
    place = "is not among the answers" if found.rank is None else f"is answer {found.rank:,}"
    return f"{answers}.  \nExpected: **{plain(entry.expected)}**, which {place}."


# Kept by what the space holds: Streamlit leaves out what begins with _ when it looks for what it has kept.
@st.cache_data(show_spinner="Asking what goes wrong …", max_entries=KEPT)
def _outcome(sha256: str, rows: int, name: str, _space: Space) -> Outcome:
    return next(entry for entry in gallery(_space) if entry.name == name).check(_space)
