"""The text of the run above, looked at: a view of it is chosen, and only that one is made."""

from collections.abc import Callable, Mapping

import streamlit as st

from engine.errors import DataError, LearnscopeError
from engine.labs.lab import Lab
from engine.labs.train_words import TrainWordsSpec
from engine.words.corpus import EncodedText
from engine.words.texts import cutting
from pages.ui.corpus.asked import View
from pages.ui.corpus.counts import counts
from pages.ui.corpus.labels import labels
from pages.ui.corpus.markup import STYLE
from pages.ui.corpus.pairs import pairs
from pages.ui.corpus.seen import Seen, draw
from pages.ui.corpus.tokens import tokens
from pages.ui.corpus.tree import tree
from pages.ui.corpus.work import followed
from pages.ui.desk.address import write_link
from pages.ui.desk.slot import kept
from pages.ui.text import plain
from pages.ui.words.room import words

VIEWS: Mapping[View, Callable[[Seen], None]] = {
    "tokens": tokens,
    "counts": counts,
    "pairs": pairs,
    "tree": tree,
    "labels": labels,
}


@st.fragment
def text_explorer(lab: Lab, key: str) -> None:
    """Show the text of the run above; ``key`` begins the keys of the controls."""
    here = kept(lab)
    if here is None or not isinstance(here.spec, TrainWordsSpec):
        return
    with st.container(border=True):
        st.html(STYLE)
        key = f"{key}.{here.edition}"
        try:
            view = draw(here, "view", key)
            text = _text(here.spec, key)
            if text is not None:
                VIEWS[view](Seen(here, here.spec, text, key))
        except LearnscopeError as error:
            st.warning(plain(str(error), 600), icon=":material/info:")
    if here.run:
        write_link(here)


def _text(spec: TrainWordsSpec, key: str) -> EncodedText | None:
    """Return the text of the settings, cut; None while that is done, which is told."""
    found = cutting.kept(spec, spec.text())
    if found is not None:
        return found
    order = cutting.order(spec, spec.text())
    course = words().texts.course(order)
    if course is not None and course.live:
        st.caption("The text is being cut above.")
        return None
    if followed(order, "Cutting the text into tokens", f"{key}-cut") is None:
        return None
    found = cutting.kept(spec, spec.text())
    if found is None:
        words().looks.forget(order)
        raise DataError("The text is not kept any more, for others needed its room: choose a view to have it cut anew.")
    return found
