"""Maps: which words are laid out and how, the map as it forms and when it is done, and how far it can be trusted."""

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from engine.errors import LearnscopeError
from engine.jobs import Course
from engine.words.maps import keeping
from engine.words.maps.spec import map_key, map_order, wobble_order
from engine.words.space import Space
from pages.ui.form import form
from pages.ui.notes import READABLE
from pages.ui.person import person
from pages.ui.text import plain
from pages.ui.words import map_acts
from pages.ui.words.jobs import ask, result_of
from pages.ui.words.map_look import MapLook
from pages.ui.words.map_told import telling
from pages.ui.words.pointmap import point_map
from pages.ui.words.ranked import number
from pages.ui.words.room import words
from pages.ui.words.slot import Desk
from pages.ui.words.watching import watch

KEY = "words.map"
ABOUT = (
    "A map puts words that are near each other in the space near each other on paper, as far as two dimensions can. "
    "Which words, and how, is set at the side; on a phone that opens by the arrows at the top."
)


def word_map(here: Desk, space: Space) -> None:
    """Show the section."""
    if here.folder is None:
        return
    with st.sidebar:
        filled = form(here.map, f"{KEY}.{here.edition}.{here.map_edition}")
    here.map = filled.spec
    if filled.complaint:
        st.error(plain(filled.complaint, 600))
    key = map_key(here.folder.name, here.map)
    course = words().maps.course(map_order(here.folder, here.map))
    header = None if course is not None and course.live else kept(key)
    if header is not None:
        here.drawn = f"{here.folder.name}{key}"
    shown, told = _shown(here, key, header) if course is None else (key, header)
    if course is None and told is None:
        st.markdown(ABOUT, width=READABLE)
    # One row in all states: what is below it stays where it is while a map forms, and when it is done.
    with st.container(horizontal=True, vertical_alignment="center"):
        if course is not None or told is not None:
            map_acts.axis_field(here)
        if course is not None and course.live:
            watch(functools.partial(_goes_on, here, here.folder, course.state))
        elif header is None:
            _to_draw(here, here.folder, old=told is not None)
    if course is not None or told is not None:
        _draw(here, space, shown, course, told)
    if told is not None:
        st.markdown(telling(told), width=READABLE)
        for note in told.get("notes", []):
            st.caption(plain(str(note), 400))
    if header is not None and header["method"] != "pca":
        _chance(here, here.folder)


def _shown(here: Desk, key: str, header: Mapping[str, Any] | None) -> tuple[str, Mapping[str, Any] | None]:
    """Return the key of the map to be shown and what it says of itself: the one that is set, or the one before, which
    stays until the new one is asked for.
    """
    if header is None and here.folder is not None and here.drawn.startswith(here.folder.name):
        before = here.drawn.removeprefix(here.folder.name)
        return before, kept(before)
    return key, header


def _chance(here: Desk, folder: Path) -> None:
    """Offer to lay the map out again with other seeds, and tell how far its words stray; they can be coloured by it."""
    found = result_of(
        here,
        words().maps,
        wobble_order(folder, here.map),
        "How much of it is chance?",
        "Laying it out with other seeds",
        f"{KEY}.wobble",
    )
    if found is not None:
        st.markdown(
            f"- **Wobble {number(found['mean'])}.** With {len(found['seeds'])} other seeds a word comes to lie so far "
            "from its place here, on average, in units of the map's radius. Colour by *Wobble over seeds* to see which "
            "words stray: where they lie says little.",
            width=READABLE,
        )


def kept(key: str) -> Mapping[str, Any] | None:
    """Return what a finished map says of itself; read once for as long as the file stays the same."""
    try:
        stamp = (keeping.maps_folder() / key / keeping.MAP).stat().st_mtime_ns
    except OSError:
        return None
    cache: dict[str, tuple[int, Mapping[str, Any] | None]] = st.session_state.setdefault(f"{KEY}.kept", {})
    if key not in cache or cache[key][0] != stamp:
        header = keeping.kept(key)
        stamp = (keeping.maps_folder() / key / keeping.MAP).stat().st_mtime_ns if header else stamp
        cache[key] = (stamp, header)
    return cache[key][1]


def _to_draw(here: Desk, folder: Path, *, old: bool) -> None:
    """Offer to draw what is set at the side; ``old`` tells that another map is still to be seen."""
    order = map_order(folder, here.map)
    st.button(
        "Draw the map",
        icon=":material/draw:",
        on_click=ask,
        args=(here, words().maps, order),
        key=f"{KEY}.go",
    )
    if old:
        st.caption("The settings have changed since: below is still the map of before.", width="content")


def _draw(here: Desk, space: Space, key: str, course: Course | None, header: Mapping[str, Any] | None) -> None:
    """Mount the map."""
    state, message = "", ""
    if header is None and course is not None:
        state, message = course.state, course.message
        if course.state == "waiting" and course.ahead:
            message = f"{course.ahead:,} others come before this map."
    point_map(
        key,
        person=person(),
        title="Map of words",
        key=KEY,
        look=here.opened_look,
        scores=map_acts.scores(here, space, key) if header is not None else (),
        actions=map_acts.ACTIONS,
        state=state,  # type: ignore[arg-type]
        message=message,
        cancellable=course is not None and course.live,
        on_act=functools.partial(map_acts.act, here, space),
        on_look=functools.partial(_look, here),
        on_done=lambda: None,
        on_cancel=functools.partial(_cancel, here),
    )


def _look(here: Desk, look: MapLook) -> None:
    here.look = look


def _cancel(here: Desk) -> None:
    if here.folder is not None:
        words().maps.leave(map_order(here.folder, here.map), person())


def _goes_on(here: Desk, folder: Path, state: str) -> bool:
    """Tell what is being done, and whether the work is still in this state."""
    try:
        course = words().maps.course(map_order(folder, here.map))
    except LearnscopeError:
        course = None
    if course is None or course.state != state:
        return False
    if course.progress is not None and not forms(map_key(folder.name, here.map)):
        st.caption(plain(course.progress.words, 200), width="content")  # from then on the map says it itself
    return True


def forms(key: str) -> bool:
    """Tell whether there is something to be seen of a map that is being made."""
    return (keeping.maps_folder() / key / keeping.LAYOUT).exists()
