"""XOR by depth and width: choose which nets, have them trained, and see who of them solves it, and how soon."""

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from engine.errors import LearnscopeError, SpecError
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
from pages.ui.sweeping import Words, sweeping
from pages.ui.text import plain

WORDS = Words("Train the grid", "Stop training it", "shapes")


def xor_explorer(lab: Lab, key: str) -> None:
    """The settings of the grid, what is to be done, and the grid; ``key`` begins the keys of the controls."""
    with st.container(border=True):
        try:
            spec = _chosen(key)
        except LearnscopeError as error:
            st.warning(plain(getattr(error, "words", str(error)), 400), icon=":material/info:")
            return
        order = sweep_order(lab.name, XOR_GRID.name, spec)
        sweeping(order, len(places(spec)), WORDS, key, partial(_shown, lab, spec))


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


def _shown(lab: Lab, spec: XorGridSpec, findings: Sequence[Finding]) -> None:
    st.html(_table(lab, spec, dict(zip(places(spec), findings, strict=False))))


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
