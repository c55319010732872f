"""The panels of how a translation is searched for and scored, and the figure of who is to blame."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from engine.figures.panel import BeamsPanel, Bind, PlotPanel, TablePanel, WordsPanel
from engine.figures.style import PLAIN, VALIDATION_COLOUR, Figure, curve, figure, figure_over_steps

ORDERS = ("1 symbol", "2 in a row", "3 in a row", "4 in a row")
WORST = 5
RIGHT, NET, SEARCH = "right", "the net is to blame", "the search is to blame"
_COLOURS = {RIGHT: "#009E73", NET: "#E69F00", SEARCH: "#8040E0"}
_PATTERNS = {RIGHT: "", NET: "/", SEARCH: "x"}


class Width(NamedTuple):
    """How many pairs came out how where so many ``beams`` searched."""

    beams: int
    right: int
    net: int
    search: int


def beams_panel() -> BeamsPanel:
    """Return the panel of the tree of the search."""
    return BeamsPanel(
        id="beams",
        title="Beam tree",
        width=12,
        height=400,
        help="Every beginning that the search looked at for the pair above: a column for each symbol, in it the "
        "likeliest on top. A number is the log-probability of the whole beginning: that of the box before it plus that "
        "of its own symbol, which makes the line to it thick or thin. Greedy is a search with one beam.",
        alt="The tree of the search: boxes for beginnings, lines between them.",
        array="beams",
        symbols="branches",
        about="search",
    )


def bleu_curve_panel() -> PlotPanel:
    """Return the panel of BLEU over the steps."""
    return PlotPanel(
        id="bleu",
        title="BLEU",
        width=6,
        height=260,
        help="How much of what is written for pairs held out stands in their references, from 0 to 100; in the way "
        "that the settings under Writing say.",
        alt="Curve of BLEU over steps.",
        figure=figure_over_steps([curve("BLEU", VALIDATION_COLOUR)], "", yaxis={"range": [0, 103]} | PLAIN),
        bindings=(Bind(0, "y", "bleu", "series"),),
        smoothing=True,
        spread=("bleu",),
    )


def bleu_parts_panel() -> TablePanel:
    """Return the table of what BLEU is made of."""
    return TablePanel(
        id="parts",
        title="BLEU, taken apart",
        width=12,
        height=220,
        help="Of all that was written: how many symbols and rows of symbols there are, how many of them are in their "
        "reference, and how many count, where none counts more often than its reference has it. The precision is the "
        "last of these by the first.",
        alt="Table of the counts and precisions of rows of one to four symbols.",
        arrays=("bleu.counts", "bleu.precision"),
        rows=ORDERS,
        columns=("written", "found in the reference", "counted", "precision"),
        corner="rows of",
    )


def bleu_words_panel() -> WordsPanel:
    """Return the panel that tells how BLEU is put together."""
    return WordsPanel(
        id="bleu-sum",
        title="BLEU, put together",
        width=6,
        height=70,
        help="The geometric mean of the precisions, of the orders that there are, made smaller where less was written "
        "than there is in the references. The signature says how it was counted: with it sacrebleu comes to the same "
        "number.",
        alt="How BLEU follows from its parts.",
        keys=("bleu", "signature"),
    )


def worst_panel() -> WordsPanel:
    """Return the panel of the worst translations."""
    return WordsPanel(
        id="worst",
        title="The worst translations",
        width=12,
        height=150,
        help="Of the pairs held out that are scored, those written wrong whose reference the net finds least likely, "
        "for each of its symbols. Where what it wrote has the better score the net is to blame, else the search.",
        alt="The pairs with the worst translations, in words.",
        keys=("worst", *(f"worst_{place}" for place in range(WORST))),
    )


def blame_figure(widths: Sequence[Width]) -> Figure:
    """Return bars over the widths of a search: how many pairs are right, and who is to blame for the others."""
    shares = {
        RIGHT: [one.right for one in widths],
        NET: [one.net for one in widths],
        SEARCH: [one.search for one in widths],
    }
    names = [f"{one.beams} {'beam' if one.beams == 1 else 'beams'}" for one in widths]
    traces: list[dict[str, Any]] = [
        {
            "type": "bar",
            "name": name,
            "x": names,
            "y": counts,
            "marker": {"color": _COLOURS[name], "pattern": {"shape": _PATTERNS[name]}},
            "hovertemplate": f"%{{x}}<br>%{{y}} {name}<extra></extra>",
        }
        for name, counts in shares.items()
    ]
    drawn = figure(traces, "", "pairs held out", yaxis=PLAIN)
    drawn["layout"] |= {"barmode": "stack", "height": 320, "legend": {"orientation": "h", "y": -0.15, "x": 0}}
    return drawn
