"""A text of one's own, and how the net goes on with it; of a beam search all that it looked at."""

from typing import Any

import streamlit as st

from engine.asking import Question
from engine.labs.generation import GenerationSpec
from engine.runs.run import Run
from engine.spec import settings_by_name
from pages.ui.desk.slot import Desk
from pages.ui.desk.telling import step_shown
from pages.ui.language.asking import ask, told
from pages.ui.text import plain

MOST_LENGTH = 400
MOST_PROMPT = 2_000
SETTINGS = {
    "sample": ("temperature", "top_k", "nucleus"),
    "greedy": (),
    "beam": ("beams", "length_penalty"),
}


def writing(here: Desk, run: Run, spec: GenerationSpec, key: str) -> None:
    """Draw the view."""
    prompt = st.text_area("Your beginning", "", key=f"{key}.prompt", max_chars=MOST_PROMPT, height=90)
    settings = _settings(spec, key)
    length = st.slider("Symbols at most", 10, MOST_LENGTH, 120, 10, key=f"{key}.length")
    line = st.toggle("Stop at the end of the line", key=f"{key}.line")
    if st.button("Go on", icon=":material/edit_note:", key=f"{key}.write", type="primary"):
        draw = st.session_state[f"{key}.draw"] = st.session_state.get(f"{key}.draw", 0) + 1
        asked = {**settings, "prompt": prompt, "length": length, "line": line, "draw": draw}
        ask(key, run, step_shown(here, run), Question("continue", asked))
        st.session_state[f"{key}.about"] = prompt
    found = told(key, run)
    if found is not None:
        _show(found.what, found.step, st.session_state.get(f"{key}.about", ""), key)


def _settings(spec: GenerationSpec, key: str) -> dict[str, Any]:
    """Draw the decoding settings that matter; they begin as those of the run."""
    known = settings_by_name(GenerationSpec)
    options = known["strategy"].options
    strategy = st.segmented_control(
        known["strategy"].knob.label,
        options,
        default=st.session_state.setdefault(f"{key}.strategy", spec.strategy),
        format_func=known["strategy"].word,
        key=f"{key}.strategy",
        required=True,
    )
    found: dict[str, Any] = {"strategy": strategy}
    for name in SETTINGS[strategy or "sample"]:
        setting = known[name]
        number = int if setting.kind == "integer" else float
        begin = st.session_state.setdefault(f"{key}.{name}", number(getattr(spec, name)))
        low, high = number(setting.low or 0), number(setting.high or 1)
        step = number(setting.knob.step or 1)
        found[name] = st.slider(
            setting.knob.label, low, high, begin, step, key=f"{key}.{name}", help=setting.knob.help or None
        )
    return found


def _show(what: dict[str, Any], step: int, prompt: str, key: str) -> None:
    st.caption(f"The net at step {step:,}.")
    st.code(f"{prompt}{what['text']}", language=None, wrap_lines=True)
    st.markdown(plain(what["why"], 600))
    if what["beams"]:
        _beams(what["beams"], key)


def _beams(steps: list[list[dict[str, Any]]], key: str) -> None:
    """Show what a beam search had in hand at one of its steps."""
    slot, last = f"{key}.beam", len(steps)
    if last > 1:
        if not 1 <= st.session_state.get(slot, last) <= last:
            st.session_state[slot] = last
        at = st.slider("Step of the search", 1, last, st.session_state.setdefault(slot, last), key=slot)
    else:
        at = last
    rows = [
        {
            "beginning": branch["text"],
            "log-probability": round(branch["log"], 3),
            "score": round(branch["score"], 3),
            "what became of it": "over" if branch["ended"] else "kept" if branch["kept"] else "dropped",
        }
        for branch in steps[at - 1]
    ]
    st.dataframe(rows, hide_index=True, width="stretch")
