"""The spaces that are compared: chosen at the side, and opened one after the other."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.errors import DataError
from engine.words.space import Space
from pages.ui.text import plain
from pages.ui.words.about import about
from pages.ui.words.opening import opened
from pages.ui.words.room import words
from pages.ui.words.sources import choose_source
from pages.ui.words_compare.slot import Desk, Place

THIRD = "packaged:lee-fasttext"
"""With what a third space begins."""
Boxes = Mapping[str, DeltaGenerator]


@dataclass(frozen=True, slots=True)
class Opened:
    """A space that is open, the ``letter`` that the page calls it by, and the title of its source."""

    letter: str
    title: str
    space: Space

    @property
    def name(self) -> str:
        """What figures and tables call it."""
        return f"{self.letter} · {self.title}"


def folders(spaces: Sequence[Opened]) -> list[Path]:
    """Return where spaces are kept, for a job that opens them too; raises DataError for one that is not on disk."""
    found = [one.space.folder for one in spaces]
    if None in found:
        raise DataError("One of these spaces is in memory alone, and cannot be compared by another process.")
    return [folder for folder in found if folder is not None]


def choose_spaces(here: Desk) -> Boxes:
    """Let a person choose the spaces; raises DataError where those of a link are not here.

    Returns the box of each at the side, by its letter, for what is to be told of it when it is open.
    """
    boxes = {place.letter: _choose(place) for place in here.places[:2]}
    third = here.places[2]
    key = third.key("wanted")
    st.session_state.setdefault(key, bool(third.asked.source))
    st.toggle("A third space", st.session_state[key], key=key, on_change=functools.partial(_turn, third, key))
    return boxes | ({third.letter: _choose(third)} if third.asked.source else {})


def open_spaces(here: Desk, boxes: Boxes) -> list[Opened] | None:
    """Return the spaces; None while one of them is being opened, which is told. Raises LearnscopeError."""
    found = []
    for place in here.wanted():
        title = words().library.source(place.asked.source).title
        said = st.empty()
        space = opened(place)
        if space is None:
            said.markdown(f"**{place.letter} · {plain(title)}**")
            return None
        with boxes[place.letter]:
            about(place, space)
        found.append(Opened(place.letter, title, space))
    return found


def _choose(place: Place) -> DeltaGenerator:
    box = st.container(border=True)
    with box:
        choose_source(place, f"Space {place.letter}")
    return box


def _turn(third: Place, key: str) -> None:
    if key != third.key("wanted"):
        return  # a browser that is late says so of the page before
    if st.session_state[key] != bool(third.asked.source):
        third.open(THIRD if st.session_state[key] else "")
        third.edition += 1
