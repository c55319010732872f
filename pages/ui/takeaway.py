"""What one can take away from a run: for now the script that does the same."""

import streamlit as st

from engine.errors import LearnscopeError
from engine.runs.run import Run
from engine.runs.script import written_out
from pages.ui.house import hub
from pages.ui.text import plain

HEIGHT = 480


def take_away(run: Run, key: str) -> None:
    """Offer the run as a script, to read and to download."""
    with st.expander("Take away", icon=":material/download:"):
        st.markdown(
            "The run as one PyTorch script that needs nothing of Learnscope: the points, the net, the loop. "
            "It prints the same losses, to the last bit."
        )
        if st.button("Write the script", key=f"{key}.write", icon=":material/code:"):
            _script(run, key)


def _script(run: Run, key: str) -> None:
    try:
        with st.spinner("Writing the script…"):
            now = hub().get(run.id)
            text = written_out(now, hub().changes(run.id))
    except LearnscopeError as error:
        st.warning(plain(str(error), 400), icon=":material/info:")
        return
    name = f"{run.lab}-{run.id[:6]}.py"
    st.download_button("Download", text, name, "text/x-python", key=f"{key}.file", on_click="ignore")
    st.code(text, language="python", height=HEIGHT)
