"""Upload of a file of vectors: chosen in the browser, taken in by a route, then open on the page."""

import functools
from typing import Any

import streamlit as st
from streamlit.components import v2 as components

from engine.errors import DataError
from engine.words.sources import uploads
from pages.ui import live_assets
from pages.ui.live_panel import shim
from pages.ui.live_routes import LIVE
from pages.ui.person import person
from pages.ui.places import home_folder
from pages.ui.rights import UploadRight
from pages.ui.words.space_desk import SpaceDesk

HEIGHT = 96

_mount = components.component(
    "learnscope.file_picker", html='<div class="ls-picker"></div>', js=shim("filepicker.js"), isolate_styles=False
)


def upload(here: SpaceDesk) -> None:
    """Offer to upload a file, and to delete the one that is open if it is this person's."""
    data: dict[str, Any] = {
        "base": LIVE,
        "version": live_assets.version(),
        "token": UploadRight(person()).token(),
        "most": uploads.MAX_BYTES,
        "to": "words/upload",
        "label": "File of vectors",
        "about": "word2vec, GloVe or fastText, also .gz.",
        "testid": "ls-words-file",
    }
    key = here.key("upload")
    _mount(key=key, data=data, height=HEIGHT, on_kept_change=functools.partial(_open, here, key))
    own = {one.id for one in uploads.listed(home_folder(), person())}
    if here.asked.source in own:
        st.button("Delete this file", icon=":material/delete:", on_click=_delete, args=(here,), key=f"{key}.delete")


def _open(here: SpaceDesk, key: str) -> None:
    told = st.session_state[key].get("kept")
    if isinstance(told, str):
        here.open(told)
        here.edition += 1


def _delete(here: SpaceDesk) -> None:
    try:
        uploads.delete(home_folder(), here.asked.source, person())
    except DataError as error:
        here.notice = str(error)
    here.open("world")
    here.edition += 1
