"""What is asked of a net beside its training: begun, watched and called off on the page, until its result is there."""

import functools
from collections.abc import Callable

import streamlit as st

from engine.errors import LearnscopeError
from engine.jobs import Order
from engine.jobs.job import Told
from pages.ui.person import person
from pages.ui.text import plain
from pages.ui.why_room import whys
from pages.ui.words.opening import told
from pages.ui.words.watching import watch

STATUS = 56
"""Pixels for how far one is, and for what is told once it is over: what is below does not jump."""


def result(order: Order, doing: str, key: str, over: Callable[[], None] | None = None) -> Told | None:
    """Return what has come of an order, asked for if need be; while nothing has, tell how far it is, with a way to
    call it off, and then why nothing will. ``over`` draws what stands in the same place once it is over; ``key`` begins
    the keys of widgets.
    """
    jobs = whys()
    if st.session_state.get(f"{key}.called_off") == order:
        _offer("This was called off, here or by asking something else in another tab.", "Ask", order, key)
        return None
    try:
        course = jobs.course(order) or jobs.ask(order, person())
    except LearnscopeError as error:
        _offer(str(error), "Try again", order, key)
        return None
    if course.live:
        with st.container(height=STATUS, border=False):
            watch(functools.partial(_going, order, doing, key))
        return None
    if over is not None:
        with st.container(height=STATUS, border=False):
            over()
    if course.state == "failed":
        _offer(course.message, "Try again", order, key)
    return course.result


def begin_again(order: Order, key: str) -> None:
    """Have an order asked for once more, if it was called off or has failed."""
    st.session_state.pop(f"{key}.called_off", None)
    course = whys().course(order)
    if course is not None and course.state == "failed":
        whys().forget(order)


def _going(order: Order, doing: str, key: str) -> bool:
    """Tell how far it has come, and whether it goes on."""
    course = whys().course(order)
    if course is None:
        st.session_state[f"{key}.called_off"] = order
    if course is None or not course.live:
        return False
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container():
            told(course, doing if course.progress else f"{doing}: getting ready")
        st.button("Cancel", icon=":material/stop:", on_click=_cancel, args=(order, key), key=f"{key}.stop")
    return True


def _offer(said: str, press: str, order: Order, key: str) -> None:
    st.warning(plain(said, 600), icon=":material/info:")
    st.button(press, icon=":material/refresh:", on_click=begin_again, args=(order, key), key=f"{key}.again")


def _cancel(order: Order, key: str) -> None:
    st.session_state[f"{key}.called_off"] = order
    whys().leave(order, person())
