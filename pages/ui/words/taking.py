"""What one can take away from an answer: its table, its picture, and how to ask the same without a browser."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import streamlit as st
from streamlit.components import v2 as components

from engine.figures.style import Figure
from pages.ui import live_assets
from pages.ui.live_panel import shim
from pages.ui.live_routes import LIVE
from pages.ui.text import plain

HEIGHT = 100

_FORMULA = ("=", "+", "-", "@", "\t", "\r")

_mount = components.component(
    "learnscope.figure_picture", html='<div class="ls-figure"></div>', js=shim("figurepicture.js"), isolate_styles=False
)


class Keys(Protocol):
    """Whoever names the widgets of a page."""

    def key(self, name: str) -> str:
        """Return the key of a widget."""
        ...


@dataclass(frozen=True, slots=True)
class Beginning:
    """Names widgets by how their keys ``begin``."""

    begin: str

    def key(self, name: str) -> str:
        """Return the key of a widget."""
        return f"{self.begin}-{name}"


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure that the page shows, to be taken as SVG and PNG, with a title that the page tells above it."""

    figure: Figure
    title: str


def offer(
    here: Keys, name: str, rows: Sequence[Mapping[str, Any]], by_hand: str = "", picture: Picture | None = None
) -> None:
    """Offer an answer as files: its rows, and the picture that is shown of it, which the browser makes.

    ``by_hand`` are lines of a terminal and of Python that give the same. Nothing of it is made or sent before somebody
    opens it.
    """
    box = st.popover("Take away", icon=":material/download:", key=here.key(f"take.{name}"), on_change="rerun")
    if not box.open:
        return
    with box:
        for kind, mime, data in (
            ("csv", "text/csv", as_csv(rows)),
            ("json", "application/json", json.dumps(list(rows), ensure_ascii=False, indent=2)),
        ):
            st.download_button(
                f"Table in {kind.upper()}",
                data,
                f"{name}.{kind}",
                mime,
                key=here.key(f"take.{name}.{kind}"),
                icon=":material/table:",
                on_click="ignore",
            )
        if picture is not None:
            _picture(here, name, picture)
        if by_hand:
            st.markdown("The same by hand:")
            st.code(by_hand, language="bash")


def numbers(
    here: Keys,
    name: str,
    rows: Sequence[Mapping[str, Any]],
    picture: Picture | None = None,
    shown: Sequence[Mapping[str, Any]] | None = None,
) -> None:
    """Offer the numbers behind a figure: as a table on the page, and as files, with the figure as a picture.

    Where ``rows`` are too many to be read, the page's table has those that are ``shown``, and says so.
    """
    with st.container(horizontal=True):
        offer(here, name, rows, picture=picture)
    some = rows if shown is None else shown
    with st.expander("The numbers of this picture", icon=":material/table:"):
        if some:
            st.table({plain(column): [_shown(row[column]) for row in some] for column in some[0]}, border="horizontal")
        if len(some) < len(rows):
            st.caption(f"{len(some):,} of {len(rows):,} rows: all of them can be taken away.")


def signed(value: float, digits: int) -> str:
    """Return a number with a minus that is one."""
    return f"{value:.{digits}f}".replace("-", "−")


def _shown(value: Any) -> str:
    match value:
        case None:
            return "–"
        case float():
            return signed(value, 3) if abs(value) < 1_000 else f"{value:,.0f}".replace("-", "−")
        case int():
            return f"{value:,}"
        case _:
            return plain(str(value))


def _picture(here: Keys, name: str, picture: Picture) -> None:
    data = {
        "base": LIVE,
        "version": live_assets.version(),
        "figure": {part: picture.figure[part] for part in ("data", "layout")},
        "title": picture.title,
        "file": name,
    }
    _mount(key=here.key(f"take.{name}.picture"), data=data, height=HEIGHT)


def as_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows as CSV in which no cell is a formula to a spreadsheet, whatever word stands there."""
    text = io.StringIO()
    if rows:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(rows[0])
        writer.writerows([_guarded(value) for value in row.values()] for row in rows)
    return text.getvalue()


def _guarded(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
