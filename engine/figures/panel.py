"""Panels: what the live panel in the browser shows, as plain data that Python makes and JavaScript draws.

A panel names the arrays of the stream that it shows (see ``engine.readings``: ``boundary.value``); it never holds them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

ROW = 12
"""Panels are as wide as so many parts of the row say."""


@dataclass(frozen=True, slots=True)
class Bind:
    """An attribute of a trace, and the array that fills it.

    ``mode`` says how:
    ``frame``: the array of the step shown replaces the attribute (a 2-D array becomes rows);
    ``opening``: the same, of an array of the opening, set once;
    ``words``: the lines of the opening's words of this name become the attribute, set once;
    ``series``: the scalar called ``array`` over all steps becomes the attribute, and the steps become ``x``;
    ``stack``: the scalars whose names begin with ``array + "."`` become the rows of a heatmap over all steps;
    ``spread``: the quantile ``share`` of the scalar over all runs shown becomes the attribute, and the steps ``x``.
    ``scale`` is applied to the numbers before they are drawn: ``log10`` of their absolute values.
    ``difference`` says how two steps are compared on a map: by their ``numbers``, or, where the whole part of each
    number is a class, by ``classes``: which places have changed theirs. ``run`` says whose array it is where several
    runs are shown: 0 for the run of the page, 1 for the one that it is compared with.
    """

    trace: int
    attribute: str
    array: str
    mode: Literal["frame", "opening", "words", "series", "stack", "spread"] = "frame"
    scale: Literal["linear", "log10"] = "linear"
    difference: Literal["numbers", "classes"] = "numbers"
    run: int = 0
    share: float = 0.5


@dataclass(frozen=True, slots=True)
class Panel:
    """Base of all panels.

    ``width`` counts twelfths of the row on a wide screen; ``help`` is the sentence behind the question mark; ``alt``
    describes the panel to those who can't see it.
    """

    id: str
    title: str
    width: int
    height: int
    help: str
    alt: str

    def to_json(self) -> dict[str, Any]:
        """Return the panel as the plain data that the live panel takes."""
        return {"kind": type(self).__name__.removesuffix("Panel").lower(), **asdict(self)}


@dataclass(frozen=True, slots=True)
class Key:
    """What colours mean, written above a figure: each of ``colours`` beside its name; or a ``bar`` in which they run
    into each other, between the two ``names`` of its ends.
    """

    colours: tuple[str, ...]
    names: tuple[str, ...]
    bar: bool = False


@dataclass(frozen=True, slots=True)
class PlotPanel(Panel):
    """Any Plotly figure. ``smoothing`` and ``log`` offer those two controls for its y axis.

    ``spread`` names the scalars whose median and quartiles are drawn where several seeds are shown.
    """

    figure: Mapping[str, Any] = field(default_factory=dict)
    bindings: tuple[Bind, ...] = ()
    smoothing: bool = False
    log: bool = False
    key: Key | None = None
    spread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NetworkPanel(Panel):
    """A drawing of a dense net: a small map per neuron, the weights as edges.

    Reads ``neurons.maps`` (units, G, G) uint8 with ``neurons.low`` and ``neurons.high`` (units,), units layer by layer
    and the inputs first; ``network.units`` (layers,) int32 of the opening says how many belong to each column of the
    drawing; edges from ``weights.<tensor>`` (out, in), in the order of ``tensors``. Where a frame has the tensor
    ``wide`` (outputs, inputs), its weights lead from the inputs straight to the outputs, below all neurons.
    """

    tensors: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    wide: str = ""


@dataclass(frozen=True, slots=True)
class TensorPanel(Panel):
    """One tensor of a choice, cell by cell, on its own colour scale: ``<array>.<tensor>`` for each of ``tensors``.

    ``names`` are what the tensors are called in the choice, where that is not as here; with one tensor there is no
    choice. ``signed`` numbers have 0 in the middle of their scale; others run from 0, or from the lowest where that is
    below 0, to the highest. It is of all tensors, or names those that it is of.

    Numbers over the steps of a sequence are float32 (units, most steps) or (most steps,), of one shape in all frames
    and answers, NaN behind the sequence's end. ``columns`` is then the key of words, of the frame or else of the
    opening, that have a line for each step read: they name the columns, and only so many columns are drawn; no words
    mean no steps. A line that is empty or blank is shown as a sign. ``rows`` are names of the rows, classes say; or,
    as text, the key of words that have a line for each, of which only so many are drawn: (most rows, most steps), NaN
    below too. Others have their numbers. The change between two steps of the training is shown where both have read
    the same. ``axes`` are what a row and a column are called, of nets that do not read step by step. ``why`` are keys
    of words of which the first that says something is told where there are no numbers.
    """

    array: str = ""
    tensors: tuple[str, ...] = ()
    signed: bool | tuple[str, ...] = False
    names: tuple[str, ...] = ()
    rows: tuple[str, ...] | str = ()
    columns: str = ""
    texts: str = ""
    axes: tuple[str, str] | None = None
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnrolledPanel(Panel):
    """A recurrent net unrolled over the steps of a sequence: a box for each cell and step, with its arrows.

    ``layers`` are the names of the rows of boxes, from the input up. A name that ends in ``.back`` is of a cell that
    reads from the end: its arrows go to the left, and it stands beside the one named before it, as both read the same.

    ``state`` and ``gradient`` are full names of arrays, float32 (len(layers), most steps), of one shape in all frames
    and answers, NaN behind the sequence's end: the root mean square of each state h_t, from 0 on, which colours its
    box; and the size |dL/dh_t| of the loss's gradient at it, from 0 on, whose log10 is the colour and the width of the
    arrow by which the state goes to the next step (the last one has none). What is 0 or NaN has a faint arrow.

    ``columns`` and ``told`` are keys of words, of the frame or else of the opening, with a line for each step: what is
    read there, written below, which also says how many steps there are; and what the net tells there, written above.
    Where that line is empty nothing is asked, and no arrow leads out.
    """

    state: str = ""
    gradient: str = ""
    columns: str = ""
    told: str = ""
    layers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TilesPanel(Panel):
    """Small pictures side by side, all of one array of a choice: filters, feature maps, images.

    ``arrays`` are the full names of those that the choice offers, ``names`` what each is called there; with one there
    is no choice. Their shapes say how they lie; where steps are compared none may change but the number of pictures:

    - Numbers, float32: (units, channels, height, width), the tiles of a unit beside each other, below its number;
      (channels, height, width), tiles that wrap; (units,), single cells that wrap.
    - Levels of numbers, uint8 (channels, height, width) or (units,), 0 for the lowest number of its tile and 255 for
      the highest. ``low`` and ``high`` are then the readings whose arrays tell these two, (channels,) or (units,)
      float32: with ``maps_low`` they are in ``maps_low.features.c1`` for the array ``maps.features.c1``, as the names
      of readings have no dot.
    - ``pictures``, uint8 (pictures, height, width, 1 or 3), from 0, dark, to 255, bright: grey, or red, green and
      blue. There may be none: ``empty`` is said then. ``captions`` is the key of the frame's words whose lines are
      written below them, one for each. Where there is always a ``single`` one, it is as large as there is room.

    ``signed`` numbers have 0 in the middle of their scale, others run from the lowest to the highest; a person
    chooses whether that is of each tile, where one has several numbers, of the layer, or of all arrays. Who clicks on
    a cell asks about the number at its index in the array; about a picture's cell with 0 as the last index. Of what is
    ``cropped`` the last rows and columns are not drawn in which no tile has a number. ``why`` is as in tensors.

    Where a lab looks at one of the tiles, who clicks on another, or leads the keys into it, has it look at that: the
    live settings ``sets`` become the tile's indices, a name for each axis outside of tiles, and those that ``along``
    has for the array, one mapping for each, become what it says. ``chosen`` is the key of the frame's words that say
    which tile it is: the array's name without that of its reading, and the indices, with blanks between. ``axes`` are
    names of all axes of the arrays, where they are not units, channels, rows and columns.
    """

    arrays: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    signed: bool = False
    low: str = ""
    high: str = ""
    pictures: bool = False
    captions: str = ""
    single: bool = False
    empty: str = ""
    cropped: bool = False
    why: tuple[str, ...] = ()
    axes: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    along: tuple[Mapping[str, str], ...] = ()
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class DrawPanel(Panel):
    """An easel: a person draws a picture, or brings one by file or camera, and the net is asked to ``look`` at it.

    Its answer (see ``engine.asking``) stands in all panels in the place of what a frame holds by the same names; what
    the key ``words`` says of it is said here. The net takes ``side`` pixels each way in 1 or 3 ``channels``. ``pen`` is
    the width of the pen at first, as a share of the whole. What is drawn may be brought to the middle, its longer side
    the share ``fit``: it is at first where ``centred``. ``bright`` tells that what was learnt is bright on dark, so
    that a picture of ink on paper is turned over.
    """

    side: int = 28
    channels: int = 1
    pen: float = 0.1
    fit: float = 1.0
    centred: bool = False
    bright: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class TypePanel(Panel):
    """A field in which a person types, and with every letter the net is asked to ``look`` at the text.

    The question's values are the text's bytes in UTF-8, one line of 1 to ``most`` characters (Unicode code points);
    longer ones are cut, and that is said. Its answer (see ``engine.asking``) stands in all panels in the place of what
    a frame holds by the same names; what the key ``words`` says of it is told below the field. ``placeholder`` is
    seen where nothing is typed.
    """

    words: str = ""
    most: int = 200
    placeholder: str = ""


@dataclass(frozen=True, slots=True)
class ReadingPanel(Panel):
    """A text to be read, each symbol on the colour of a number: ``array``, float32 (most symbols,), of one shape in all
    frames and answers, NaN where there is no number or the text is over.

    ``symbols`` is the key of words with a line for each symbol, in which ``␣`` is a blank and ``⏎`` a line end;
    ``about`` that of a sentence told above, with which the colours are explained. ``signed`` numbers have 0 in the
    middle of their scale; others begin at 0. ``unit`` stands behind a number.
    """

    array: str = ""
    symbols: str = ""
    about: str = ""
    unit: str = ""
    signed: bool = False


@dataclass(frozen=True, slots=True)
class ChoicePanel(Panel):
    """What there was to choose from, a bar for each symbol: ``told``, how likely the net finds it, and ``drawn``, how
    likely it was when one was chosen, float32 (symbols,) each; ``chosen``, uint8 (symbols,), is 1 at the one taken.

    ``fate``, uint8 (symbols,), counts in ``fates``, words for what became of a symbol; the first ones were drawn from.
    ``symbols`` is the key of words with a line for each of them, ``about`` that of a sentence told above.
    """

    told: str = ""
    drawn: str = ""
    fate: str = ""
    chosen: str = ""
    fates: tuple[str, ...] = ()
    symbols: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class BeamsPanel(Panel):
    """The tree of a beam search: of each branch that was looked at a box, and a line from what it goes on with.

    Its arrays are those of the reading ``array``, of one length, a number for each branch: ``step``, int32, which
    symbol it adds, from 1 on and not descending; ``parent``, int32, its place here, −1 for none; float32 ``cost``, the
    log-probability of that symbol, ``total``, that of the whole beginning, and ``score``; ``fate``, uint8, of which
    ``fates`` are the names: 0 dropped, 1 kept, 2 over; and ``found``, uint8, 1 on the way to what was found.
    ``symbols`` is the key of words with a line for each branch, its last symbol; ``about`` that of a sentence told
    above. There may be no branches.
    """

    array: str = ""
    symbols: str = ""
    about: str = ""
    fates: tuple[str, ...] = ("dropped", "kept", "over")


@dataclass(frozen=True, slots=True)
class TablePanel(Panel):
    """Numbers in rows: a confusion matrix with precision, recall and F1, or any small 2-D array with names.

    ``arrays`` are 2-D arrays or 1-D arrays (a column each) set side by side; ``rows`` and ``columns`` are their names,
    ``corner`` says what both of them are names of.
    """

    arrays: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    corner: str = ""


@dataclass(frozen=True, slots=True)
class WordsPanel(Panel):
    """What the probes say in plain words: ``words`` of the step shown, by these keys."""

    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PairPanel(Panel):
    """The same ``panel`` twice, for two runs: side by side, or one at a time where a screen is narrow."""

    panel: Panel | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the panel as the plain data that the live panel takes."""
        return {**Panel.to_json(self), "panel": self.panel.to_json() if self.panel else None}


def fill_rows(panels: Sequence[Panel]) -> tuple[Panel, ...]:
    """Return panels of which the last of each row on a wide screen reaches to the row's end."""
    filled: list[Panel] = []
    taken = 0
    for panel in panels:
        if filled and taken + panel.width > ROW:
            filled[-1] = replace(filled[-1], width=filled[-1].width + ROW - taken)
            taken = 0
        filled.append(panel)
        taken += panel.width
    if filled:
        filled[-1] = replace(filled[-1], width=filled[-1].width + ROW - taken)
    return tuple(filled)
