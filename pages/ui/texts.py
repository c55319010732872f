"""A text of one's own in the form: pasted, uploaded, a file on the server, or one that was brought before."""

import functools
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal

import streamlit as st
from streamlit.components import v2 as components

from engine.errors import DataError
from engine.keeping import size_in_words
from engine.words.texts import own
from engine.words.texts.bringing import brought, on_server
from pages.ui import live_assets
from pages.ui.live_panel import shim
from pages.ui.live_routes import LIVE
from pages.ui.person import person
from pages.ui.places import home_folder
from pages.ui.rights import UploadRight
from pages.ui.text import plain, told_apart

SETTING = "own"
"""The setting that holds the id of a text: it is filled here, not by typing."""
Way = Literal["paste", "upload", "kept", "server"]
WAYS: dict[Way, str] = {
    "paste": "Paste it",
    "upload": "Upload a file",
    "kept": "One that you have brought",
    "server": "A file on this server",
}
NONE = "Choose one"
AREA_HEIGHT = 180
PASTE = "Paste a text here: the longer, the better. A few thousand words are the least."
MOST_PASTED_CHARS = own.MOST_PASTED // 2

_mount = components.component(
    "learnscope.text_picker", html='<div class="ls-picker"></div>', js=shim("filepicker.js"), isolate_styles=False
)


def bring(key: str, current: str, *, locked: bool = False, asks: str = PASTE) -> None:
    """Offer to bring a text; its id is what ``st.session_state[key]`` then holds. Below stands which one is in use.

    Where it is ``locked``, no other is taken. ``asks`` is what stands in the empty field.
    """
    if not locked:
        _offer(key, current, asks)
    refused = st.session_state.get(_refused(key))
    if refused:
        st.error(plain(refused, 400))
    _in_use(current)


def _offer(key: str, current: str, asks: str) -> None:
    kept, files = own.TEXTS.listed(home_folder(), person()), on_server()
    ids: dict[Way, set[str]] = {"kept": {one.id for one in kept}, "server": {one.id for one in files}}
    there: list[Way] = ["paste", "upload", *(way for way, some in ids.items() if some)]
    slot = f"{key}.way"
    begin: Sequence[Way] = [way for way, some in ids.items() if current in some] or ["paste"]
    if st.session_state.setdefault(slot, begin[0]) not in there:
        st.session_state[slot] = "paste"
    at = there.index(st.session_state[slot])
    match st.selectbox("Your text", there, at, format_func=lambda way: WAYS[way], key=slot):
        case "upload":
            _upload(key)
        case "kept":
            _choose(key, current, {one.id: one.name for one in kept}, "Texts that you have brought")
            _give_up(key, current, ids["kept"])
        case "server":
            _choose(key, current, {one.id: one.title for one in files}, "Texts on this server")
        case _:
            _paste(key, asks)


def _paste(key: str, asks: str) -> None:
    st.text_area(
        "Text to learn from",
        key=f"{key}.pasted",
        height=AREA_HEIGHT,
        max_chars=MOST_PASTED_CHARS,
        placeholder=asks,
        label_visibility="collapsed",
    )
    st.button("Use this text", icon=":material/content_paste:", on_click=_take, args=(key,), key=f"{key}.use")


def _take(key: str) -> None:
    text: str = st.session_state.get(f"{key}.pasted") or ""
    try:
        st.session_state[key] = own.keep(home_folder(), [text.encode(errors="replace")], own.PASTED, person())
        st.session_state.pop(_refused(key), None)
    except DataError as error:
        st.session_state[_refused(key)] = str(error)


def _upload(key: str) -> None:
    data: dict[str, Any] = {
        "base": LIVE,
        "version": live_assets.version(),
        "token": UploadRight(person()).token(),
        "most": own.MAX_BYTES,
        "to": "texts/upload",
        "label": "File of text",
        "about": "text, or a table (.csv, .tsv) with a column of text, also .gz.",
        "testid": "ls-text-file",
    }
    picker = f"{key}.file"
    _mount(key=picker, data=data, on_kept_change=functools.partial(_uploaded, key, picker))


def _uploaded(key: str, picker: str) -> None:
    told = st.session_state[picker].get("kept")
    if isinstance(told, str):
        st.session_state[key] = told
        st.session_state.pop(_refused(key), None)


def _choose(key: str, current: str, names: Mapping[str, str], label: str) -> None:
    titles = told_apart({"": NONE} | dict(names))
    options = list(titles)
    chosen = _chosen_key(key, current)
    st.session_state[chosen] = current if current in names else ""
    st.selectbox(
        label,
        options,
        options.index(st.session_state[chosen]),
        format_func=lambda one: titles.get(one, str(one)),
        key=chosen,
        on_change=_chosen,
        args=(key, chosen, options),
        label_visibility="collapsed",
    )


def _chosen_key(key: str, current: str) -> str:
    """Return the key of the field in which a text is chosen: another one where ``current`` is none that it has said."""
    slot = _field(key)
    edition, said = st.session_state.setdefault(slot, (0, current))
    if said != current:
        st.session_state[slot] = (edition + 1, current)
    return f"{key}.chosen.{st.session_state[slot][0]}"


def _chosen(key: str, chosen: str, offered: Collection[str]) -> None:
    """Take the text that was chosen of those ``offered``.

    A browser that is late still says what stood in this field before another text was pasted or uploaded. That is no
    choice, and the text in use stays.
    """
    edition, said = st.session_state[_field(key)]
    told, current = st.session_state[chosen], st.session_state.get(key, said)
    if told in offered and current == said and chosen == f"{key}.chosen.{edition}":
        st.session_state[key] = told
        st.session_state[_field(key)] = (edition, told)
        st.session_state.pop(_refused(key), None)


def _field(key: str) -> str:
    return f"{key}.field"


def _give_up(key: str, current: str, theirs: set[str]) -> None:
    if current in theirs:
        st.button("Delete this text", icon=":material/delete:", on_click=_delete, args=(key, current), key=f"{key}.del")


def _delete(key: str, current: str) -> None:
    try:
        own.TEXTS.give_up(home_folder(), current, person())
        st.session_state[key] = ""
    except DataError as error:
        st.session_state[_refused(key)] = str(error)


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


def _refused(key: str) -> str:
    return f"{key}.refused"
