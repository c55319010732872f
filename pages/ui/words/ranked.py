"""A list of words in their order, with bars: each word can be clicked. Python's side of assets/live/ranked.js."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.components import v2 as components

from pages.ui import live_assets
from pages.ui.live_panel import shim
from pages.ui.live_routes import LIVE

ROW = 33
HEAD = 34
MOST_LETTERS = 2_000

_mount = components.component(
    "learnscope.ranked", html='<div class="ls-ranked"></div>', js=shim("ranked.js"), isolate_styles=False
)


@dataclass(frozen=True, slots=True)
class Row:
    """A word, its score as text, where its bar begins and ends (from 0 to 1), and what else is told of it, as text."""

    word: str
    score: str
    bar: tuple[float, float]
    more: tuple[str, ...] = ()


def number(value: float, digits: int = 3) -> str:
    """Return a score as text."""
    return f"{value:.{digits}f}".replace("-", "−")


def signed_bar(value: float) -> tuple[float, float]:
    """Return the bar of a value from -1 to 1, which sets out from the middle."""
    end = (1 + max(-1.0, min(1.0, value))) / 2
    return min(0.5, end), max(0.5, end)


def cells(row: Row) -> list[Any]:
    """Return a row as the browser takes it."""
    return [row.word[:MOST_LETTERS], row.score, list(row.bar), *row.more]


def ranked(
    rows: Sequence[Row],
    *,
    title: str,
    columns: Sequence[str],
    key: str,
    marked: Sequence[str] = (),
    on_choose: Callable[[str], None] | None = None,
) -> None:
    """Show words in their order; ``columns`` are the headings of word, score and what else there is.

    ``marked`` words stand out. ``on_choose`` is told the word that was clicked, one of those shown.
    """
    shown = {row.word for row in rows}
    data: dict[str, Any] = {
        "base": LIVE,
        "version": live_assets.version(),
        "title": title,
        "columns": list(columns),
        "rows": [cells(row) for row in rows],
        "marked": [word for word in marked if word in shown],
        "clickable": on_choose is not None,
    }

    def hear() -> None:
        told = st.session_state[key].get("choose")
        if on_choose and isinstance(told, str) and told in shown:
            on_choose(told)

    _mount(key=key, data=data, height=HEAD + ROW * max(1, len(rows)), on_choose_change=hear)
