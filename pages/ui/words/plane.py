"""The plane of an analogy on the page. Python's side of assets/live/plane.js.

It draws a figure for Plotly (``engine.figures.analogy``), which Plotly itself makes a file of; on the page Plotly would
take longer over it than all else of an answer together.
"""

import html
from typing import Any

from streamlit.components import v2 as components

from engine.figures.style import Figure
from pages.ui import live_assets
from pages.ui.live_panel import shim
from pages.ui.live_routes import LIVE

_mount = components.component(
    "learnscope.plane", html='<div class="ls-plane"></div>', js=shim("plane.js"), isolate_styles=False
)


def plane(figure: Figure, *, alt: str, key: str, height: int) -> None:
    """Show a figure; ``alt`` says in words what it shows, and the height is in CSS pixels."""
    data = {"base": LIVE, "version": live_assets.version(), "height": height, "alt": alt}
    _mount(key=key, data=data | marks(figure), height=height)


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
