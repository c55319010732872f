"""What one half of the classes teaches about the other: nets that begin in three ways, trained and compared, by how few
examples they have.
"""

from collections.abc import Sequence
from functools import partial
from statistics import mean
from typing import Any

import streamlit as st

from engine.errors import LearnscopeError, SpecError
from engine.figures.transfer import Scores, transfer_figure
from engine.labs.lab import Lab
from engine.labs.sweep import Finding, Place
from engine.labs.transfer_grid import (
    ALL,
    TRANSFER,
    WAYS,
    TransferGridSpec,
    Way,
    by_size,
    gain,
    places,
    settings_of,
    typical,
)
from engine.runs.sweeps import sweep_order
from engine.spec import settings_by_name
from pages.ui import class_seat, widgets
from pages.ui.corpus.plot import plot
from pages.ui.grid_table import GridCell, grid_table
from pages.ui.sweeping import Words, sweeping
from pages.ui.text import plain
from pages.ui.words.taking import Beginning, Picture, offer

WORDS = Words("Train and compare", "Stop training them", "nets", each=len(WAYS))
Some = Sequence[tuple[Place, Finding]]


def transfer_explorer(lab: Lab, key: str) -> None:
    """The settings, what is to be done, the plot and the table; ``key`` begins the keys of the controls."""
    with st.container(border=True):
        try:
            spec = _chosen(key)
        except LearnscopeError as error:
            st.warning(plain(getattr(error, "words", str(error)), 400), icon=":material/info:")
            return
        order = sweep_order(lab.name, TRANSFER.name, spec)
        sweeping(order, len(places(spec)), WORDS, key, partial(_shown, lab, spec, key))


def _chosen(key: str) -> TransferGridSpec:
    """Draw the settings and return what was chosen; raises SpecError for no number of examples."""
    spec, settings = TransferGridSpec(), settings_by_name(TransferGridSpec)
    for column, name in zip(st.columns(3), ("images", "net", "frozen"), strict=True):
        with column:
            widgets.draw(settings[name], spec, f"{key}-{name}")
    for name in ("sizes", "seeds"):
        widgets.draw(settings[name], spec, f"{key}-{name}")
    read = {name: widgets.read(setting, spec, f"{key}-{name}") for name, setting in settings.items()}
    if not read["sizes"]:
        raise SpecError("Choose at least one number of examples.")
    return spec.replace(**read)


def _shown(lab: Lab, spec: TransferGridSpec, key: str, findings: Sequence[Finding]) -> None:
    found = by_size(spec, findings)
    if findings:
        scores = [
            Scores(some[0][1]["examples"], {way: _scores(some, way) for way in WAYS}) for some in found.values() if some
        ]
        figure = transfer_figure(scores, WAYS, [int(size) for size in found if size != ALL])
        plot(figure, alt=_alt(found), key=f"{key}-plot")
        st.markdown(_gain(found))
        if len(findings) == len(places(spec)):
            picture = Picture(figure, "New classes, learnt from few examples")
            offer(Beginning(key), "vision-transfer", _rows(spec, findings), picture=picture)
    st.html(_table(lab, spec, found))


def _rows(spec: TransferGridSpec, findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Return a row for each net that was trained."""
    return [
        {"examples": one["examples"], "seed": place[0], "begins": WAYS[way], "epochs": one["epochs"], "accuracy": score}
        for place, one in zip(places(spec), findings, strict=False)
        for way, score in one["scores"].items()
    ]


def _scores(some: Some, way: Way) -> list[float]:
    return [finding["scores"][way] for _, finding in some]


def _alt(found: dict[str, list[tuple[Place, Finding]]]) -> str:
    return (
        "Accuracy on images held out against the number of examples, for three ways to begin. "
        f"{_gain(found)} The table below has all numbers."
    )


def _gain(found: dict[str, list[tuple[Place, Finding]]]) -> str:
    """Say what having learnt before was worth with the fewest examples."""
    size, some = next((size, some) for size, some in found.items() if some)
    still, free = (_more(some, way) for way in ("frozen", "free"))
    return (
        f"With {_examples(size, some)}, against nets from scratch, those that have learnt before tell on average "
        f"{still} where they are held still, and {free} where they are free."
    )


def _more(some: Some, way: Way) -> str:
    points, better = gain(some, way)
    size = f"{abs(100 * points):.1f} percentage points {'more' if points > 0 else 'fewer'} right"
    return f"{size} (more with {better} of {len(some)} seed{'s' if len(some) > 1 else ''})"


def _examples(size: str, some: Some) -> str:
    return f"all {some[0][1]['examples']:,} examples" if size == ALL else f"{some[0][1]['examples']:,} examples"


def _table(lab: Lab, spec: TransferGridSpec, found: dict[str, list[tuple[Place, Finding]]]) -> str:
    rows = [(size, [_cell(lab, spec, size, some, way) for way in WAYS]) for size, some in found.items()]
    caption = (
        "Large: which share of the images held out is predicted correctly, the mean of the seeds. Small: the least and "
        "the most of them. A cell opens one of its nets in a new tab: the run that came nearest to the mean."
    )
    return grid_table(caption, ("examples", "how the net begins"), list(WAYS.values()), rows)


def _cell(lab: Lab, spec: TransferGridSpec, size: str, some: Some, way: Way) -> GridCell:
    if not some:
        return GridCell()
    scores, (place, finding) = _scores(some, way), typical(some, way)
    spread = f"{min(scores):.0%} to {max(scores):.0%}" if len(scores) > 1 else "one seed"
    seeds = f"{len(scores)} seed{'s' if len(scores) > 1 else ''}"
    sentence = (
        f"{WAYS[way]}, {_examples(size, some)}: {mean(scores):.1%} predicted correctly on average over {seeds}, "
        f"{min(scores):.1%} to {max(scores):.1%}. Open the run of seed {place[0]}: {finding['scores'][way]:.1%}."
    )
    address = _address(lab, settings_of(spec, place, way, finding["epochs"]))
    return GridCell(mean(scores), f"{mean(scores):.0%}", spread, sentence, address)


def _address(lab: Lab, settings: dict[str, Any]) -> dict[str, str]:
    """Return what the address of the lab says for the very net that was trained, and of the class one sits in."""
    code = class_seat.code()
    return {**lab.spec().replace(**settings).to_link(), **({class_seat.CLASS: code} if code else {})}
