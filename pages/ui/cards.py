"""The home page's cards: every lab of the catalogue, and what this person ran last."""

import time

import streamlit as st

from engine.errors import LearnscopeError
from engine.labs.catalogue import LABS
from engine.labs.lab import Lab
from engine.spec import Setting, settings_by_name
from pages.ui.house import hub
from pages.ui.person import person
from pages.ui.text import plain

MOST_RECENT = 5
MOST_SETTINGS = 3
_SPANS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


def lab_cards() -> None:
    """Show every lab: its title, what it is about, and the way in."""
    columns = st.columns(min(3, max(2, len(LABS))))
    for place, lab in enumerate(LABS.values()):
        with columns[place % len(columns)].container(border=True):
            st.subheader(lab.title)
            st.markdown(lab.summary)
            st.page_link(_page(lab.name), label="Open the lab", icon=":material/arrow_forward:")


def recent_runs() -> None:
    """Show the runs that this person trained last, as links to them; nothing where there are none."""
    try:
        runs = [run for run in hub().runs_of(person(), limit=50) if run.step > 0 and run.lab in LABS][:MOST_RECENT]
    except LearnscopeError as error:
        st.warning(plain(str(error), 400))
        return
    if runs:
        st.subheader("Your recent runs")
        for run in runs:
            lab = LABS[run.lab]
            settings = plain(settings_in_words(lab, run.spec), 120)
            label = f"{lab.title} · {settings}"
            with st.container(gap=None):
                st.page_link(_page(lab.name), label=label, icon=":material/history:", query_params={"run": run.id})
                st.caption(f"{run.state} at step {run.step:,}, {ago(time.time() - run.updated)}")


def _page(lab: str) -> str:
    return f"{lab}.py"


def settings_in_words(lab: Lab, json: str) -> str:
    """Return by what one tells a run from others: the settings that are not as a lab opens, the first few of them."""
    try:
        spec = lab.spec.from_json(json)
    except LearnscopeError:
        return "of an older version"
    settings = settings_by_name(lab.spec)
    names = spec.differences(lab.spec())
    words = [_setting_in_words(settings[name], getattr(spec, name)) for name in names]
    more = [f"{len(words) - MOST_SETTINGS} more"] if len(words) > MOST_SETTINGS else []
    return " · ".join(words[:MOST_SETTINGS] + more) or "as it opens"


def _setting_in_words(setting: Setting, value: object) -> str:
    """Return a choice by itself, for it speaks for itself, and anything else with its label."""
    return setting.word(value) if setting.kind == "choice" else f"{setting.knob.label} {setting.word(value)}"


def ago(seconds: float) -> str:
    """Return how long ago something was, in words: ``3 minutes ago``."""
    for length, word in _SPANS:
        count = int(seconds // length)
        if count >= 1:
            return f"{count} {word}{'s' if count > 1 else ''} ago"
    return "just now"
