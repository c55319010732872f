"""What one person has before them in one lab. This file owns that slot of the session's state."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

import streamlit as st

from engine.errors import RunNotFound
from engine.labs.lab import Lab
from engine.runs.run import Run
from engine.spec import Spec
from pages.ui.address_bar import Known
from pages.ui.compare import Beside
from pages.ui.house import hub
from pages.ui.lesson import Lesson
from pages.ui.links import Look
from pages.ui.person import person


@dataclass(slots=True)
class Desk:
    """One lab of one session. ``edition`` counts how often the form was filled from outside, by a link or a button.

    ``preset`` is the example that was chosen, if any: its exercise stays while one looks for the fault. ``beside`` are
    the runs that this one is compared with, ``look`` is what a link asks to be shown of the run, ``looked`` at what
    the person has looked since. ``lesson`` is the task of a teacher's link: it stays, whatever else is opened, until it
    is left or another comes. ``beneath`` is what is asked of explorers and the like, by its kind.
    ``calls`` counts how often something below the lab has set it up: the lab is brought into sight then.

    ``known`` are the addresses that this page has read or written. ``lock`` is held while
    runs are opened and ended: two script threads of one session may overlap.
    """

    lab: Lab
    spec: Spec
    run: str = ""
    notice: str = ""
    preset: str = ""
    look: Look = field(default_factory=Look)
    looked: Look | None = None
    beside: Beside = field(default_factory=Beside)
    lesson: Lesson = field(default_factory=Lesson)
    beneath: Mapping[type[Spec], Spec] = field(default_factory=dict)
    edition: int = 0
    calls: int = 0
    known: Known = field(default_factory=Known)
    lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def form_key(self) -> str:
        """Return what the keys of the form's widgets begin with."""
        return f"{self.lab.name}.{self.edition}"


def kept(lab: Lab) -> Desk | None:
    """Return this session's desk for ``lab`` as it was left, if there is one."""
    return st.session_state.get(_slot(lab))


def keep(here: Desk) -> None:
    """Make ``here`` this session's desk for its lab."""
    st.session_state[_slot(here.lab)] = here


def run_spec(here: Desk, run: Run) -> Spec:
    """Return the spec that ``run`` was opened with."""
    return here.lab.spec.from_json(run.spec)


def is_mine(run: Run) -> bool:
    """Tell whether the person at this page opened ``run``; ``steering.steers`` tells whether they control it now."""
    return run.owner == person()


def current(here: Desk) -> Run | None:
    """Return the run shown as it is now, unless there is none or it is gone."""
    if not here.run:
        return None
    try:
        return hub().get(here.run)
    except RunNotFound:
        return None


def lesson(lab: Lab) -> Lesson:
    """Return the lesson that this session is in with ``lab``."""
    here = kept(lab)
    return here.lesson if here else Lesson()


def _slot(lab: Lab) -> str:
    return f"learnscope.desk.{lab.name}"
