"""A note in chapters, with steps that set its page up: what is about the section that is open comes first."""

import functools
import re
from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from pages.ui.note_text import Heading, Part, Step, parts
from pages.ui.notes import READABLE

CHAPTER = re.compile(r"^(?=## )", re.MULTILINE)
CHAPTER_TITLE = re.compile(r"## (.+)")


def show(numbered: Sequence[tuple[int, Part]], key: str, set_up: Callable[[Mapping[str, str]], None]) -> None:
    """Show the parts of a note; a step that is clicked has ``set_up`` called with its settings."""
    with st.container(width=READABLE):
        for place, part in numbered:
            match part:
                case Step():
                    st.button(
                        part.words,
                        key=f"{key}.{place}",
                        icon=":material/play_circle:",
                        on_click=set_up,
                        args=(part.settings,),
                        help="Sets the page up, above.",
                    )
                case Heading():
                    st.subheader(part.title)
                case str():
                    st.markdown(part)


@functools.cache
def chapter_first(text: str, first: str) -> list[tuple[int, Part]]:
    """Return the parts of a note with their places in it, those of the chapter titled ``first`` before all others."""
    chapter, own, others = "", [], []
    for numbered in enumerate(part for piece in CHAPTER.split(text) for part in parts(piece)):
        if isinstance(numbered[1], str) and (found := CHAPTER_TITLE.match(numbered[1])):
            chapter = found[1]
        (own if chapter == first else others).append(numbered)
    return own + others
