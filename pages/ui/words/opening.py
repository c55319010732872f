"""The space that the page asks for: at once where it was opened before, else as soon as a job has read or learnt it."""

import functools

import streamlit as st

from engine.errors import LearnscopeError
from engine.jobs import Course
from engine.words.space import Space
from pages.ui.person import person
from pages.ui.text import plain
from pages.ui.words.room import words
from pages.ui.words.space_desk import CATALOGUE, SpaceDesk
from pages.ui.words.watching import watch


def opened(here: SpaceDesk) -> Space | None:
    """Return the space; None while it is being opened, which is told with its progress. Raises LearnscopeError."""
    room, asked = words(), here.asked
    space = room.library.space(asked.source, asked.limit)
    here.folder = room.library.folder(asked.source, asked.limit or None)
    if space is not None:
        here.had = here.folder
        return space
    if here.had is not None and here.had == here.folder:
        _offer(here, "These vectors are not kept any more: others needed their room on the disk.", "Open again")
        return None
    if here.called_off == here.opening:
        if asked.source.startswith(CATALOGUE):
            _offer(here, "These vectors are to be downloaded first.", "Download and open")
        else:
            _offer(here, "Opening these vectors was called off, here or by opening others in another tab.", "Open")
        return None
    course = room.library.opened(room.opens(asked.source), asked.source, asked.limit, person())
    if isinstance(course, Space):
        return course
    if course.state == "failed":
        st.error(plain(course.message, 600))
        _offer(here, "", "Try again")
    elif course.state == "done":
        _too_large(here, course)
    else:
        watch(functools.partial(_going, here, here.opening))
    return None


def _offer(here: SpaceDesk, said: str, press: str) -> None:
    if said:
        st.info(said, icon=":material/info:")
    st.button(press, icon=":material/refresh:", on_click=_again, args=(here,), key="words.open.again")


def _again(here: SpaceDesk) -> None:
    here.called_off, here.had = "", None
    try:
        words().opens(here.asked.source).forget(words().library.order(here.asked.source, here.asked.limit))
    except LearnscopeError as error:
        here.notice = str(error)


def _too_large(here: SpaceDesk, course: Course) -> None:
    """Tell that there is no room for all of it, and offer as much of it as there is."""
    told = course.result or {}
    st.warning(plain(str(told.get("words", "")), 600), icon=":material/info:")
    rows = told.get("offer")
    if isinstance(rows, int) and rows > 0:
        st.button(
            f"Open the first {rows:,} rows",
            icon=":material/content_cut:",
            on_click=functools.partial(here.put, limit=rows),
            key="words.open.some",
        )


def _cancel(here: SpaceDesk) -> None:
    here.called_off = here.opening
    words().opens(here.asked.source).leave(words().library.order(here.asked.source, here.asked.limit), person())


def _going(here: SpaceDesk, opening: str) -> bool:
    """Tell how far the ``opening`` has come, and whether it goes on; others may have been chosen in its place just now.

    Where the same person opens others in another tab it has been ended; were it begun again at once, that tab would
    find its own ended, and neither would ever come to an end.
    """
    if here.opening != opening:
        return False
    course = words().opens(here.asked.source).course(words().library.order(here.asked.source, here.asked.limit))
    if course is None:
        here.called_off = here.opening
    if course is None or not course.live:
        return False
    told(course, "Opening the vectors")
    st.button("Cancel", icon=":material/stop:", on_click=_cancel, args=(here,), key="words.open.cancel")
    return True


def told(course: Course, doing: str) -> None:
    """Tell how far a job has come, as a bar with words."""
    progress = course.progress
    share = progress.share if progress and progress.share is not None else 0.0
    more = f": {progress.words}" if progress and progress.words else ""
    if course.state == "waiting":
        more = f": {course.ahead:,} before this one" if course.ahead else ": waiting for its turn"
    st.progress(min(1.0, max(0.0, share)), plain(f"{doing}{more}", 200))
