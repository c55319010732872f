"""The settings of a kernel that slides, as widgets: which picture, which kernel, how it slides, what is made of it."""

import streamlit as st

from engine.data.images.kernel_spec import MOST_WEIGHT, KernelSpec, fitted, read_weights, write_weights
from engine.spec import settings_by_name
from pages.ui.desk import asking
from pages.ui.desk.slot import Desk
from pages.ui.images import own

FIELD = 56
"""Pixels of the field of a number of the kernel: five stand side by side on a telephone."""


def asked_of(desk: Desk) -> KernelSpec:
    """Return what is asked at a desk."""
    return asking.asked_of(desk, KernelSpec)


def change(desk: Desk, **changes: object) -> None:
    """Ask for something else."""
    asking.change(desk, KernelSpec, **changes)


def controls(desk: Desk, key: str) -> None:
    """Draw all of them, and take in what stands in them."""
    left, right = st.columns(2)
    with left:
        _picture(desk, key)
    with right:
        _kernel(desk, key)
    asking.draw(desk, KernelSpec, "turned", key)
    if asked_of(desk).kernel == "own":
        _numbers(desk, key)
    with st.container(horizontal=True):
        for name in ("stride", "padding", "dilation", "activation", "pool"):
            asking.draw(desk, KernelSpec, name, key)
        _bias(desk, key)


def _picture(desk: Desk, key: str) -> None:
    if asking.draw(desk, KernelSpec, "picture", key, as_list=True) == "own":
        found = own.bring(f"{key}-own")
        if found:
            change(desk, own=found)
    else:
        asking.draw(desk, KernelSpec, "number", key)


def _kernel(desk: Desk, key: str) -> None:
    before = asked_of(desk)
    if asking.draw(desk, KernelSpec, "kernel", key) == "own" and not before.weights:
        change(desk, weights=write_weights(before.kernel_as_written()))
    asking.draw(desk, KernelSpec, "size", key)


def _bias(desk: Desk, key: str) -> None:
    setting, slot = settings_by_name(KernelSpec)["bias"], f"{key}-bias"
    begin = st.session_state.setdefault(slot, asked_of(desk).bias)
    low, high = int(setting.low or 0), int(setting.high or 0)
    st.number_input(setting.knob.label, low, high, begin, 10, key=slot, help=setting.knob.help, width=120)
    change(desk, bias=st.session_state[slot] or 0)


def _numbers(desk: Desk, key: str) -> None:
    """Draw a field for each number of a kernel of one's own."""
    asked = asked_of(desk)
    now = fitted(read_weights(asked.weights), asked.side) if asked.weights else asked.kernel_as_written()
    found = now.copy()
    with st.container(gap="xsmall", key=f"{key}-numbers"):
        st.caption("The numbers of the kernel, row by row.")
        for row in range(asked.side):
            with st.container(horizontal=True, gap="xsmall", wrap=False):
                for column in range(asked.side):
                    slot = f"{key}-weight-{asked.side}-{row}-{column}"
                    begin = st.session_state.setdefault(slot, float(now[row, column]))
                    told = st.number_input(
                        f"Row {row + 1}, column {column + 1}",
                        -MOST_WEIGHT,
                        MOST_WEIGHT,
                        begin,
                        1.0,
                        format="%.4g",
                        key=slot,
                        label_visibility="collapsed",
                        width=FIELD,
                    )
                    found[row, column] = now[row, column] if told is None else told
    if (found != now).any():
        change(desk, weights=write_weights(found))
