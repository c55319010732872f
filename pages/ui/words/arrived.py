"""The place to which a step of the note leads: the top of what it has set up."""

import streamlit as st
from streamlit.components import v2 as components

from pages.ui import live_assets
from pages.ui.live_panel import shim
from pages.ui.live_routes import LIVE
from pages.ui.words.page_desk import PageDesk

_mount = components.component(
    "learnscope.arrived", html='<div class="ls-arrived"></div>', js=shim("arrived.js"), isolate_styles=False
)


def arrived(here: PageDesk) -> None:
    """Have the page come into sight where a step of its note was taken since it was drawn last."""
    if here.steps:
        data = {"base": LIVE, "version": live_assets.version(), "steps": here.steps, "words": "Set up by the note."}
        with st.container(height=1, border=False):
            _mount(key=f"{here.page}.arrived", data=data, height=1)
