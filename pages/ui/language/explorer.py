"""Write with a net, and weigh sentences with it: what stands below the generation lab."""

from collections.abc import Callable, Mapping

import streamlit as st

from engine.labs.generation import GenerationSpec
from engine.labs.lab import Lab
from engine.runs.run import Run
from pages.ui.desk.slot import Desk, current, kept
from pages.ui.language.weighing import weighing
from pages.ui.language.writing import writing

NO_RUN = "There is no run to be asked yet: it begins above."
VIEWS: Mapping[str, Callable[[Desk, Run, GenerationSpec, str], None]] = {
    "Write": writing,
    "Weigh two sentences": weighing,
}
WRITE = "Write"


@st.fragment
def language_explorer(lab: Lab, key: str) -> None:
    """Offer to ask the net of the run shown; ``key`` begins the keys of the controls."""
    here = kept(lab)
    run = current(here) if here is not None else None
    with st.container(border=True):
        if here is None or run is None or not isinstance(here.spec, GenerationSpec):
            st.info(NO_RUN, icon=":material/info:")
            return
        slot = f"{key}.view"
        chosen = st.segmented_control(
            "What is asked",
            list(VIEWS),
            default=st.session_state.setdefault(slot, WRITE),
            key=slot,
            required=True,
            label_visibility="collapsed",
        )
        VIEWS[chosen or WRITE](here, run, here.spec, f"{key}.{here.edition}")
