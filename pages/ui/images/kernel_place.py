"""One number of the output written out."""

import streamlit as st

from engine.data.images.kernel_spec import KernelSpec
from engine.data.images.slid import Slid, written_out
from pages.ui.images import kernel_words as say
from pages.ui.images.markup import Product, products
from pages.ui.images.picking import Picking

STEPS = 330
"""Pixels: beside the products where there is room, and below them on a telephone."""


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
