"""What an address asks of a lab: a spec, a step and a view of it, and one notice of all that was left out of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from engine.errors import DataError
from engine.figures.panel import PairPanel, Panel, PlotPanel, TensorPanel, TilesPanel
from engine.labs.lab import Lab
from engine.runs.run import Run
from engine.spec import Ignored, Spec, unfitting

STEP = "step"
VIEW = "view"
MOST_NAMED = 5
MOST_CHARS = 40
MOST_TOLD = 200
MOST_DIGITS = 15
MOST_VIEW = 2_000
OUTSIDE = (("target",), ("upload", "dataset"))
"""Settings that speak of a table, which may not be here, or not be as the link means: in this order they give way."""
_VIEW_WORD = re.compile(r"(?P<what>smooth|hide|of)(?P<number>[0-9]{1,3})")
_SCALE_WORD = re.compile(r"scale(layer|net)")
WHY = {
    "unknown": "for their names or values are not known here",
    "together": "for they do not fit together",
}


def read_link(lab: Lab, address: Mapping[str, str]) -> tuple[Spec, str]:
    """Return the spec that an address names and a notice, which is empty where all of it could be used."""
    spec, ignored = lab.spec.from_link(address)
    spec, ignored = _without(lab, address, ignored, [setting.name for setting in unfitting(spec)])
    told = ""
    for names in OUTSIDE:
        problem = _problem(lab, spec)
        # What the form can mend (no table yet) is left to it: only what the link names is taken back.
        if problem and names[0] in spec.to_link():
            told = problem[:MOST_TOLD]
            spec, ignored = _without(lab, address, ignored, names)
    return spec, " ".join(sentence for sentence in (*_ignored(ignored), told) if sentence)


@dataclass(frozen=True, slots=True)
class Look:
    """What of ``run`` a link asks to be shown: at which ``step``, None for the newest, and how plots are set.

    ``plots`` maps ids of panels to ``{"log": bool, "smooth": weight, "hidden": [traces]}``, those with a choice to
    ``{"of": place, "scale": name}``; ``view`` is the same as the link has it:
    ``loss.log.smooth90.hide0*score.smooth50*maps.of2.scalenet``.
    """

    run: str = ""
    step: int | None = None
    view: str = ""
    plots: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def of(self, run_id: str) -> "Look":
        """Return what is asked of this run: of another the step means nothing, but plots may look the same."""
        return self if self.run == run_id else Look(run_id, None, self.view, self.plots)

    def to_link(self) -> dict[str, str]:
        """Return this as parameters of a link; ``read_look`` undoes it."""
        step = {} if self.step is None else {STEP: str(self.step)}
        return step | ({VIEW: self.view} if self.view else {})


def read_look(
    panels: Sequence[Panel], run: Run | None, address: Mapping[str, str], others: Sequence[Run] = ()
) -> tuple[Look, str]:
    """Return what an address asks to be shown of ``run`` and those beside it, and a notice of what of it cannot be."""
    told = []
    step, text = None, address.get(STEP)
    if text is not None and run is None:
        told.append("The step of this link is of another run, so it was left out.")
    elif text is not None and not (text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS):
        told.append(f"Ignored in this link: the step {text[:MOST_CHARS]}, for it is no whole number from 0 on.")
    elif text is not None and run is not None and int(text) > max(one.step for one in (run, *others)):
        told.append(f"Ignored in this link: step {int(text):,}, for this run is at step {run.step:,}.")
    elif text is not None:
        step = int(text)
    plots, strange = _read_view(panels, address.get(VIEW, ""))
    if strange:
        told.append(f"Ignored in this link, for this lab has no such view: {named(strange)}.")
    view = "*".join(".".join((panel, *_words_of(plot))) for panel, plot in plots.items())
    return Look(run.id if run else "", step, view, plots), " ".join(told)


def _read_view(panels: Sequence[Panel], text: str) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Return how plots are to be set, and the parts of ``text`` that say nothing about any of ``panels``."""
    single = [panel.panel or panel if isinstance(panel, PairPanel) else panel for panel in panels]
    by_id = {panel.id: panel for panel in single}
    plots: dict[str, dict[str, Any]] = {}
    strange: list[str] = []
    for part in text[:MOST_VIEW].split("*") if text else ():
        name, *words = part.split(".")
        panel = by_id.get(name)
        for word in words or [""]:
            setting = _set_by(panel, word) if panel else None
            if setting is None:
                strange.append(f"{name}.{word}".rstrip("."))
                continue
            plot, (what, value) = plots.setdefault(name, {}), setting
            plot[what] = sorted({*plot.get(what, []), value}) if what == "hidden" else value
    return plots, strange


def _set_by(panel: Panel, word: str) -> tuple[str, Any] | None:
    """Return what a word of a view sets in ``panel``, as (name, value); None where it sets nothing."""
    if isinstance(panel, PlotPanel):
        return _set_in_plot(panel, word)
    if isinstance(panel, TilesPanel | TensorPanel):
        return _chosen(panel, word)
    return None


def _chosen(panel: TilesPanel | TensorPanel, word: str) -> tuple[str, Any] | None:
    found, scale = _VIEW_WORD.fullmatch(word), _SCALE_WORD.fullmatch(word)
    count = len(panel.arrays if isinstance(panel, TilesPanel) else panel.tensors)
    if found and found["what"] == "of":
        return ("of", int(found["number"])) if int(found["number"]) < count else None
    return ("scale", scale[1]) if scale and isinstance(panel, TilesPanel) and not panel.pictures else None


def _set_in_plot(panel: PlotPanel, word: str) -> tuple[str, Any] | None:
    if word in ("log", "linear"):
        return ("log", word == "log") if panel.log else None
    found = _VIEW_WORD.fullmatch(word)
    if found is None or found["what"] == "of":
        return None
    number = int(found["number"])
    if found["what"] == "smooth":
        return ("smooth", number / 100) if panel.smoothing and 0 < number < 100 else None
    return ("hidden", number) if number < len(panel.figure["data"]) else None


def _words_of(plot: Mapping[str, Any]) -> list[str]:
    log = ["log" if plot["log"] else "linear"] if "log" in plot else []
    smooth = [f"smooth{round(100 * plot['smooth'])}"] if "smooth" in plot else []
    chosen = [f"{what}{plot[what]}" for what in ("of", "scale") if what in plot]
    return [*log, *smooth, *(f"hide{trace}" for trace in plot.get("hidden", ())), *chosen]


def given_twice() -> str:
    """Return a notice of the names that the page's address gives more than once."""
    twice = [name for name in st.query_params if len(st.query_params.get_all(name)) > 1]
    return f"Given more than once in this link, so the last one counts: {named(twice)}." if twice else ""


def _without(
    lab: Lab, address: Mapping[str, str], ignored: Sequence[Ignored], names: Sequence[str]
) -> tuple[Spec, tuple[Ignored, ...]]:
    """Return the spec of an address without some of its names, and all that is ignored now."""
    gone = {part.name: part for part in ignored} | {name: Ignored(name, "unknown") for name in names if name in address}
    spec, more = lab.spec.from_link({name: text for name, text in address.items() if name not in gone})
    return spec, (*gone.values(), *more)


def _problem(lab: Lab, spec: Spec) -> str:
    """Return why a lab cannot be opened with ``spec``, or nothing."""
    try:
        lab.panels(spec)
    except DataError as error:
        return str(error)
    return ""


def _ignored(ignored: Sequence[Ignored]) -> list[str]:
    by_reason = {why: [part.name for part in ignored if part.why == why] for why in WHY}
    return [f"Ignored in this link, {WHY[why]}: {named(names)}." for why, names in by_reason.items() if names]


def named(names: Sequence[str]) -> str:
    """Return the first few of some names, cut where one is too long, and how many more there are."""
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(name[:MOST_CHARS] for name in names[:MOST_NAMED]) + more
