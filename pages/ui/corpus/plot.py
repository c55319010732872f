"""A figure on the page, its words in the colour of the page's own, and its numbers behind it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from engine.figures.style import Figure
from pages.ui.words import taking

INK = {"light": "#0B131B", "dark": "#E8EEF4"}
"""As in .streamlit/config.toml: Streamlit writes figures in a grey that is hard to read where letters are small."""


def plot(figure: Figure, *, alt: str, key: str, on_select: Callable[[], None] | None = None) -> None:
    """Show a figure; ``alt`` says in words what it shows. ``on_select`` is called when a point of it is clicked."""
    chosen: dict[str, Any] = {"on_select": on_select, "selection_mode": "points"} if on_select else {}
    st.plotly_chart(inked(figure), alt=alt, config={"displayModeBar": False}, key=key, **chosen)


def numbers(
    key: str,
    name: str,
    rows: Sequence[Mapping[str, Any]],
    figure: Figure,
    title: str,
    shown: Sequence[Mapping[str, Any]],
) -> None:
    """Offer the numbers of a figure, see ``pages.ui.words.taking.numbers``; ``key`` begins the keys of widgets."""
    taking.numbers(taking.Beginning(key), f"text-{name}", rows, taking.Picture(figure, title), shown)


def inked(figure: Figure) -> Figure:
    """Return a figure with all its words in the colour of the theme."""
    font = {"color": INK.get(st.context.theme.type or "light", INK["light"])}
    layout = figure["layout"]
    axes = {
        name: axis | {"tickfont": font, "title": axis.get("title", {}) | {"font": font}}
        for name, axis in layout.items()
        if name in ("xaxis", "yaxis")
    }
    legend = {"legend": layout.get("legend", {}) | {"font": font}}
    notes = [one | {"font": font | one.get("font", {})} for one in layout.get("annotations", [])]
    traces = [_inked(trace, font) for trace in figure["data"]]
    return {"data": traces, "layout": layout | axes | legend | {"font": font, "annotations": notes}}


def _inked(trace: dict[str, Any], font: dict[str, str]) -> dict[str, Any]:
    if "colorbar" in trace:
        bar = trace["colorbar"]
        return trace | {"colorbar": bar | {"tickfont": font, "title": bar["title"] | {"font": font}}}
    return trace | {"textfont": font} if "text" in trace.get("mode", "") else trace
