"""Maps of methods side by side, each with what it is, and the numbers behind them."""

from collections.abc import Callable, Mapping

import numpy as np
import streamlit as st

from engine.figures.why import map_figure, picture_figure
from engine.labs.why_spec import METHODS
from pages.ui.corpus.plot import plot

TILE = 152
"""Pixels of a map with its words: two of them stand side by side on a telephone's screen, six on a large one."""


def tiles(
    key: str, picture: np.ndarray, maps: Mapping[str, np.ndarray], below: Callable[[str, np.ndarray], str], first: str
) -> None:
    """Show a picture and maps of it, by their methods; ``first`` stands below the picture, ``below`` says what does
    below a map.
    """
    with st.container(horizontal=True, gap="small"):
        with st.container(width=TILE, gap="xsmall"):
            st.markdown(":small[**The picture**]")
            plot(picture_figure(picture), alt="The picture that is asked about.", key=f"{key}-picture")
            st.caption(first)
        for name, method in METHODS.items():
            with st.container(width=TILE, gap="xsmall"):
                about = f"{method.about}\n\n${method.formula}$\n\n{method.paper}"
                st.markdown(f":small[**{method.title}**]", help=about)
                if name in maps:
                    alt = f"{method.title}: {method.about}"
                    plot(map_figure(maps[name], picture), alt=alt, key=f"{key}-{name}")
                    st.caption(below(name, maps[name]))
                else:
                    st.caption("It asks the maps of a convolution, and this net has none.")


def ends(name: str, values: np.ndarray) -> str:
    """Return which numbers the colours of a map end at."""
    largest = float(np.abs(values).max())
    if not largest:
        return "0 everywhere"
    written = f"{largest:.3g}"
    return f"−{written} to {written}" if METHODS[name].signed else f"0 to {written}"
