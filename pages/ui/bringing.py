"""Bringing something of one's own to learn from: pasted, uploaded, or chosen of what is here already.

Its id is what ``st.session_state[key]`` then holds, whichever way it was brought.
"""

import functools
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import streamlit as st
from streamlit.components import v2 as components

from engine.errors import DataError
from engine.keeping.owned import Owned, Thing
from pages.ui import live_assets
from pages.ui.live_panel import shim
from pages.ui.live_routes import LIVE
from pages.ui.person import person
from pages.ui.places import home_folder
from pages.ui.rights import UploadRight
from pages.ui.text import plain, told_apart

AREA_HEIGHT = 180
PASTED = "Pasted text"
Keep = Callable[[Path, Iterable[bytes], str, str], str]
"""Keeps what was pasted: home, pieces, name, owner; returns its id, or raises DataError."""

_mount = components.component(
    "learnscope.file_picker", html='<div class="ls-picker"></div>', js=shim("filepicker.js"), isolate_styles=False
)


def way(key: str, current: str, label: str, titles: Mapping[str, str], there: Mapping[str, Collection[str]]) -> str:
    """Return in which of the ways that have ``titles`` a person wants to bring something.

    Those that choose among ids which are ``there`` are offered where there are any; the one that has ``current`` is
    chosen at first, or else the first of all.
    """
    ways = [one for one in titles if one not in there or there[one]]
    slot = f"{key}.way"
    begin = next((one for one, ids in there.items() if current in ids), ways[0])
    if st.session_state.setdefault(slot, begin) not in ways:
        st.session_state[slot] = ways[0]
    at = ways.index(st.session_state[slot])
    return st.selectbox(label, ways, at, format_func=lambda one: titles[one], key=slot)


def paste(key: str, most: int, label: str, asks: str, button: str, keep: Keep) -> None:
    """Offer a field for at ``most`` so many characters, in which ``asks`` stands while it is empty, and a ``button``
    that has what stands there kept.
    """
    st.text_area(
        label,
        key=f"{key}.pasted",
        height=AREA_HEIGHT,
        max_chars=most,
        placeholder=asks,
        label_visibility="collapsed",
    )
    st.button(button, icon=":material/content_paste:", on_click=_pasted, args=(key, keep), key=f"{key}.use")


def _pasted(key: str, keep: Keep) -> None:
    text: str = st.session_state.get(f"{key}.pasted") or ""
    try:
        take(key, keep(home_folder(), [text.encode(errors="replace")], PASTED, person()))
    except DataError as error:
        _refuse(key, error)


@dataclass(frozen=True, slots=True)
class Files:
    """Files that a browser sends ``to`` a route below the live ones, of at ``most`` so many bytes.

    What they are called (``label``), which are expected (``about``), how many ``files`` at a time; a test finds them by
    ``testid``.
    """

    to: str
    most: int
    label: str
    about: str
    testid: str
    files: int = 1


def upload(key: str, wanted: Files) -> None:
    """Offer to upload files that are ``wanted``."""
    picker(f"{key}.file", wanted, functools.partial(take, key))


def picker(key: str, wanted: Files, kept: Callable[[str], None], height: int | Literal["content"] = "content") -> None:
    """Have a browser send files that are ``wanted``, and call ``kept`` with the id that the route answers."""
    page = {"base": LIVE, "version": live_assets.version(), "token": UploadRight(person()).token()}
    told = functools.partial(_uploaded, key, kept)
    _mount(key=key, data=page | asdict(wanted), height=height, on_kept_change=told)


def _uploaded(key: str, kept: Callable[[str], None]) -> None:
    told = st.session_state[key].get("kept")
    if isinstance(told, str):
        kept(told)


def brought_before(owned: Owned[Thing]) -> dict[str, str]:
    """Return the names of what this person has brought, by id."""
    return {one.id: one.name for one in owned.listed(home_folder(), person())}


def choose(key: str, way: str, current: str, names: Mapping[str, str], label: str, none: str) -> None:
    """Offer the things that have ``names``, by id, in one ``way`` of bringing; ``none`` is what stands first."""
    titles = told_apart({"": none} | dict(names))
    options = list(titles)
    field = f"{key}.{way}"
    chosen = _chosen_key(field, current)
    st.session_state[chosen] = current if current in names else ""
    st.selectbox(
        label,
        options,
        options.index(st.session_state[chosen]),
        format_func=lambda one: titles.get(one, str(one)),
        key=chosen,
        on_change=_chosen,
        args=(key, field, chosen, options),
        label_visibility="collapsed",
    )


def _chosen_key(field: str, current: str) -> str:
    """Return the key of the field of a choice: another one where ``current`` is none that it has said."""
    edition, said = st.session_state.setdefault(field, (0, current))
    if said != current:
        st.session_state[field] = (edition + 1, current)
    return f"{field}.{st.session_state[field][0]}"


def _chosen(key: str, field: str, chosen: str, offered: Collection[str]) -> None:
    """Take what was chosen of those ``offered``.

    A browser that is late still says what stood in this field before something was chosen in another one, pasted or
    uploaded. That is no choice, and what is in use stays.
    """
    edition, said = st.session_state[field]
    told, current = st.session_state[chosen], st.session_state.get(key, said)
    if told in offered and current == said and chosen == f"{field}.{edition}":
        take(key, told)
        st.session_state[field] = (edition, told)


def give_up(key: str, current: str, owned: Owned[Thing], theirs: Collection[str], label: str) -> None:
    """Offer to delete what is in use, where it is one of ``theirs``."""
    if current in theirs:
        st.button(label, icon=":material/delete:", on_click=_delete, args=(key, current, owned), key=f"{key}.del")


def _delete(key: str, current: str, owned: Owned[Thing]) -> None:
    try:
        owned.give_up(home_folder(), current, person())
        st.session_state[key] = ""
    except DataError as error:
        _refuse(key, error)


def say_refused(key: str) -> None:
    """Say why what was brought last was not taken, or not deleted, where that is so."""
    if refused := st.session_state.get(_refused(key)):
        st.error(plain(refused, 400))


def take(key: str, asked: str) -> None:
    """Have a thing be in use from now on."""
    st.session_state[key] = asked
    st.session_state.pop(_refused(key), None)


def _refuse(key: str, error: DataError) -> None:
    st.session_state[_refused(key)] = str(error)


def _refused(key: str) -> str:
    return f"{key}.refused"
