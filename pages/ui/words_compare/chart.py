"""A figure on the page, with its numbers behind it and what can be taken away."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from engine.figures.style import Figure
from pages.ui.text import plain
from pages.ui.words.taking import Picture, offer
from pages.ui.words_compare.slot import Desk


def chart(figure: Figure, alt: str, key: str) -> None:
    """Show a figure; ``alt`` says in words what it shows."""
    st.plotly_chart(figure, alt=alt, config={"displayModeBar": False}, key=f"compare.{key}")


def numbers(
    here: Desk, name: str, rows: Sequence[Mapping[str, Any]], figure: Figure | None = None, title: str = ""
) -> None:
    """Offer the numbers behind a figure: as a table on the page, and as files, with the figure as a picture."""
    with st.container(horizontal=True):
        offer(here, f"compare-{name}", rows, picture=Picture(figure, title) if figure else None)
    with st.expander("The numbers of this picture", icon=":material/table:"):
        if rows:
            st.table({plain(column): [_shown(row[column]) for row in rows] for column in rows[0]}, border="horizontal")


def share(value: float | None) -> str:
    """Return a share, from 0 to 1, as text."""
    return "–" if value is None else f"{value:.1%}"


def between(interval: Sequence[float | None], digits: int = 2) -> str:
    """Return an interval as text."""
    low, high = interval
    if low is None or high is None:
        return "unknown"
    return f"{signed(low, digits)} to {signed(high, digits)}"


def signed(value: float, digits: int) -> str:
    """Return a number with a minus that is one."""
    return f"{value:.{digits}f}".replace("-", "−")


def _shown(value: Any) -> str:
    match value:
        case None:
            return "–"
        case float():
            return signed(value, 3)
        case int():
            return f"{value:,}"
        case _:
            return plain(str(value))
