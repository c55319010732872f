"""All answers to a formula on one board: the lists of the methods, and the plane in which the words lie. Python's side
of assets/live/board.js.

The plane is a figure for Plotly (``engine.figures.analogy``), which Plotly itself makes a file of; on the page Plotly
would take longer over it than all else of an answer together.
"""

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.components import v2 as components

from engine.figures.style import Figure
from pages.ui import live_assets
from pages.ui.live_panel import shim
from pages.ui.live_routes import LIVE
from pages.ui.words.ranked import HEAD, ROW, Row, cells

PICTURE = 440
"""CSS pixels."""
ABOVE = 110
"""Of a list, with its name and what is told of its method: CSS pixels that are reserved until the browser knows."""

_mount = components.component(
    "learnscope.board", html='<div class="ls-board"></div>', js=shim("board.js"), isolate_styles=False
)


@dataclass(frozen=True, slots=True)
class Listed:
    """The answers of a method: its ``name`` and ``how`` it works, a ``title`` for the list, its rows, and where the
    expected word came, as that word and the rest of the sentence. ``why``, a sentence, where there are no answers.
    """

    name: str
    how: str
    title: str
    rows: Sequence[Row] = ()
    told: tuple[str, str] | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Plane:
    """A figure, in words what it shows, the question that its numbers answer, each number with its name and what it
    means, and sentences below.
    """

    figure: Figure
    alt: str
    question: str
    measures: Sequence[tuple[str, str, str]]
    about: Sequence[str]


def board(
    lists: Sequence[Listed],
    plane: Plane | None,
    *,
    marked: str,
    turns: Sequence[tuple[str, str]],
    key: str,
    on_choose: Callable[[str], None],
    on_turn: Callable[[str, str], None],
) -> None:
    """Show answers; the word ``marked`` stands out. ``turns`` are other questions of the same words, each with what is
    expected then. ``on_choose`` is told the word that was clicked, one of those shown, and ``on_turn`` the question.
    All text is shown letter by letter.
    """
    shown = {row.word for one in lists for row in one.rows}
    data: dict[str, Any] = {
        "base": LIVE,
        "version": live_assets.version(),
        "lists": [_list(one, marked) for one in lists],
        "picture": None if plane is None else _picture(plane),
        "turns": [list(one) for one in turns],
    }

    def hear() -> None:
        told = st.session_state[key].get("choose")
        if isinstance(told, str) and told in shown:
            on_choose(told)

    def hear_turn() -> None:
        told = st.session_state[key].get("turn")
        if isinstance(told, int) and 0 <= told < len(turns):
            on_turn(*turns[told])

    longest = max((len(one.rows) for one in lists), default=0)
    height = ABOVE + HEAD + ROW * max(1, longest) + (PICTURE if plane else 0)
    _mount(key=key, data=data, height=height, on_choose_change=hear, on_turn_change=hear_turn)


def _list(one: Listed, marked: str) -> dict[str, Any]:
    return {
        "name": one.name,
        "how": one.how,
        "title": one.title,
        "columns": ["Word", "Score"],
        "rows": [cells(row) for row in one.rows],
        "marked": [row.word for row in one.rows if row.word == marked],
        "told": one.told,
        "why": one.why,
    }


def _picture(plane: Plane) -> dict[str, Any]:
    told = {"alt": plane.alt, "question": plane.question, "measures": plane.measures, "about": plane.about}
    return told | marks(plane.figure) | {"height": PICTURE}


def marks(figure: Figure) -> dict[str, Any]:
    """Return what a figure draws: its points with their labels, arrows, and the dashed line around.

    Labels are as people read them, not as Plotly does: they are drawn letter by letter.
    """
    traces, layout = figure["data"], figure["layout"]
    (dashed,) = (trace for trace in traces if trace["mode"] == "lines")
    return {
        "points": [one for trace in traces if "marker" in trace for one in _points(trace)],
        "arrows": [
            {"from": [one["ax"], one["ay"]], "to": [one["x"], one["y"]], "colour": one["arrowcolor"]}
            for one in layout["annotations"]
        ],
        "dashed": [list(place) for place in zip(dashed["x"], dashed["y"], strict=True)],
        "titles": [html.unescape(layout[axis]["title"]["text"]) for axis in ("xaxis", "yaxis")],
        "shown": [layout[axis]["range"] for axis in ("xaxis", "yaxis")],
    }


def _points(trace: dict[str, Any]) -> list[dict[str, Any]]:
    marker = trace["marker"]
    return [
        {
            "at": [x, y],
            "size": size,
            "opacity": opacity,
            "colour": marker["color"],
            "shape": marker["symbol"],
            "label": html.unescape(label),
            "side": side,
            "told": html.unescape(told),
        }
        for x, y, size, opacity, label, side, told in zip(
            *(trace["x"], trace["y"], marker["size"], marker["opacity"]),
            *(trace["text"], trace["textposition"], trace["hovertext"]),
            strict=True,
        )
    ]
