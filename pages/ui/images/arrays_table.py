"""The numbers behind pictures: as tables, to be read in their place, and as a file, to be taken away."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from pages.ui.corpus.markup import STYLE
from pages.ui.images.kernel_words import number
from pages.ui.images.number_tables import tables
from pages.ui.words import taking


def arrays_table(some: Mapping[str, np.ndarray], key: str, file: str, first: str = "") -> None:
    """Offer the numbers of some arrays (rows, columns) by their titles; nothing of them is made before somebody opens
    them. ``first`` is the one that is shown, else the last.
    """
    st.html(STYLE)
    with st.container(horizontal=True):
        taking.offer(taking.Beginning(key), file, rows_of(some))
    tables(some, first or list(some)[-1], key, number)


def rows_of(some: Mapping[str, np.ndarray]) -> list[dict[str, Any]]:
    """Return a row for each number, as a file has them."""
    return [
        {"of": name.lower(), "row": row + 1, "column": column + 1, "number": float(value)}
        for name, values in some.items()
        for (row, column), value in np.ndenumerate(values)
    ]
