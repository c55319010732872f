"""A job on the page: begun by a button, told while it goes on, called off, and its result when there is one."""

import functools

import streamlit as st

from engine.errors import LearnscopeError
from engine.jobs import Jobs, Order
from engine.jobs.job import Told
from pages.ui.person import person
from pages.ui.text import plain
from pages.ui.words.opening import told
from pages.ui.words.page_desk import PageDesk
from pages.ui.words.watching import watch


def result_of(here: PageDesk, jobs: Jobs, order: Order, press: str, doing: str, key: str) -> Told | None:
    """Return what has come of an order; until then offer to begin it, or tell how far it has come."""
    course = jobs.course(order)
    if course is not None and course.state == "done":
        return course.result
    if course is not None and course.live:
        watch(functools.partial(_going, jobs, order, doing, key))
        return None
    if course is not None:
        st.error(plain(course.message, 600))
    st.button(
        press,
        icon=":material/play_arrow:",
        on_click=functools.partial(ask, here, jobs, order),
        key=f"{key}.go",
    )
    return None


def ask(here: PageDesk, jobs: Jobs, order: Order) -> None:
    """Have an order begun; where there is no room it is told why."""
    try:
        jobs.ask(order, person())
    except LearnscopeError as error:
        here.notice = str(error)


def _going(jobs: Jobs, order: Order, doing: str, key: str) -> bool:
    course = jobs.course(order)
    if course is None or not course.live:
        return False
    told(course, doing)
    st.button("Cancel", icon=":material/stop:", on_click=jobs.leave, args=(order, person()), key=f"{key}.stop")
    return True
