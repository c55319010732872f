"""Where vectors come from: a choice, at the side."""

import functools
from collections.abc import Collection

import streamlit as st

from engine.words.sources import Group, Source
from pages.ui.person import person
from pages.ui.text import plain, told_apart
from pages.ui.words.room import words
from pages.ui.words.space_desk import SpaceDesk
from pages.ui.words.upload import upload

UPLOAD = "Your file, uploaded by you"


def choose_source(here: SpaceDesk, label: str = "Vectors") -> None:
    """Let a person choose which vectors are open, in a field of this ``label``; raises DataError where those of a link
    are not here.
    """
    groups = words().library.sources(person())
    current = _group_of(groups, here.asked.source)
    key = here.key("group")
    st.session_state.setdefault(key, current)
    offered = list(dict.fromkeys([*(group.title for group in groups), UPLOAD, current]))
    st.selectbox(
        label,
        offered,
        offered.index(st.session_state[key]) if st.session_state[key] in offered else 0,
        key=key,
        on_change=functools.partial(_turn, here, groups, key),
    )
    chosen = next((group for group in groups if group.title == st.session_state[key]), None)
    if chosen is not None:
        _choose(here, chosen)
    if st.session_state[key] == UPLOAD:
        upload(here)
        if chosen is None:
            title = words().library.source(here.asked.source).title
            st.caption(f"Until a file is there, the page goes on with **{plain(title)}**.")
            return  # nor is anything else of that to be said under this title
    _limit(here)
    one = words().library.source(here.asked.source)
    st.caption(plain(one.words, 400))
    if one.private:
        st.caption("Private: whoever is sent the address of this page can open it, and nobody else finds it.")


def _group_of(groups: list[Group], asked: str) -> str:
    """Return the kind of a source; one that is somebody else's upload is none of those that are offered."""
    found = (group.title for group in groups if any(one.id == asked for one in group.sources))
    return next(found, "From a link")


def _turn(here: SpaceDesk, groups: list[Group], key: str) -> None:
    """Open the first of another kind; of those to be downloaded none, before one was chosen."""
    if key != here.key("group"):
        return  # a browser that is late says what stood there before all fields were filled anew
    chosen = next((group for group in groups if group.title == st.session_state[key]), None)
    if chosen is not None and here.asked.source not in (one.id for one in chosen.sources):
        here.open(chosen.sources[0].id)


def _choose(here: SpaceDesk, group: Group) -> None:
    key = here.key("source")
    by_id: dict[str, Source] = {one.id: one for one in group.sources}
    if here.asked.source not in by_id:
        return
    titles = told_apart({name: one.title for name, one in by_id.items()})
    st.session_state[key] = here.asked.source
    st.selectbox(
        group.title,
        list(by_id),
        list(by_id).index(here.asked.source),
        format_func=lambda name: titles.get(name, str(name)),
        key=key,
        on_change=functools.partial(_open, here, by_id, key),
        label_visibility="collapsed",
    )


def _open(here: SpaceDesk, offered: Collection[str], key: str) -> None:
    """Open what was chosen of those ``offered``.

    A browser that is late still says what stood in this field under the kind before. What is told then, and once more
    when it has caught up, is no choice: what is open stays, and with it what is asked.
    """
    chosen, current = st.session_state[key], here.asked.source
    if key == here.key("source") and chosen != current and {chosen, current} <= set(offered):
        here.open(chosen)


def _limit(here: SpaceDesk) -> None:
    here.take("limit")
    here.widget("limit")
