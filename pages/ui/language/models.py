"""A model of one's own in the form: its files uploaded, a folder on the server, or one that was brought before."""

import streamlit as st

from engine.errors import DataError
from engine.language.models import hub, own
from engine.language.models.bringing import brought, on_server, size_of
from pages.ui import bringing
from pages.ui.text import plain

SETTING = "own_model"
"""The setting that holds the id of a model: it is filled here, not by typing."""
WAYS = {
    "upload": "Upload its files",
    "kept": "One that you have brought",
    "server": "A folder on this server",
    "hub": "By its name on a hub",
}
NONE = "Choose one"
FILES = bringing.Files(
    "models/upload",
    own.MAX_BYTES,
    "Files of a model",
    "config.json, model.safetensors, and its symbols: tokenizer.json, or vocab.json with merges.txt, or vocab.txt; "
    "or all of them in one zip.",
    "ls-model-files",
    own.MOST_PARTS,
)


def own_model(key: str, current: str, *, locked: bool = False) -> None:
    """Offer to bring a model; its id is what ``st.session_state[key]`` then holds. Below stands which one is in use.
    Where it is ``locked``, no other is taken.
    """
    if not locked:
        _offer(key, current)
    bringing.say_refused(key)
    if current:
        _in_use(current)


def _offer(key: str, current: str) -> None:
    kept, folders = bringing.brought_before(own.MODELS), on_server()
    match bringing.way(key, current, "Your model", WAYS, {"kept": kept, "server": folders}):
        case "kept":
            bringing.choose(key, "kept", current, kept, "Models that you have brought", NONE)
            bringing.give_up(key, current, own.MODELS, kept, "Delete this model")
        case "server":
            bringing.choose(key, "server", current, folders, "Models on this server", NONE)
        case "hub":
            field = f"{key}.name"
            st.text_input("Name on the hub", key=field, max_chars=200, placeholder="openai-community/gpt2")
            st.button("Download it", icon=":material/download:", on_click=_name, args=(key, field), key=f"{key}.get")
            st.caption(f"It is asked for at {plain(hub.base())} only when you press that.")
        case _:
            bringing.upload(key, FILES)


def _name(key: str, field: str) -> None:
    name = str(st.session_state.get(field) or "").strip()
    bringing.take(key, f"{hub.KIND}{name}" if name else "")


def _in_use(current: str) -> None:
    try:
        title, config = brought(current).title, size_of(current)
    except DataError:
        return  # the page says so: without its model there is nothing to be seen
    kind = {"gpt2": "GPT-2", "bert": "BERT"}[config.kind]
    st.caption(f"In use: {plain(title)}.")
    st.caption(f"{kind}, {config.blocks} blocks of {config.heads} heads, {config.parameters:,} numbers.")
