"""Upload of a file of vectors: chosen in the browser, taken in by a route, then open on the page."""

import functools

import streamlit as st

from engine.errors import DataError
from engine.words.sources import uploads
from pages.ui.bringing import Files, picker
from pages.ui.person import person
from pages.ui.places import home_folder
from pages.ui.words.space_desk import SpaceDesk

HEIGHT = 96
FILE = Files(
    "words/upload",
    uploads.MAX_BYTES,
    "File of vectors",
    "word2vec, GloVe or fastText, also .gz.",
    "ls-words-file",
)


def upload(here: SpaceDesk) -> None:
    """Offer to upload a file, and to delete the one that is open if it is this person's."""
    key = here.key("upload")
    picker(key, FILE, functools.partial(_open, here), HEIGHT)
    own = {one.id for one in uploads.listed(home_folder(), person())}
    if here.asked.source in own:
        st.button("Delete this file", icon=":material/delete:", on_click=_delete, args=(here,), key=f"{key}.delete")


def _open(here: SpaceDesk, told: str) -> None:
    here.open(told)
    here.edition += 1


def _delete(here: SpaceDesk) -> None:
    try:
        uploads.delete(home_folder(), here.asked.source, person())
    except DataError as error:
        here.notice = str(error)
    here.open("world")
    here.edition += 1
