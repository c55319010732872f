"""The numbers behind pictures, as tables: to be read in their place, or taken away."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from pages.ui.corpus.markup import STYLE, Shaded, number_table
from pages.ui.images.kernel_words import number
from pages.ui.words import taking


def arrays_table(some: Mapping[str, np.ndarray], key: str, file: str, first: str = "") -> None:
    """Offer the numbers of some arrays (rows, columns) by their titles; nothing of them is made before somebody opens
    them. ``first`` is the one that is shown, else the last.
    """
    with st.container(horizontal=True):
        taking.offer(taking.Beginning(key), file, rows_of(some))
    box = st.expander("The numbers of these pictures", icon=":material/table:", key=f"{key}-read", on_change="rerun")
    if not box.open:
        return
    with box:
        slot = f"{key}-which"
        if st.session_state.get(slot) not in some:
            st.session_state[slot] = first or list(some)[-1]
        which = st.segmented_control(
            "Of which",
            list(some),
            default=st.session_state[slot],
            key=slot,
            required=True,
            label_visibility="collapsed",
        )
        found = some[which or list(some)[-1]]
        heads = [str(column + 1) for column in range(found.shape[1])]
        most = float(np.abs(found).max()) or 1.0
        rows = [
            (str(row + 1), [Shaded(number(value), value / most) for value in line])
            for row, line in enumerate(found.tolist())
        ]
        st.html(STYLE + number_table("", heads, rows, caption=f"{which}: rows and columns are counted from 1."))


def rows_of(some: Mapping[str, np.ndarray]) -> list[dict[str, Any]]:
    """Return a row for each number, as a file has them."""
    return [
        {"of": name.lower(), "row": row + 1, "column": column + 1, "number": float(value)}
        for name, values in some.items()
        for (row, column), value in np.ndenumerate(values)
    ]
