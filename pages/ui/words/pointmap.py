"""The map of words, Python's side: puts the component on the page, says which map it shows, hears what is chosen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st
from streamlit.components import v2 as components

from pages.ui import live_assets
from pages.ui.live_panel import shim
from pages.ui.live_routes import LIVE
from pages.ui.map_routes import MAP_KEY
from pages.ui.rights import MapRight
from pages.ui.words.map_look import MapLook
from pages.ui.words.map_scores import Score, offered

HEIGHT = 720
"""CSS pixels that the page keeps free until the map and its style sheet have come, which give them up."""
MOST_ROWS = 20_000
LAST_ROW = 2**31 - 1
NAME_LETTERS = 64
State = Literal["waiting", "going", "done", "failed", "cancelled", ""]

_mount = components.component(
    "learnscope.point_map", html='<div class="ls-map"></div>', js=shim("pointmap.js"), isolate_styles=False
)


@dataclass(frozen=True, slots=True)
class Choice:
    """Words that a person has chosen on a map: how many, and the rows in the space of the first ``MOST_ROWS`` of them.

    ``action`` is what is to be done with them, one of those that the page offers; empty where they were only chosen.
    """

    map: str
    count: int
    rows: tuple[int, ...]
    action: str = ""


def point_map(
    map_key: str,
    *,
    person: str,
    title: str,
    key: str,
    look: MapLook | None = None,
    scores: Sequence[Score] = (),
    actions: Mapping[str, str] | None = None,
    state: State = "",
    message: str = "",
    cancellable: bool = False,
    on_select: Callable[[Choice], None] | None = None,
    on_act: Callable[[Choice], None] | None = None,
    on_look: Callable[[MapLook], None] | None = None,
    on_done: Callable[[], None] | None = None,
    on_cancel: Callable[[], None] | None = None,
) -> None:
    """Show the map in the folder ``map_key`` to ``person``, as it forms and when it is done; "" where there is none.

    ``look`` is what a link asks to be shown at first: while it stays the same, so does what a person looks at.
    ``state`` and ``message`` (a sentence) tell how the work goes that lays the map out. ``actions`` are names of what
    the page can do with chosen words, each with what its button says. What is handed over depends on nothing else, so
    that a rerun of the page leaves the map as it is.

    ``on_select`` is told when other words are chosen, ``on_act`` when one of ``actions`` is asked for, ``on_look`` when
    a person looks elsewhere and stays there, ``on_done`` when the finished map has come, ``on_cancel`` when it is to be
    called off. All come from a browser: what makes no sense is not passed on.
    """
    known = bool(MAP_KEY.fullmatch(map_key))
    data: dict[str, Any] = {
        "base": LIVE,
        "version": live_assets.version(),
        "map": map_key if known else "",
        "token": MapRight(map_key, person).token() if known else "",
        "title": title,
        "state": state,
        "message": message,
        "cancellable": cancellable and on_cancel is not None,
        "scores": offered(map_key, scores) if known else [],
        "actions": dict(actions or {}),
        "look": (look or MapLook()).to_json(),
    }

    def told(event: str) -> Any:
        return st.session_state[key].get(event)

    def hear_choice(event: str, listener: Callable[[Choice], None] | None) -> None:
        choice = choice_of(told(event))
        if listener and choice and choice.map == map_key and (not choice.action or choice.action in data["actions"]):
            listener(choice)

    def hear_look() -> None:
        value = told("look")
        if on_look and isinstance(value, dict) and value.get("map") == map_key:
            on_look(MapLook.of_browser(value))

    def hear(event: str, listener: Callable[[], None] | None) -> None:
        if listener and told(event) == map_key:
            listener()

    _mount(
        key=key,
        data=data,
        height=HEIGHT,
        on_select_change=lambda: hear_choice("select", on_select),
        on_act_change=lambda: hear_choice("act", on_act),
        on_look_change=hear_look,
        on_done_change=lambda: hear("done", on_done),
        on_cancel_change=lambda: hear("cancel", on_cancel),
    )


def choice_of(value: object) -> Choice | None:
    """Read what a browser says of chosen words; None where it makes no sense."""
    if not isinstance(value, dict):
        return None
    name, count, rows, action = (value.get(part) for part in ("map", "count", "rows", "action"))
    action = "" if action is None else action
    if not isinstance(name, str) or not isinstance(action, str) or len(action) > NAME_LETTERS:
        return None
    if not isinstance(rows, list) or len(rows) > MOST_ROWS or not all(_is_row(row) for row in rows):
        return None
    if not isinstance(count, int) or not _is_row(count) or count < len(rows):
        return None
    return Choice(name, count, tuple(rows), action)


def _is_row(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LAST_ROW
