"""In which class this person works just now, if in any. This file owns that slot of the session's state.

The address of every page names the class, ``?class=otter-7``: whoever is sent it sits in the class too.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from engine.errors import LearnscopeError, StoreError
from engine.runs.classes import MOST_CODE_CHARS, MOST_STUDENT_CHARS, class_code
from engine.runs.run import Run
from pages.ui.house import hub
from pages.ui.person import person
from pages.ui.text import plain

CLASS = "class"
CLASS_PAGE = "class.py"
SETTLED_SECONDS = 1.0
_SLOT = "learnscope.class"
_CODE, _NAME = f"{_SLOT}.code", f"{_SLOT}.name"


@dataclass(slots=True)
class _Seat:
    """``read`` is what the address said when it was read last; empty where it is still to be read, for the store
    could not be asked. ``chosen_at`` is when the person last chose another class.
    """

    code: str = ""
    read: str = ""
    chosen_at: float = float("-inf")
    trouble: str = ""


def code() -> str:
    """Return the code of the class that this person sits in, or nothing."""
    return _seat().code


def read_address() -> None:
    """Take a seat in the class that the page's address names, or write the class there; comes before every page.

    What is wrong with a code is told at the top of the page.
    """
    seat, named = _seat(), st.query_params.get(CLASS, "")
    # A rerun that was asked for just before the person chose another class still brings the old address.
    if named and named != seat.read and time.monotonic() - seat.chosen_at > SETTLED_SECONDS:
        seat.read = named
        _sit_down(named)
    _write()
    with st.container():  # also where there is nothing to tell, so that what follows keeps its place
        if seat.trouble:
            st.warning(plain(seat.trouble, 300), icon=":material/info:")
            seat.trouble = ""


def address() -> dict[str, str]:
    """Return what the page's address says beside the class."""
    return {name: value for name, value in st.query_params.to_dict().items() if name != CLASS}


def write_address(link: Mapping[str, str]) -> None:
    """Have the page's address say ``link``, and the class."""
    st.query_params.from_dict({**link, **({CLASS: code()} if code() else {})})


def bring(run: Run) -> None:
    """Have a run that goes on, and is this person's, seen by their class; raises LearnscopeError."""
    if code() and run.live and run.owner == person() and run.class_code != code():
        hub().shelf.bring(run.id, run.owner, code())


def class_bar() -> None:
    """Say which class this person sits in, with the way there and the way out; or offer to join one."""
    if not code():
        with st.popover("Join a class", icon=":material/groups:"):
            join_form()
        return
    with st.container(horizontal=True, vertical_alignment="center", key="class-bar"):
        try:
            st.markdown(f"{_you_sit()} What you train is seen there.", width="content")
        except LearnscopeError as error:
            st.warning(plain(str(error), 300))
        st.page_link(CLASS_PAGE, label="See the class", icon=":material/groups:")
        seat_menu()


def seat_menu() -> None:
    """Let this person go by another name in their class, and leave it."""
    with st.popover("Your name", icon=":material/badge:"):
        st.text_input(
            "Your name in the class", key=_name_key(), max_chars=MOST_STUDENT_CHARS, on_change=_call, args=(code(),)
        )
        st.caption("Everybody in the class sees it, and nothing else of you than your runs.")
    st.button("Leave", icon=":material/logout:", on_click=_leave, help="Your runs stay yours, and leave the class too.")


def join_form() -> None:
    """Ask for a code."""
    with st.form("class", border=False):
        st.text_input("Class code", key=_CODE, max_chars=2 * MOST_CODE_CHARS, placeholder="otter-7")
        st.form_submit_button("Join", on_click=_join)
    st.caption("A word that all of you use. Everybody who has it sees what the others train, by the names they chose.")


def _you_sit() -> str:
    return f"You are **{plain(hub().classes.student(code(), person()))}** in the class **{plain(code())}**."


def you_sit() -> None:
    """Say which class this person sits in, and by which name; raises LearnscopeError."""
    st.markdown(_you_sit(), width="content")


def _seat() -> _Seat:
    return st.session_state.setdefault(_SLOT, _Seat())


def _sit_down(typed: str) -> None:
    seat = _seat()
    seat.trouble = ""
    try:
        found = class_code(typed)
        hub().classes.student(found, person())
    except LearnscopeError as error:
        seat.trouble = str(error)
        seat.read = "" if isinstance(error, StoreError) else seat.read
    else:
        seat.code = found


def _write() -> None:
    """Have the address name the class, in the one way that codes are kept."""
    if code() and st.query_params.get(CLASS) != code():
        st.query_params[CLASS] = code()
    elif not code() and _seat().read:
        st.query_params.pop(CLASS, None)


def _join() -> None:
    _sit_down(st.session_state[_CODE])
    _chosen()


def _leave() -> None:
    seat = _seat()
    try:
        hub().classes.leave(seat.code, person())
    except LearnscopeError as error:
        seat.trouble = str(error)
    else:
        seat.code = ""
        _chosen()


def _call(of: str) -> None:
    """Take over a name in the class ``of``; one that a browser says late, of a class that was left since, is not."""
    seat = _seat()
    if seat.code != of:
        return
    try:
        hub().classes.student(seat.code, person())
        hub().classes.call(seat.code, person(), st.session_state[_name_key()])
    except LearnscopeError as error:
        seat.trouble = str(error)


def _name_key() -> str:
    return f"{_NAME}.{code()}"


def _chosen() -> None:
    seat = _seat()
    seat.chosen_at = time.monotonic()
    seat.read = code() or seat.read
    _write()
