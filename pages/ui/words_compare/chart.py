"""A figure on the page, with its numbers behind it and what can be taken away."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from engine.figures.style import Figure
from pages.ui.corpus.plot import inked
from pages.ui.words import taking
from pages.ui.words.taking import Picture, signed
from pages.ui.words_compare.slot import Desk


def chart(figure: Figure, alt: str, key: str) -> None:
    """Show a figure; ``alt`` says in words what it shows."""
    st.plotly_chart(inked(figure), alt=alt, config={"displayModeBar": False}, key=f"compare.{key}")


def numbers(
    here: Desk, name: str, rows: Sequence[Mapping[str, Any]], figure: Figure | None = None, title: str = ""
) -> None:
    """Offer the numbers behind a figure: as a table on the page, and as files, with the figure as a picture."""
    taking.numbers(here, f"compare-{name}", rows, Picture(figure, title) if figure else None)


def share(value: float | None) -> str:
    """Return a share, from 0 to 1, as text."""
    return "–" if value is None else f"{value:.1%}"


def between(interval: Sequence[float | None], digits: int = 2) -> str:
    """Return an interval as text."""
    low, high = interval
    if low is None or high is None:
        return "unknown"
    return f"{signed(low, digits)} to {signed(high, digits)}"
