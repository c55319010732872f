"""The numbers of the pictures, as tables: to be read in their place, or taken away."""

from typing import Any

import numpy as np
import streamlit as st

from engine.data.images.slid import Slid
from pages.ui.images.kernel_words import number
from pages.ui.images.number_tables import tables
from pages.ui.words import taking


def numbers(slid: Slid, key: str) -> None:
    """Offer the numbers of all pictures; nothing of them is made before somebody opens them."""
    some = {"Picture": slid.image, "Kernel": slid.kernel, "Output": slid.output}
    if slid.pools is not None:
        some["Pooled"] = slid.pools
    with st.container(horizontal=True):
        taking.offer(taking.Beginning(key), "kernel", _rows(some))
    tables(some, "Output", key, number)


def _rows(some: dict[str, np.ndarray]) -> list[dict[str, Any]]:
    return [
        {"of": name.lower(), "row": row + 1, "column": column + 1, "number": float(value)}
        for name, values in some.items()
        for (row, column), value in np.ndenumerate(values)
    ]
