"""A sweep on a page: what begins and ends it, how far it has come, and what it has found until now."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from engine.errors import LearnscopeError, StoreError
from engine.jobs import Course, Order
from engine.labs.sweep import Finding
from pages.ui.house import hub
from pages.ui.person import person
from pages.ui.text import plain

EVERY = 0.4
"""Seconds between two looks at nets that are being trained."""
Show = Callable[[Sequence[Finding]], None]


@dataclass(frozen=True, slots=True)
class Words:
    """What buttons and progress say: ``begin`` it and ``stop`` it; what is trained, ``each`` place so many of them."""

    begin: str
    stop: str
    nets: str
    each: int = 1


def sweeping(order: Order, count: int, words: Words, key: str, show: Show) -> None:
    """Draw what can be done with a sweep of ``count`` places, and have ``show`` draw what it has found until now, again
    whenever there is more; ``key`` begins the keys of the buttons.
    """
    try:
        course = hub().sweeps.course(order)
    except StoreError:
        st.caption("Nets can be compared as soon as runs can be opened.")  # what is wrong, the page says above
        return
    _controls(order, course, words, key)
    live = course is not None and course.live
    st.fragment(_shown, run_every=EVERY if live else None)(order, count, words, show, live)


def _controls(order: Order, course: Course | None, words: Words, key: str) -> None:
    asked = f"{key}-asked"
    trouble = st.session_state.pop(f"{key}-trouble", "")
    if course is None or course.state == "failed":
        st.button(
            words.begin,
            icon=":material/grid_on:",
            on_click=_ask,
            args=(order, key),
            key=f"{key}-go",
            type="primary",
        )
    elif course.live and st.session_state.get(asked) == order:
        st.button(words.stop, icon=":material/stop:", on_click=_leave, args=(order, key), key=f"{key}-stop")
    if course is not None and course.state == "failed":
        st.error(plain(course.message, 400))
    if trouble:
        st.warning(plain(trouble, 400), icon=":material/info:")


def _ask(order: Order, key: str) -> None:
    try:
        hub().sweeps.ask(order, person())
        st.session_state[f"{key}-asked"] = order
    except LearnscopeError as error:
        st.session_state[f"{key}-trouble"] = str(error)


def _leave(order: Order, key: str) -> None:
    hub().sweeps.leave(order, person())
    st.session_state.pop(f"{key}-asked", None)


def _shown(order: Order, count: int, words: Words, show: Show, live: bool) -> None:
    """Show how far it has come; when it is over, the page is drawn anew, with what can be done then."""
    course = hub().sweeps.course(order)
    if live and (course is None or not course.live):
        st.rerun()
    findings = course.findings if course else ()
    if course is not None and course.live:
        st.progress(len(findings) / count, _progress(course, len(findings), count, words))
    show(findings)


def _progress(course: Course, done: int, count: int, words: Words) -> str:
    if course.state == "waiting":
        return f"Waiting for a free place: {course.ahead} come before this one."
    return f"{words.each * done} of {words.each * count} {words.nets} are trained."
