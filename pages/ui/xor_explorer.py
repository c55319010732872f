"""XOR by depth and width: choose which nets, have them trained, and see who of them solves it, and how soon."""

from collections.abc import Mapping

import streamlit as st

from engine.errors import LearnscopeError, SpecError, StoreError
from engine.jobs import Course, Order
from engine.labs.lab import Lab
from engine.labs.sweep import Finding, Place
from engine.labs.xor_grid import (
    MOST_EPOCHS,
    SOLVED,
    XOR_GRID,
    XorGridSpec,
    places,
    settings_of,
    share,
    typical,
    typical_seed,
)
from engine.runs.sweeps import sweep_order
from engine.spec import knobs
from pages.ui import class_seat, widgets
from pages.ui.grid_table import GridCell, grid_table
from pages.ui.house import hub
from pages.ui.person import person
from pages.ui.text import plain

EVERY = 0.4
"""Seconds between two looks at nets that are being trained."""


def xor_explorer(lab: Lab, key: str) -> None:
    """The settings of the grid, what is to be done, and the grid; ``key`` begins the keys of the controls."""
    with st.container(border=True):
        try:
            spec = _chosen(key)
            order = sweep_order(lab.name, XOR_GRID.name, spec)
            course = hub().sweeps.course(order)
        except StoreError:
            st.caption("The grid can be trained as soon as runs can be opened.")  # what is wrong, the page says above
            return
        except LearnscopeError as error:
            st.warning(plain(getattr(error, "words", str(error)), 400), icon=":material/info:")
            return
        _controls(order, course, key)
        live = course is not None and course.live
        st.fragment(_shown, run_every=EVERY if live else None)(lab, order, spec, live)


def _chosen(key: str) -> XorGridSpec:
    """Draw the settings and return what was chosen; raises SpecError for rows or columns of nothing.

    Their keys do not end as those of the lab's own form do, which has settings of the same names.
    """
    spec = XorGridSpec()
    for setting in knobs(XorGridSpec):
        widgets.draw(setting, spec, f"{key}-{setting.name}")
    read = {setting.name: widgets.read(setting, spec, f"{key}-{setting.name}") for setting in knobs(XorGridSpec)}
    if not read["depths"] or not read["widths"]:
        raise SpecError("Choose at least one number of hidden layers, and one of units.")
    return spec.replace(**read)


def _controls(order: Order, course: Course | None, key: str) -> None:
    asked = f"{key}-asked"
    trouble = st.session_state.pop(f"{key}-trouble", "")
    if course is None or course.state == "failed":
        st.button(
            "Train the grid",
            icon=":material/grid_on:",
            on_click=_ask,
            args=(order, key),
            key=f"{key}-go",
            type="primary",
        )
    elif course.live and st.session_state.get(asked) == order:
        st.button("Stop training it", icon=":material/stop:", on_click=_leave, args=(order, key), key=f"{key}-stop")
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


def _shown(lab: Lab, order: Order, spec: XorGridSpec, live: bool) -> None:
    """Show how far it has come; when it is over, the page is drawn anew, with what can be done then."""
    course = hub().sweeps.course(order)
    if live and (course is None or not course.live):
        st.rerun()
    all_places = places(spec)
    findings = dict(zip(all_places, course.findings if course else (), strict=False))
    if course is not None and course.live:
        st.progress(len(findings) / len(all_places), _progress(course, len(findings), len(all_places)))
    st.html(_table(lab, spec, findings))


def _progress(course: Course, done: int, count: int) -> str:
    if course.state == "waiting":
        return f"Waiting for a free place: {course.ahead} come before this one."
    return f"{done} of {count} shapes are trained."


def _table(lab: Lab, spec: XorGridSpec, findings: Mapping[Place, Finding]) -> str:
    widths = sorted({int(width) for width in spec.widths})
    rows = []
    for depth in sorted({int(depth) for depth in spec.depths}):
        if depth:
            cells = [_cell(lab, spec, (depth, width), findings.get((depth, width))) for width in widths]
        else:
            cells = [_cell(lab, spec, (0, 0), findings.get((0, 0)), len(widths))]
        rows.append((str(depth), cells))
    caption = (
        f"Large: which share of {spec.seeds} seeds tells at least {SOLVED:.0%} of the held-out points right within "
        f"{MOST_EPOCHS} epochs. Small: the median of the steps that these took. A cell opens one of its nets in a new "
        f"tab: one that took so many steps, or the first where none got there."
    )
    return grid_table(caption, ("layers", "units in each hidden layer"), [str(width) for width in widths], rows)


def _cell(lab: Lab, spec: XorGridSpec, place: Place, finding: Finding | None, columns: int = 1) -> GridCell:
    if finding is None:
        return GridCell(columns=columns)
    solved, steps = share(finding["steps"]), typical(finding["steps"])
    return GridCell(
        solved,
        f"{solved:.0%}",
        "–" if steps is None else f"{steps:,}",
        _sentence(spec, place, finding),
        _address(lab, spec, place, typical_seed(spec, finding)),
        columns,
    )


def _sentence(spec: XorGridSpec, place: Place, finding: Finding) -> str:
    depth, width = place
    shape = f"{depth} × {width} units" if depth else "no hidden layers"
    count = sum(step is not None for step in finding["steps"])
    steps = typical(finding["steps"])
    soon = "" if steps is None else f", the median after {steps:,} steps"
    return f"{shape}: {count} of {spec.seeds} seeds solve XOR{soon}. Open one of these nets."


def _address(lab: Lab, spec: XorGridSpec, place: Place, seed: int) -> dict[str, str]:
    """Return what the address of the lab says for the very net that was trained, and of the class one sits in."""
    code = class_seat.code()
    net = lab.spec().replace(**settings_of(spec, place, seed))
    return {**net.to_link(), **({class_seat.CLASS: code} if code else {})}
