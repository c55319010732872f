"""The panels of a language model: what it writes, what it chose from, what its units do, how many bits it needs."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.figures.curves import halves
from engine.figures.panel import Bind, ChoicePanel, Key, PlotPanel, ReadingPanel, TensorPanel, TypePanel, WordsPanel
from engine.figures.style import CLASS_COLOURS, PAPER, TRAIN_COLOUR, curve, figure, figure_over_steps

FATES = ("can be taken", "cut by top k", "cut by the nucleus", "never taken")
"""In the order of ``engine.language.decoding.Fate``."""
KIND_COLOURS = (*CLASS_COLOURS[:4], *(CLASS_COLOURS[place] for place in (6, 7, 4, 5)), "#999999")
"""Of the kinds of symbols on the map, by their numbers: four of characters, four of words, and words of none."""
MOST_TYPED = 120
TICKS = [1, 1.5, 2, 3, 5, 7, 10, 20, 30, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000]
"""Perplexities that are written at the axis: between powers of ten Plotly writes single digits alone."""


def type_panel() -> TypePanel:
    """Return the field in which a person begins a text."""
    return TypePanel(
        id="type",
        title="Your own beginning",
        width=12,
        height=110,
        help="Type the beginning of a text: the panels below show what the net makes of it, and how it goes on. For a "
        "line end type ⏎ or \\\\n.",
        alt="A field for the beginning of a text.",
        words="next",
        most=MOST_TYPED,
        placeholder="Begin a text, and the net goes on",
    )


def sample_panel() -> ReadingPanel:
    """Return the panel of what the net goes on with."""
    return ReadingPanel(
        id="sample",
        title="How it goes on",
        width=6,
        height=300,
        help="The net goes on with the prompt, by the strategy under Going on; the stronger the colour of a symbol, "
        "the more of a surprise it was to the net itself.",
        alt="The text with which the net goes on.",
        array="sample.surprise",
        symbols="sample",
        about="prompt",
        unit="bits",
    )


def choice_panel() -> ChoicePanel:
    """Return the panel of the distribution of the next symbol, with the choice explained."""
    return ChoicePanel(
        id="choice",
        title="The next symbol",
        width=6,
        height=300,
        help="The twenty symbols that the net finds likeliest behind the prompt. Grey: its own probability. Blue: the "
        "one with which each was drawn, when temperature, top k and nucleus were done with it. ␣ is a blank, ⏎ a line "
        "end. The unknown symbol, which stands for all that is in no vocabulary, is never taken.",
        alt="Bars of the probabilities of the next symbol, before and after the strategy.",
        told="choice.told",
        drawn="choice.drawn",
        fate="choice.fate",
        chosen="choice.chosen",
        fates=FATES,
        symbols="choices",
        about="choice",
    )


def unit_panel() -> ReadingPanel:
    """Return the panel of a text coloured by what one unit does."""
    return ReadingPanel(
        id="unit",
        title="One unit reads along",
        width=6,
        height=260,
        help="A text that was held out: each symbol is coloured by what the unit was when it had been read. Orange: "
        "above zero. Blue: below. Which unit it is, the settings under Watching say.",
        alt="A text held out, coloured by the activation of one unit.",
        array="excerpt.unit",
        symbols="excerpt",
        about="unit",
        signed=True,
    )


def surprise_panel() -> ReadingPanel:
    """Return the panel of a text coloured by how much of a surprise each symbol was."""
    return ReadingPanel(
        id="surprise",
        title="What surprises it",
        width=6,
        height=260,
        help="The same text, coloured by how many bits each symbol was a surprise: 1 bit for one that was given half "
        "of the probability, 2 bits for a quarter, and so on.",
        alt="A text held out, coloured by the surprise of each symbol.",
        array="excerpt.surprise",
        symbols="excerpt",
        about="surprise",
        unit="bits",
    )


def units_panel() -> TensorPanel:
    """Return the heatmap of many units over the text."""
    return TensorPanel(
        id="units",
        title="Units over the text",
        width=12,
        height=320,
        help="The first units of the layer looked at, a row each, when each symbol of the text above had been read. "
        "Units and symbols are counted from 0, as in the net's tensors.",
        alt="Heatmap of the units' activations over the symbols of the text.",
        array="units",
        tensors=("states",),
        signed=True,
        columns="excerpt",
    )


def found_panel() -> WordsPanel:
    """Return the panel that tells which units keep count of what."""
    return WordsPanel(
        id="found",
        title="Units that keep count",
        width=12,
        height=60,
        help="For each property of a text the unit that goes best along with it, on text held out: r is Pearson's "
        "correlation, 1 or −1 for a unit that tells it exactly, 0 for one that knows nothing of it. Its square is the "
        "share that it explains: at 0.5 a quarter. From 0.95 on it is called nearly exactly, from 0.8 on well, from "
        "0.5 on a little; below that, hardly.",
        alt="Which unit tells which property of the text best.",
        keys=("found",),
    )


def bits_panel(symbols: str) -> PlotPanel:
    """Return the panel of bits per character, beside those of a model that counts threes of ``symbols``."""
    counted = curve("trigrams, counted", "#999999", line={"dash": "dash", "width": 1.5})
    return PlotPanel(
        id="bits",
        title="Bits per character",
        width=6,
        height=260,
        help="How many bits a character costs that is told by the net: the fewer, the better it knows the text. "
        f"Dashed: a model that does nothing but count which of the {symbols} follows which two, on the text held out.",
        alt="Curves of the bits per character over steps, with the line of the trigram model.",
        figure=figure_over_steps([*halves(), counted], ""),
        bindings=(
            Bind(0, "y", "bits", "series"),
            Bind(1, "y", "val_bits", "series"),
            Bind(2, "y", "trigram_bits", "series"),
        ),
        smoothing=True,
        log=True,
        spread=("bits", "val_bits"),
    )


def perplexity_panel() -> PlotPanel:
    """Return the panel of the perplexity."""
    return PlotPanel(
        id="perplexity",
        title="Perplexity",
        width=6,
        height=260,
        help="Between how many symbols the net hesitates, as if all of them were equally likely. The axis is "
        "logarithmic: from 40 to 20 is as far as from 4 to 2, and each is one bit.",
        alt="Curves of the perplexity over steps.",
        figure=figure_over_steps(halves(), "", yaxis={"type": "log", "tickmode": "array", "tickvals": TICKS}),
        bindings=(Bind(0, "y", "perplexity", "series"), Bind(1, "y", "val_perplexity", "series")),
        smoothing=True,
        log=True,
        spread=("perplexity", "val_perplexity"),
    )


def near_panel() -> WordsPanel:
    """Return the panel that tells how much of who is near whom the map shows."""
    return WordsPanel(
        id="near",
        title="Who is near whom",
        width=12,
        height=40,
        help="Each symbol is a vector of many numbers, the map has two of them. Here all count: near are vectors that "
        "point the same way, by the cosine of the angle between them.",
        alt="Which share of the nearest of each symbol is of its own kind, and how much of that the map can show.",
        keys=("near",),
    )


def map_panel(kinds: Mapping[int, str]) -> PlotPanel:
    """Return the map of the vectors that symbols have, which are of ``kinds``, by their numbers, if any are known."""
    last = len(KIND_COLOURS) - 1
    scale = [[place / last, colour] for place, colour in enumerate(KIND_COLOURS)]
    coloured = {"color": [], "colorscale": scale, "cmin": 0, "cmax": last} if kinds else {"color": TRAIN_COLOUR}
    symbols: dict[str, Any] = {
        "type": "scatter",
        "name": "symbols",
        "mode": "markers+text",
        "x": [],
        "y": [],
        "text": [],
        "customdata": [],
        "textposition": "top center",
        "textfont": {"size": 12},
        "marker": {"size": 8, **coloured, "line": {"width": 1, "color": PAPER}},
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    axis = {"range": [-1.1, 1.1], "showticklabels": False, "ticks": ""}
    drawn = figure([symbols], "", "", xaxis=axis, yaxis=axis | {"scaleanchor": "x"})
    drawn["layout"] |= {"margin": {"l": 8, "r": 8, "t": 8, "b": 8}, "showlegend": False}
    return PlotPanel(
        id="map",
        title="Map of the symbols",
        width=6,
        height=420,
        help="Where the vectors of some symbols point, flattened to the plane in which they differ most; the axes mean "
        "nothing by themselves. Where names would cover each other, those named first keep theirs. Click a point: its "
        "nearest are told, of all symbols and by all numbers.",
        alt="A map of the symbols' vectors, which move as they are learnt.",
        figure=drawn,
        bindings=(
            Bind(0, "customdata", "symbols", "words"),
            Bind(0, "x", "map.x", "frame"),
            Bind(0, "y", "map.y", "frame"),
            *([Bind(0, "marker.color", "text.kinds", "opening")] if kinds else []),
        ),
        key=Key(tuple(KIND_COLOURS[kind] for kind in kinds), tuple(kinds.values())) if kinds else None,
    )


def weights_panel(tensors: Sequence[str], names: Sequence[str]) -> TensorPanel:
    """Return the panel of the weights, cell by cell, for one of ``tensors``, which are called by ``names``."""
    return TensorPanel(
        id="weights",
        title="Weights of one tensor",
        width=6,
        height=240,
        help="The first cells of a tensor: a row for each unit or symbol, a column for each of its inputs.",
        alt="The weights of the chosen tensor.",
        array="weights",
        tensors=tuple(tensors),
        names=tuple(names),
        signed=True,
    )
