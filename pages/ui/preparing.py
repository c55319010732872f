"""What has to be done before a run can be opened, as cutting and counting a long text: told while it goes on."""

import functools

import streamlit as st

from engine.jobs import Order
from engine.labs.lab import Lab, Preparation
from engine.spec import Spec
from pages.ui.person import person
from pages.ui.text import plain
from pages.ui.words.opening import told
from pages.ui.words.room import words
from pages.ui.words.watching import watch


def prepared(lab: Lab, spec: Spec, where: str) -> bool:
    """Tell whether a run of ``spec`` may be opened; until then, show how far one is. Raises LearnscopeError.

    ``where`` says where the settings are, for those that could mend it.
    """
    to_do = lab.prepares(spec)
    if to_do is None:
        return True
    jobs, key, order = words().texts, f"{lab.name}.prepare", to_do.order
    if st.session_state.get(_slot(key)) == order:
        st.info(to_do.called_off, icon=":material/info:")
        st.button(to_do.again, icon=":material/refresh:", on_click=_again, args=(key, order), key=f"{key}.again")
        return False
    course = jobs.course(order)
    if course is not None and course.state == "done":
        jobs.forget(order)  # what it had made is gone
        course = None
    course = course or jobs.ask(order, person())
    if course.state == "failed":
        st.warning(plain(f"{course.message} {where}", 600), icon=":material/info:")
        st.button("Try again", icon=":material/refresh:", on_click=_again, args=(key, order), key=f"{key}.again")
    else:
        watch(functools.partial(_going, key, to_do))
    return False


def _going(key: str, to_do: Preparation) -> bool:
    """Tell how far it has come, and whether it goes on.

    Where the same person prepares another text in another tab, this one has been ended, and is not begun again at once.
    """
    order = to_do.order
    course = words().texts.course(order)
    if course is None:
        st.session_state[_slot(key)] = order
    if course is None or not course.live:
        return False
    told(course, to_do.doing)
    st.button("Cancel", icon=":material/stop:", on_click=_cancel, args=(key, order), key=f"{key}.stop")
    return True


def _cancel(key: str, order: Order) -> None:
    st.session_state[_slot(key)] = order
    words().texts.leave(order, person())


def _again(key: str, order: Order) -> None:
    st.session_state.pop(_slot(key), None)
    words().texts.forget(order)


def _slot(key: str) -> str:
    return f"{key}.called_off"
