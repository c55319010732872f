"""The numbers of pictures, as tables: to be read in their place."""

from collections.abc import Callable, Mapping

import numpy as np
import streamlit as st

from pages.ui.corpus.markup import Shaded, number_table

MOST_SIDE = 128
"""Rows and columns of a table that are shown: of a larger one the first."""


def tables(some: Mapping[str, np.ndarray], begin: str, key: str, write: Callable[[float], str], first: int = 1) -> None:
    """Offer numbers (rows, columns) by what they are of; nothing of it is made before somebody opens it. ``begin`` is
    chosen at first; rows and columns are counted from ``first``.
    """
    box = st.expander("The numbers of these pictures", icon=":material/table:", key=f"{key}-read", on_change="rerun")
    if not box.open:
        return
    with box:
        slot = f"{key}-which"
        if st.session_state.get(slot) not in some:
            st.session_state[slot] = begin
        which = st.segmented_control(
            "Of which",
            list(some),
            default=st.session_state[slot],
            key=slot,
            required=True,
            label_visibility="collapsed",
        )
        found = some[which or begin]
        shown = found[:MOST_SIDE, :MOST_SIDE]
        heads = [str(column + first) for column in range(shown.shape[1])]
        most = _largest(found)
        rows = [
            (str(row + first), [Shaded(write(value), _share(value, most)) for value in line])
            for row, line in enumerate(shown.tolist())
        ]
        part = "" if shown.size == found.size else " The first of them are shown."
        st.html(number_table("", heads, rows, caption=f"{which}: rows and columns are counted from {first}.{part}"))


def _largest(found: np.ndarray) -> float:
    sizes = np.abs(found[np.isfinite(found)])
    return float(sizes.max(initial=0)) or 1.0


def _share(value: float, most: float) -> float:
    return float(np.nan_to_num(value / most))
