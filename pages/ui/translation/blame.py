"""Who is to blame for wrong translations, the net or the search: asked of pairs held out, over widths of the search."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from engine.figures.translation_decoding import Width, blame_figure
from engine.jobs import Order
from engine.labs.lab import Lab
from engine.labs.translation import TranslationSpec
from engine.runs.run import Run
from engine.runs.why import asked
from engine.translation.blame_spec import MOST_WIDTHS, BlameSpec
from pages.ui.corpus.plot import plot
from pages.ui.desk.slot import current, kept
from pages.ui.desk.telling import step_shown
from pages.ui.house import hub
from pages.ui.why_going import begin_again, result

NO_RUN = "There is no run to be asked yet: it begins above."
WIDTHS = (1, 2, 3, 4, 6, 8, 10)
USUAL = list(BlameSpec().widths)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was asked last: of a ``run`` as it stood at a ``step``."""

    run: str
    step: int
    order: Order


@st.fragment
def blame_explorer(lab: Lab, key: str) -> None:
    """Offer to ask the net of the run shown; ``key`` begins the keys of the controls."""
    here = kept(lab)
    run = current(here) if here is not None else None
    with st.container(border=True):
        if here is None or run is None or not isinstance(here.spec, TranslationSpec):
            st.info(NO_RUN, icon=":material/info:")
            return
        key = f"{key}.{here.edition}"
        widths = st.pills(
            "Beams",
            WIDTHS,
            selection_mode="multi",
            default=st.session_state.setdefault(f"{key}.widths", USUAL),
            key=f"{key}.widths",
            help=f"How wide is searched: {MOST_WIDTHS} of them at most.",
        )
        penalty = st.slider(
            "Length penalty",
            0.0,
            2.0,
            st.session_state.setdefault(f"{key}.penalty", 0.0),
            0.1,
            key=f"{key}.penalty",
            help="With 0 the probabilities are compared, with more of it those of long texts are made up for.",
        )
        fits = 1 <= len(widths) <= MOST_WIDTHS
        if not fits:
            st.caption(f"Choose from one to {MOST_WIDTHS} numbers of beams.")
        if st.button(
            "Who is to blame?", icon=":material/balance:", key=f"{key}.ask", type="primary", disabled=not fits
        ):
            _ask(key, run, step_shown(here, run), BlameSpec(widths=tuple(widths), penalty=penalty))
        last: _Asked | None = st.session_state.get(f"{key}.asked")
        if last is None or last.run != run.id:
            return
        found = result(last.order, "The net is asked", key)
        if found is not None:
            _show(dict(found), last.step, key)


def _ask(key: str, run: Run, looked: int | None, spec: BlameSpec) -> None:
    """Ask the net of a run at the step that is looked at; at the newest, where that is none."""
    newest = hub().get(run.id).step
    step = newest if looked is None else min(looked, newest)
    order = asked("blame", run, step, hub().changes(run.id), spec)
    begin_again(order, key)
    st.session_state[f"{key}.asked"] = _Asked(run.id, step, order)


def _show(what: dict[str, Any], step: int, key: str) -> None:
    widths = [Width(one["beams"], one["right"], one["net"], one["search"]) for one in what["widths"]]
    st.caption(f"The net at step {step:,}, {what['pairs']:,} pairs held out, length penalty {what['penalty']:g}.")
    plot(blame_figure(widths), alt=_alt(widths), key=f"{key}.plot")
    st.markdown(verdict(widths))
    rows = [
        {
            "beams": one["beams"],
            "right": one["right"],
            "the net is to blame": one["net"],
            "the search is to blame": one["search"],
            "share of the search": _share(one["search"], one["net"] + one["search"]),
            "BLEU": round(one["bleu"], 2),
        }
        for one in what["widths"]
    ]
    st.dataframe(rows, hide_index=True, width="stretch")
    st.caption(f"BLEU as sacrebleu counts it: {what['signature']}")
    if what["worst"]:
        with st.expander(f"The worst translations, with {widths[-1].beams} beams"):
            st.dataframe([_row(one) for one in what["worst"]], hide_index=True, width="stretch")


def verdict(widths: list[Width]) -> str:
    """Return in a sentence what helps: a wider search, or more learning."""
    widest = widths[-1]
    wrong = widest.net + widest.search
    if not wrong:
        return f"With {widest.beams} beams nothing is wrong: nobody is to blame."
    whose = "search" if widest.search > widest.net else "net"
    cure = "more beams may find what the net knows" if whose == "search" else "it has to learn more, or be another one"
    return (
        f"With {widest.beams} beams {wrong:,} are wrong. Of {widest.net:,} the net finds its own text better than the "
        f"reference, of {widest.search:,} it finds the reference better, and the search has missed it. "
        f"Mostly the **{whose}** is to blame: {cure}."
    )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "–"


def _row(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "source": one["source"],
        "reference": one["reference"],
        "written": one["written"],
        "log P(reference)": round(one["log_reference"], 3),
        "log P(written)": round(one["log_written"], 3),
        "verdict": one["verdict"],
    }


def _alt(widths: list[Width]) -> str:
    told = [f"{one.beams} beams: {one.right} right, net {one.net}, search {one.search}" for one in widths]
    return f"Bars of who is to blame. {'; '.join(told)}."
