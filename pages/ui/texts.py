"""A text of one's own in the form: pasted, uploaded, a file on the server, or one that was brought before."""

import streamlit as st

from engine.errors import DataError
from engine.keeping import size_in_words
from engine.spec import Spec
from engine.words.texts import own
from engine.words.texts.bringing import brought, on_server
from pages.ui import bringing
from pages.ui.text import plain

SETTING = "own"
"""The setting that holds the id of a text: it is filled here, not by typing."""
WAYS = {
    "paste": "Paste it",
    "upload": "Upload a file",
    "kept": "One that you have brought",
    "server": "A file on this server",
}
SECOND = "own_targets"
"""The setting that holds the id of a second text, whose lines belong to those of the first."""
NONE = "Choose one"
PAIRS = "Paste pairs here: in each line a source, a tab and its target. Twenty are the least, thousands are better."
TARGETS = "Only if the targets are in a file of their own: paste them here, line for line."
PASTE = "Paste a text here: the longer, the better. A few thousand words are the least."
TITLES = {PAIRS: "Your pairs", TARGETS: "Your targets"}
MOST_PASTED_CHARS = own.MOST_PASTED // 2
FILE = bringing.Files(
    "texts/upload",
    own.MAX_BYTES,
    "File of text",
    "text, or a table (.csv, .tsv) with a column of text, also .gz.",
    "ls-text-file",
)


def asks(spec: Spec) -> str:
    """Return what stands in the empty field for the text of a spec: where there can be a second one, pairs."""
    return PAIRS if SECOND in type(spec).model_fields else PASTE


def bring(key: str, current: str, *, locked: bool = False, asks: str = PASTE) -> None:
    """Offer to bring a text; its id is what ``st.session_state[key]`` then holds. Below stands which one is in use.

    Where it is ``locked``, no other is taken. ``asks`` is what stands in the empty field.
    """
    if not locked:
        _offer(key, current, asks)
    bringing.say_refused(key)
    _in_use(current)


def _offer(key: str, current: str, asks: str) -> None:
    kept, files = bringing.brought_before(own.TEXTS), {one.id: one.title for one in on_server()}
    match bringing.way(key, current, TITLES.get(asks, "Your text"), WAYS, {"kept": kept, "server": files}):
        case "upload":
            bringing.upload(key, FILE)
        case "kept":
            bringing.choose(key, "kept", current, kept, "Texts that you have brought", NONE)
            bringing.give_up(key, current, own.TEXTS, kept, "Delete this text")
        case "server":
            bringing.choose(key, "server", current, files, "Texts on this server", NONE)
        case _:
            bringing.paste(key, MOST_PASTED_CHARS, "Text to learn from", asks, "Use this text", own.keep)


def _in_use(current: str) -> None:
    if not current:
        return
    try:
        text = brought(current)
    except DataError:
        return  # the page says so: without its text there is no run
    st.caption(f"In use: {plain(text.name)}, {size_in_words(text.size)}.")
    if not text.exactly:
        st.caption("Whoever is sent the address of this page can learn from it too, and nobody else finds it.")
