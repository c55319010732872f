"""In which class this person works just now, if in any. This file owns that slot of the session's state.

The address of every page names the class, ``?class=otter-7``: whoever is sent it sits in the class too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import streamlit as st

from engine.errors import LearnscopeError, StoreError
from engine.runs.classes import MOST_CODE_CHARS, MOST_STUDENT_CHARS, class_code
from engine.runs.run import Run
from pages.ui.address_bar import Known
from pages.ui.house import hub
from pages.ui.person import person
from pages.ui.text import plain

CLASS = "class"
CLASS_PAGE = "class.py"
_SLOT = "learnscope.class"
_CODE, _NAME = f"{_SLOT}.code", f"{_SLOT}.name"


@dataclass(slots=True)
class _Seat:
    """``known`` are the classes that the address was seen to name. One that the store could not be asked for is to be
    read again: the seat is then ``unread``.
    """

    code: str = ""
    known: Known = field(default_factory=Known)
    unread: bool = False
    trouble: str = ""


def code() -> str:
    """Return the code of the class that this person sits in, or nothing."""
    return _seat().code


def read_address() -> None:
    """Take a seat in the class that the page's address names, or write the class there; comes before every page.

    What is wrong with a code is told at the top of the page.
    """
    seat, named = _seat(), st.query_params.get(CLASS, "")
    if named and (seat.unread or seat.known.is_news(named)):
        seat.known.keep(named)
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
    seat.trouble, seat.unread = "", False
    try:
        found = class_code(typed)
        hub().classes.student(found, person())
    except LearnscopeError as error:
        seat.trouble = str(error)
        seat.unread = isinstance(error, StoreError)
    else:
        seat.code = found


def _write() -> None:
    """Have the address name the class, in the one way that codes are kept."""
    if code():
        _seat().known.keep(code())
        if st.query_params.get(CLASS) != code():
            st.query_params[CLASS] = code()
    elif not _seat().unread:
        st.query_params.pop(CLASS, None)


def _join() -> None:
    _sit_down(st.session_state[_CODE])
    _write()


def _leave() -> None:
    seat = _seat()
    try:
        hub().classes.leave(seat.code, person())
    except LearnscopeError as error:
        seat.trouble = str(error)
    else:
        seat.code = ""
        _write()


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
