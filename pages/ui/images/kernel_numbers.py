"""The numbers of the pictures, as tables: to be read in their place, or taken away."""

from typing import Any

import numpy as np
import streamlit as st

from engine.data.images.slid import Slid
from pages.ui.corpus.markup import Shaded, number_table
from pages.ui.images.kernel_words import number
from pages.ui.words import taking


def numbers(slid: Slid, key: str) -> None:
    """Offer the numbers of all pictures; nothing of them is made before somebody opens them."""
    some = {"Picture": slid.image, "Kernel": slid.kernel, "Output": slid.output}
    if slid.pools is not None:
        some["Pooled"] = slid.pools
    with st.container(horizontal=True):
        taking.offer(taking.Beginning(key), "kernel", _rows(some))
    box = st.expander("The numbers of these pictures", icon=":material/table:", key=f"{key}-read", on_change="rerun")
    if not box.open:
        return
    with box:
        slot = f"{key}-which"
        if st.session_state.get(slot) not in some:
            st.session_state[slot] = "Output"
        which = st.segmented_control(
            "Of which",
            list(some),
            default=st.session_state[slot],
            key=slot,
            required=True,
            label_visibility="collapsed",
        )
        found = some[which or "Output"]
        heads = [str(column + 1) for column in range(found.shape[1])]
        most = float(np.abs(found).max()) or 1.0
        rows = [
            (str(row + 1), [Shaded(number(value), value / most) for value in line])
            for row, line in enumerate(found.tolist())
        ]
        st.html(number_table("", heads, rows, caption=f"{which}: rows and columns are counted from 1."))


def _rows(some: dict[str, np.ndarray]) -> list[dict[str, Any]]:
    return [
        {"of": name.lower(), "row": row + 1, "column": column + 1, "number": float(value)}
        for name, values in some.items()
        for (row, column), value in np.ndenumerate(values)
    ]
