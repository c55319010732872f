"""A cell of a picture, chosen by a click or by its row and column."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from engine.figures.style import Figure
from pages.ui.corpus.plot import plot

FIELD = 130
"""Pixels: beside the products where there is room, and below them on a telephone."""


@dataclass(slots=True)
class Picking:
    """How a cell of a picture of some ``shape``, of ``what``, is chosen; ``key`` begins the keys of widgets. ``take``
    is told the row and the column, from 0; a person counts them from ``first``.

    A browser that is late says once more what it had clicked, and what stood in the fields for the row and the column
    before: so the picture has another key for each place, and after each click the fields have.
    """

    key: str
    shape: tuple[int, ...]
    take: Callable[[int, int], None]
    what: str = "the output"
    first: int = 1

    def plot(self, figure: Figure, row: int, column: int, alt: str) -> None:
        """Show the picture, to be clicked on: the points of its last trace are the cells, row by row."""
        key = st.session_state[self._drawn] = f"{self.key}-output-{self.clicks}-{row}-{column}-{self.shape}"
        plot(figure, alt=alt, key=key, on_select=lambda: self._click(key))

    def fields(self, row: int, column: int) -> None:
        """Draw the fields for the row and the column."""
        with st.container(horizontal=True):
            self.field("row", f"Row of {self.what}", row, column)
            self.field("column", f"Column of {self.what}", row, column)

    def field(self, name: str, label: str, row: int, column: int) -> None:
        """Draw the field for the ``row`` or the ``column``, whichever is named."""
        at = ("row", "column").index(name)
        now, count = (row, column)[at] + self.first, self.shape[at]
        slot = f"{self.key}-{name}-{self.clicks}-{count}"
        st.session_state.setdefault(slot, now)
        st.number_input(
            label,
            self.first,
            count - 1 + self.first,
            st.session_state[slot],
            1,
            key=slot,
            width=FIELD,
            on_change=self._typed,
            args=(name, slot, row, column),
        )

    @property
    def clicks(self) -> int:
        """Return how often a cell was clicked."""
        return st.session_state.get(f"{self.key}-clicks", 0)

    @property
    def _drawn(self) -> str:
        return f"{self.key}-output"

    def _click(self, key: str) -> None:
        """Take over a cell that was clicked in the picture that is shown now."""
        if st.session_state.get(self._drawn) != key:
            return
        points = st.session_state[key].get("selection", {}).get("point_indices", [])
        if points and isinstance(points[0], int) and 0 <= points[0] < self.shape[0] * self.shape[1]:
            self.take(*divmod(points[0], self.shape[1]))
            st.session_state[f"{self.key}-clicks"] = self.clicks + 1

    def _typed(self, name: str, slot: str, row: int, column: int) -> None:
        """Take over what was typed in the field that is shown now; the other one stays as it is."""
        told = st.session_state.get(slot)
        if slot.startswith(f"{self.key}-{name}-{self.clicks}-") and told is not None:
            at = int(told) - self.first
            self.take(*((at, column) if name == "row" else (row, at)))
