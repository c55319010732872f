"""Indexes of the open space, measured: what is to be measured, how far that has come, and what was found."""

import functools

import streamlit as st

from engine.jobs import Course, Order
from engine.words.indexes import keeping, order
from engine.words.indexes.spec import IndexSpec, installed
from engine.words.space import Space
from pages.ui.index_lab.advising import advising
from pages.ui.index_lab.measured import Measured, measured
from pages.ui.index_lab.slot import Desk
from pages.ui.notes import READABLE
from pages.ui.person import person
from pages.ui.text import plain
from pages.ui.words.jobs import ask
from pages.ui.words.opening import told as told_course
from pages.ui.words.room import words
from pages.ui.words.watching import watch

SETTINGS = ("rows", "queries", "kinds")
ABOUT = (
    "Each index is built of the words of the open space, and asked for the 10 nearest of some of them, one by one. The "
    "share of these that it finds is its **recall@10**. Press **Measure**, and see a point come for each setting."
)
EXTRAS = "Not installed on this server, and so not measured: {}; requirements-indexes.txt has them."


def measuring(here: Desk, space: Space) -> None:
    """Show the lab."""
    if here.folder is None:
        return
    _settings(here, space)
    spec = here.asked.spec()
    wanted = order(here.folder, spec)
    course = words().indexes.course(wanted)
    live = course is not None and course.live
    found = _found(here, course, spec)
    _controls(here, wanted, course, found)
    watch(functools.partial(_shown, here, space, wanted, spec), live=live)
    if found is not None and found.findings and not live:
        advising(here, found)


def _settings(here: Desk, space: Space) -> None:
    before = here.asked
    here.take(*SETTINGS)
    if here.asked != before:
        here.notice = ""
    left, right = st.columns(2)
    with left:
        here.widget("rows")
    with right:
        here.widget("queries")
    here.widget("kinds")
    absent = [name for name in ("annoy", "hnswlib") if name not in installed(here.asked)]
    told = [
        f"These vectors are of {len(space):,} words: all of them are taken." if here.asked.rows > len(space) else "",
        EXTRAS.format(" and ".join(absent)) if absent else "",
    ]
    if any(told):
        st.caption(" ".join(filter(None, told)))


def _controls(here: Desk, wanted: Order, course: Course | None, found: Measured | None) -> None:
    """Offer to measure, or to measure anew what was measured before."""
    if course is not None and course.live:
        return
    if course is not None and course.state == "failed":
        st.error(plain(course.message, 600))
    if found is not None and not found.whole:
        st.info("This was ended before all was measured: below is what there is.", icon=":material/info:")
    if found is None:
        st.markdown(ABOUT, width=READABLE)
    again = found is not None and found.whole
    st.button(
        "Measure again" if again else "Measure",
        type="secondary" if again else "primary",
        icon=":material/refresh:" if again else ":material/speed:",
        on_click=_ask,
        args=(here, wanted),
        key="index.go",
    )


def _ask(here: Desk, wanted: Order) -> None:
    words().indexes.forget(wanted)
    if here.folder is not None:
        keeping.forget(here.folder, here.asked.spec())
    ask(here, words().indexes, wanted)


def _found(here: Desk, course: Course | None, spec: IndexSpec) -> Measured | None:
    """Return what was found until now; None where there is nothing."""
    if course is not None and course.live:
        return Measured(course.findings, False)
    kept = keeping.kept(here.folder, spec) if here.folder else None
    if kept is None and course is not None and course.state == "done" and course.result is not None:
        kept = {**course.result, "whole": True}  # the disk did not take it
    return Measured(tuple(kept["findings"]), kept["whole"]) if kept is not None else None


def _shown(here: Desk, space: Space, wanted: Order, spec: IndexSpec) -> bool:
    """Show how far it has come and what was found until now; tell whether it goes on."""
    course = words().indexes.course(wanted)
    live = course is not None and course.live
    if course is not None and live:
        told_course(course, "Measuring")
        st.button(
            "Cancel",
            icon=":material/stop:",
            on_click=words().indexes.leave,
            args=(wanted, person()),
            key="index.stop",
        )
    found = _found(here, course, spec)
    if found is not None and found.findings:
        measured(here, space, found)
    here.write(here.asked.to_link())
    return live
