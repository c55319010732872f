"""How neighbours are searched: exactly, or by an index, which is built beside the page in spaces where it pays."""

from contextlib import suppress

import streamlit as st

from engine.errors import LearnscopeError
from engine.words import search_building
from engine.words.search_index import Recall
from engine.words.space import Space
from pages.ui.text import plain
from pages.ui.words.answers import Answer
from pages.ui.words.room import words
from pages.ui.words.slot import Desk


def index_of(space: Space) -> Recall | None:
    """Return what was measured of a space's index; where it pays and there is none, have it built."""
    recall = space.recall()
    order = search_building.order(space)
    if recall is None and order is not None and words().indexes.course(order) is None:
        with suppress(LearnscopeError):  # others have theirs built: it is asked for again
            words().indexes.ask(order, f"index {space.folder}")
    return recall


def choose(here: Desk, recall: Recall | None) -> None:
    """Let a person ask the index in place of all words."""
    if recall is not None:
        here.take("exact")
        here.widget("exact")


def tell(here: Desk, space: Space, found: Answer, recall: Recall | None) -> None:
    """Say how it was searched, how long that took, and what else there is."""
    took = f"{found.seconds * 1000:,.0f} ms"
    if here.asked.exact or recall is None or found.metric != "cosine":
        st.caption(f"Exact search through {len(space):,} words: {took}.{_more(space, recall)}")
        return
    st.caption(
        f"By an index: {took}. It finds {recall.share:.1%} of the {recall.k} nearest words, measured on "
        f"{recall.words:,} words, in {recall.approximate_ms:,.2g} ms against {recall.exact_ms:,.2g} ms (medians)."
    )


def _more(space: Space, recall: Recall | None) -> str:
    order = search_building.order(space) if recall is None else None
    course = words().indexes.course(order) if order is not None else None
    if recall is not None:
        return f" An index finds {recall.share:.1%} of them in {recall.approximate_ms:,.2g} ms: see How."
    if course is None or not course.live or course.progress is None:
        return ""
    share = f" {course.progress.share:.0%}," if course.progress.share else ""
    return f" An index is being built:{share} {plain(course.progress.words)}."
