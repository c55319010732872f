"""Why: what makes the net of a run say so, below its live panel. Nothing of it is done before somebody opens it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from engine.nets.images.plan import plan
from engine.runs.run import Run
from pages.ui.desk.slot import Desk, run_spec
from pages.ui.desk.telling import step_shown
from pages.ui.house import hub
from pages.ui.images.why_asking import Asking
from pages.ui.images.why_forgetting import forgetting
from pages.ui.images.why_pixels import pixels
from pages.ui.images.why_units import units

VIEWS: Mapping[str, Callable[[Asking], None]] = {
    "Which pixels": pixels,
    "Where it forgets": forgetting,
    "What excites a unit": units,
}
PIXELS = "Which pixels"


@dataclass(frozen=True, slots=True)
class _At:
    """At which step a run is asked, and which one was ``looked`` at then."""

    run: str
    looked: int | None
    step: int


def why(here: Desk, run: Run, key: str) -> None:
    """Offer to ask the net of ``run`` why it answers so, as it is at the step that is looked at."""
    box = st.expander("Why", icon=":material/psychology_alt:", key=key, on_change="rerun")
    if not box.open:
        return
    with box:
        st.markdown(
            "What makes the net say so? It is asked beside its training, with its weights as they were at one step."
        )
        slot = f"{key}.view"
        chosen = st.segmented_control(
            "What is asked",
            list(VIEWS),
            default=st.session_state.setdefault(slot, PIXELS),
            key=slot,
            required=True,
            label_visibility="collapsed",
        )
        spec, at = run_spec(here, run), _at(here, run, f"{key}.at")
        VIEWS[chosen or PIXELS](Asking(run, at.step, spec, plan(spec), key, lambda: _again(at, key)))  # type: ignore[arg-type]


def _at(here: Desk, run: Run, slot: str) -> _At:
    """Return the step that is asked about: the one looked at, or the newest there was when it was asked first."""
    looked, newest = step_shown(here, run), hub().get(run.id).step
    kept: _At | None = st.session_state.get(slot)
    if kept is None or (kept.run, kept.looked) != (run.id, looked) or kept.step > newest:
        kept = st.session_state[slot] = _At(run.id, looked, newest if looked is None else min(looked, newest))
    return kept


def _again(at: _At, key: str) -> None:
    """Tell of which step the answer is, and offer to ask again: the page is not told that a run goes on."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"The net at step **{at.step:,}**", width="content")
        st.button(
            "Ask the newest",
            icon=":material/update:",
            on_click=lambda: st.session_state.pop(f"{key}.at", None),
            disabled=at.looked is not None,
            key=f"{key}.newest",
            help="Asks the net as it is now. To ask an earlier one, move the slider above.",
        )
