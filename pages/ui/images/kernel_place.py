"""One number of the output, chosen by a click or by its row and column, and written out."""

from dataclasses import dataclass

import streamlit as st

from engine.data.images.kernel_spec import KernelSpec
from engine.data.images.slid import Slid, written_out
from engine.figures.style import Figure
from pages.ui.corpus.plot import plot
from pages.ui.desk.slot import Desk
from pages.ui.images import kernel_words as say
from pages.ui.images.kernel_controls import change
from pages.ui.images.markup import Product, products

FIELD = 130
STEPS = 330
"""Pixels: beside the products where there is room, and below them on a telephone."""


@dataclass(slots=True)
class Picking:
    """How a number of an output of some ``shape`` is chosen at a desk; ``key`` begins the keys of widgets.

    A browser that is late says once more what it had clicked, and what stood in the fields for the row and the column
    before: so the picture has another key for each place, and after each click the fields have.
    """

    desk: Desk
    key: str
    shape: tuple[int, ...]

    def plot(self, figure: Figure, row: int, column: int) -> None:
        """Show the output, to be clicked on."""
        key = st.session_state[self._drawn] = f"{self.key}-output-{self.clicks}-{row}-{column}-{self.shape}"
        alt = f"The output; row {row + 1}, column {column + 1} is written out below."
        plot(figure, alt=alt, key=key, on_select=lambda: self._click(key))

    def fields(self, row: int, column: int) -> None:
        """Draw the fields for the row and the column that are written out."""
        with st.container(horizontal=True):
            for name, now, count in zip(("row", "column"), (row, column), self.shape, strict=True):
                slot = f"{self.key}-{name}-{self.clicks}-{count}"
                st.session_state.setdefault(slot, now + 1)
                st.number_input(
                    f"{name.capitalize()} of the output",
                    1,
                    count,
                    st.session_state[slot],
                    1,
                    key=slot,
                    width=FIELD,
                    on_change=self._typed,
                    args=(name, slot, row, column),
                )

    @property
    def clicks(self) -> int:
        """Return how often a number was clicked."""
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
            row, column = divmod(points[0], self.shape[1])
            change(self.desk, row=row + 1, column=column + 1)
            st.session_state[f"{self.key}-clicks"] = self.clicks + 1

    def _typed(self, name: str, slot: str, row: int, column: int) -> None:
        """Take over what was typed in the field that is shown now; the other one stays as it is."""
        if slot.startswith(f"{self.key}-{name}-{self.clicks}-") and st.session_state.get(slot):
            change(self.desk, **{"row": row + 1, "column": column + 1, name: int(st.session_state[slot])})


def place(spec: KernelSpec, slid: Slid, picking: Picking, row: int, column: int) -> None:
    """Write out one number of the output: its products, their sum, and what becomes of that."""
    picking.fields(row, column)
    found = written_out(slid, row, column)
    written, divisor = say.weights(spec)
    times = float(divisor or 1)
    largest = max((abs(term.product) for term in found.terms), default=0.0) or 1.0
    cells = [
        Product(
            f"{say.number(term.pixel)} × {written[at // len(written)][at % len(written)]}",
            say.number(term.product * times),
            term.product / largest,
            not (0 <= term.row < slid.image.shape[0] and 0 <= term.column < slid.image.shape[1]),
            f"row {term.row + 1}, column {term.column + 1} of the picture",
        )
        for at, term in enumerate(found.terms)
    ]
    side = len(slid.kernel)
    frame = " Dashed: from the frame of zeros." if any(cell.outside for cell in cells) else ""
    caption = f"Pixel × number of the kernel, and what it makes, for row {row + 1}, column {column + 1}.{frame}"
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        st.html(products([cells[at : at + side] for at in range(0, side * side, side)], caption), width="content")
        st.markdown(say.steps(slid, found, times), width=STEPS)
    st.caption(caption)
