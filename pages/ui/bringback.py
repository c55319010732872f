"""The way back in for a run that was taken away as a file."""

from collections.abc import Callable

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from engine.errors import DataError, LearnscopeError
from engine.labs.catalogue import LABS
from engine.labs.lab import Lab
from engine.runs.run import Run
from engine.runs.runfile import MAX_BYTES, RunFile
from pages.ui.house import hub
from pages.ui.person import person
from pages.ui.text import plain


def bring_back(lab: Lab, key: str, adopt: Callable[[Run], None]) -> None:
    """Offer to open a run from its file; ``adopt`` is called with a run of ``lab`` that stands where the file says."""
    with st.expander("Open a run from a file", icon=":material/upload:"):
        chosen = st.file_uploader(
            "Run (JSON)",
            type="json",
            max_upload_size=MAX_BYTES // 2**20,
            key=f"{key}.file",
            help="A file that was taken away as “Whole run”. It opens a run of your own; the one shown is left.",
        )
        if chosen is not None:
            _open(lab, chosen, f"{key}.seen", adopt)


def _open(lab: Lab, chosen: UploadedFile, slot: str, adopt: Callable[[Run], None]) -> None:
    """Open a file once, or say why not; one that was read already is not read again at each drawing."""
    seen: tuple[str, str] | None = st.session_state.get(slot)
    if seen is None or seen[0] != chosen.file_id:
        try:
            with st.spinner("Opening the run…"):
                run = restored(lab, chosen.getvalue(), person())
        except LearnscopeError as error:
            seen = st.session_state[slot] = (chosen.file_id, str(error))
        else:
            st.session_state[slot] = (chosen.file_id, "")
            adopt(run)
            st.rerun()
    if seen and seen[1]:
        st.error(plain(seen[1], 400))


def restored(lab: Lab, data: bytes, person_id: str) -> Run:
    """Return a new run of a person from a file; raises LearnscopeError where there can be none."""
    file = RunFile.read(data)
    if file.lab != lab.name:
        raise DataError(f"This is a run of the lab {LABS[file.lab].title}: open it there.")
    lab.panels(lab.spec.from_json(file.spec))  # so that a table that is not here is told
    return hub().restore(file, person_id)
