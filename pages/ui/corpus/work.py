"""What takes longer than a look: begun when it is first wanted, told while it goes on, and its result."""

import functools

import streamlit as st

from engine.jobs import Jobs, Order
from engine.jobs.job import Told
from pages.ui.person import person
from pages.ui.text import plain
from pages.ui.words.opening import told
from pages.ui.words.room import words
from pages.ui.words.watching import watch


def followed(order: Order, doing: str, key: str) -> Told | None:
    """Return what has come of an order, which is begun where nobody has asked for it; None while it goes on, or where
    it has failed, which is told with a way to try again. Raises RunRefused where there is no room.
    """
    jobs = words().looks
    course = jobs.course(order)
    if course is None and st.session_state.get(f"{key}.off") != order:
        course = jobs.ask(order, person())
    if course is None or course.state == "failed":
        if course is not None:
            st.error(plain(course.message, 600))
        st.button(
            "Look at it",
            icon=":material/refresh:",
            key=f"{key}.go",
            on_click=functools.partial(_begin, jobs, order, key),
        )
        return None
    if course.state == "done":
        return course.result
    watch(functools.partial(_going, jobs, order, doing, key))
    return None


def _begin(jobs: Jobs, order: Order, key: str) -> None:
    st.session_state.pop(f"{key}.off", None)
    jobs.forget(order)


def _going(jobs: Jobs, order: Order, doing: str, key: str) -> bool:
    """Tell how far it has come, and whether it goes on.

    Where the same person looks at something else in another tab, this has been ended, and is not begun again at once:
    neither tab would ever come to an end.
    """
    course = jobs.course(order)
    if course is None:
        st.session_state[f"{key}.off"] = order
    if course is None or not course.live:
        return False
    told(course, doing)
    st.button("Cancel", icon=":material/stop:", key=f"{key}.stop", on_click=functools.partial(_leave, jobs, order, key))
    return True


def _leave(jobs: Jobs, order: Order, key: str) -> None:
    st.session_state[f"{key}.off"] = order
    jobs.leave(order, person())
