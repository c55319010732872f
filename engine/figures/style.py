"""What all figures share: colours that can be told apart with any colour vision, and a frame of axes without
decoration.

Colours of text, grid and background are left out: the live panel sets them from the theme of the page.
"""

import html
from typing import Any

# Okabe & Ito 2008, with violet for their black, which a dark page swallows; the order keeps neighbours apart.
CLASS_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#F0E442", "#D55E00", "#8040E0")
TRAIN_COLOUR, VALIDATION_COLOUR = "#0072B2", "#D55E00"
DIVERGING = ("#0072B2", "#E69F00")
"""Below and above the middle; the middle itself lets the page through, in the live panel's own pictures too."""

PAPER, INK = "paper", "ink"
"""Colours of a marker's rim that the live panel takes from the theme: what stands out differs with it."""

# Plotly's own way would be "500B" for 5e11 and "20k" for a step that the readouts call 20,000.
PLAIN = {"exponentformat": "none", "separatethousands": True}
POWERS = {"exponentformat": "power"}
# There is no step below 0, and before the first ones are made an axis of fractions of a step would mean nothing.
STEPS = {"rangemode": "nonnegative", "autorangeoptions": {"include": [0, 10]}}

Figure = dict[str, Any]


def figure(traces: list[dict[str, Any]], x: str, y: str, **axes: dict[str, Any]) -> Figure:
    """Return a figure of ``traces`` with titles of axes; ``xaxis`` and ``yaxis`` add to those axes.

    An axis that would only say again what the panel's title says has no title: "" leaves it out.
    """
    layout = {
        "margin": {"l": 60, "r": 12, "t": 8, "b": 40},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "xaxis": _axis(x) | PLAIN | axes.get("xaxis", {}),
        "yaxis": _axis(y) | POWERS | axes.get("yaxis", {}),
        "hovermode": "closest",
        "uirevision": "kept",
    }
    return {"data": traces, "layout": layout}


def figure_over_steps(traces: list[dict[str, Any]], y: str, **axes: dict[str, Any]) -> Figure:
    """Return a figure of ``traces`` whose x axis counts steps; ``yaxis`` adds to the other axis."""
    return figure(traces, "step", y, xaxis=STEPS, **axes)


def curve(name: str, colour: str, **more: Any) -> dict[str, Any]:
    """Return an empty line, to be filled by a binding."""
    line = {"color": colour, "width": 2} | more.pop("line", {})
    return {"type": "scatter", "mode": "lines", "name": name, "x": [], "y": [], "line": line, **more}


def transparent(colour: str, alpha: float) -> str:
    """Return ``#rrggbb`` as a colour that lets the page through."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:g})"


def written(text: str, limit: int = 40) -> str:
    """Return text from outside for a label or a hover of Plotly's, which would read markup, links and formulas in it.

    Line breaks become spaces; longer text is cut.
    """
    shown = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    cut = shown if len(shown) <= limit else shown[: limit - 1] + "…"
    return html.escape(cut, quote=False).replace("$", "&#36;")


def _axis(title: str) -> dict[str, Any]:
    return {"title": {"text": title, "standoff": 6}, "zeroline": False, "automargin": False}
