"""The note of the index page, with steps that set it up."""

import functools

import streamlit as st

from pages.ui.index_lab.asked import Asked
from pages.ui.index_lab.slot import desk
from pages.ui.notes import READABLE, Heading, Step, parts
from pages.ui.places import ASSETS
from pages.ui.words.card import INDEX


def note() -> None:
    """Show it."""
    with st.container(width=READABLE):
        for place, part in enumerate(parts(text())):
            match part:
                case Step():
                    st.button(
                        part.words,
                        key=f"index.note.{place}",
                        icon=":material/play_circle:",
                        on_click=_set_up,
                        args=(part.settings,),
                        help="Sets the page up, above.",
                    )
                case Heading():
                    st.subheader(part.title)
                case str():
                    st.markdown(part)


def _set_up(settings: dict[str, str]) -> None:
    desk().set_up(Asked.from_strings(settings))


@functools.cache
def text() -> str:
    """Return the note as it is written."""
    return (ASSETS / "notes" / f"{INDEX.name}.md").read_text(encoding="utf-8")
