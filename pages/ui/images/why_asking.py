"""A net is asked why, as it was at one step: the order, how far it has come, and what is shown meanwhile."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.errors import LearnscopeError
from engine.jobs import Order
from engine.jobs.job import Told
from engine.nets.images.plan import Plan
from engine.runs.run import Run
from engine.runs.why import asked
from engine.spec import Spec
from pages.ui.house import hub
from pages.ui.images.why_room import whys
from pages.ui.person import person
from pages.ui.text import plain
from pages.ui.words.opening import told
from pages.ui.words.watching import watch

PALE = 0.45
STATUS = 56
"""Pixels for how far one is, and for of which step the answer is: what is below does not jump."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Whom one asks: a ``run`` as it stood at ``step``, of a ``spec`` with a ``plan``; ``key`` begins the keys of
    widgets, ``again`` draws what is offered where nothing is being done.
    """

    run: Run
    step: int
    spec: Any
    plan: Plan
    key: str
    again: Callable[[], None]

    def order(self, what: str, settings: Spec, **about: Any) -> Order:
        """Return the order to ask ``what``, see ``engine.runs.why``."""
        return asked(what, self.run, self.step, hub().changes(self.run.id), settings, **about)

    def answer(self, name: str, order: Order, doing: str, *, quietly: bool = False) -> tuple[Told | None, bool]:
        """Return the answer, and whether it is the one to this ``order``: until it has come, it is the last one that
        was shown under this ``name``, none where there was none.

        How far one is, is told above; once it has come, of which step it is, but ``quietly``.
        """
        key, shown = f"{self.key}.{name}", f"{self.key}.{name}.shown"
        found = self._found(order, doing, key, quietly)
        if found is not None:
            st.session_state[shown] = (self.run.id, found)
            return found, True
        of, before = st.session_state.get(shown, ("", None))
        return (before if of == self.run.id else None), False

    def place(self, now: bool) -> DeltaGenerator:
        """Return where an answer is shown: paler where it is the one before, for the next is on its way."""
        place = f"{self.key}-shown".replace(".", "-")
        st.html(f"<style>.st-key-{place} {{ opacity: {1 if now else PALE} }}</style>")
        return st.container(key=place)

    def _found(self, order: Order, doing: str, key: str, quietly: bool) -> Told | None:
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
        if not quietly:
            with st.container(height=STATUS, border=False):
                self.again()
        if course.state == "failed":
            _offer(course.message, "Try again", order, key)
        return course.result


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
    st.button(press, icon=":material/refresh:", on_click=_again, args=(order, key), key=f"{key}.again")


def _cancel(order: Order, key: str) -> None:
    st.session_state[f"{key}.called_off"] = order
    whys().leave(order, person())


def _again(order: Order, key: str) -> None:
    st.session_state.pop(f"{key}.called_off", None)
    whys().forget(order)
