"""A net is asked why, as it was at one step: the order, how far it has come, and what is shown meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.jobs import Order
from engine.jobs.job import Told
from engine.nets.images.plan import Plan
from engine.runs.run import Run
from engine.runs.why import asked
from engine.spec import Spec
from pages.ui.house import hub
from pages.ui.why_going import result

PALE = 0.45


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
        found = result(order, doing, key, None if quietly else self.again)
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
