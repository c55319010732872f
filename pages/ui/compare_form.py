"""Comparing on the page: at the side what can be compared with, above the run what is, and how it ends."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from engine.errors import SpecError
from engine.figures.comparison import tensors_shown
from engine.labs.lab import Lab
from engine.runs.run import Run
from engine.spec import Setting, Spec, settings_by_name
from pages.ui import widgets
from pages.ui.compare import FEWEST, MOST, SEED, Beside, begin, begin_seeds, comparable, end, touched, uneven
from pages.ui.text import plain

ALTERED = {"data": "the data", "weights": "the initial weights"}
MOST_NAMED = 4
"""So many tensors are named in a sentence."""
Act = Callable[[Callable[[], None]], None]
"""Carries out what was asked for, as a desk allows it."""


def offer(lab: Lab, beside: Beside, spec: Spec, key: str, act: Act, fixed: Collection[str] = ()) -> None:
    """Offer a second run with another value of one setting, and more seeds; what is ``fixed`` has no other value."""
    offered = {name: setting for name, setting in comparable(spec).items() if name not in fixed}
    seeds = SEED in settings_by_name(type(spec)) and SEED not in fixed
    if not (offered or seeds):
        return
    with st.expander("Compare", icon=":material/compare_arrows:"):
        if offered:
            _offer_second(lab, beside, spec, offered, key, act)
        if offered and seeds:
            st.divider()
        if seeds:
            _offer_seeds(beside, spec, key, act)


def tell(lab: Lab, beside: Beside, spec: Spec, runs: Sequence[Run], key: str, act: Act) -> None:
    """Say above the runs what is compared, and let a person end it."""
    with st.container(border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        words = _seeds_told(beside, spec, runs[0]) if beside.many else _pair_told(lab, beside, spec, *runs)
        st.markdown(words, width="stretch")
        st.button(
            "End comparison", icon=":material/close:", key=f"{key}.end", on_click=act, args=(lambda: end(beside),)
        )


def _offer_second(lab: Lab, beside: Beside, spec: Spec, offered: dict[str, Setting], key: str, act: Act) -> None:
    slot = f"{key}.of"
    if st.session_state.get(slot) not in offered:
        st.session_state[slot] = beside.name if beside.name in offered else _first(offered)
    name = st.selectbox(
        "Compare with another",
        list(offered),
        format_func=lambda one: offered[one].knob.label,
        key=slot,
        help="A second run, B, of the same settings but for one. Both train and are scrubbed together.",
    )
    setting, other = offered[name], _other(beside, spec, name)
    widgets.draw(_of_b(setting), other, f"{key}.{name}.b")
    value = widgets.read(setting, other, f"{key}.{name}.b")
    same = value == getattr(spec, name)
    misfit = "" if same else _misfit(spec, name, value)
    if same:
        st.caption(_as_yet_same(setting, value))
    else:
        st.caption(plain(misfit, 400) if misfit else _altered(lab, setting, spec, spec.replace(**{name: value})))
    st.button(
        "Compare",
        key=f"{key}.begin",
        disabled=same or bool(misfit),
        width="stretch",
        on_click=act,
        args=(lambda: begin(beside, name, [value]),),
    )


def _offer_seeds(beside: Beside, spec: Spec, key: str, act: Act) -> None:
    count = st.slider(
        "Seeds",
        FEWEST,
        MOST,
        value=5,
        key=f"{key}.seeds",
        help="The same settings from several initial weights: how much of a curve is chance? Loss and score get the "
        "median and the quartiles over all of them.",
    )
    st.button(
        f"Train {count} seeds",
        key=f"{key}.train",
        width="stretch",
        on_click=act,
        args=(lambda: begin_seeds(beside, spec, count),),
    )


def _first(offered: dict[str, Setting]) -> str:
    """Return a setting to begin with: a choice that leaves data and weights as they are, as far as both nets have
    them.
    """
    choices = ((name, setting) for name, setting in offered.items() if setting.kind == "choice")
    fair = (name for name, setting in choices if setting.knob.alters in ((), ("tensors",)))
    return next(fair, next(iter(offered)))


def _other(beside: Beside, spec: Spec, name: str) -> Spec:
    """Return the settings whose value the widget of B begins with."""
    value = beside.values[0] if beside.name == name and not beside.many else getattr(spec, name)
    return spec.model_copy(update={name: value})


def _of_b(setting: Setting) -> Setting:
    return replace(setting, knob=replace(setting.knob, label=f"{setting.knob.label} of B"))


def _as_yet_same(setting: Setting, value: Any) -> str:
    """Return why there is nothing to compare yet, as Markdown: a button that is grey tells nobody."""
    return f"{plain(setting.knob.label)} of A is **{plain(setting.word(value))}** too: choose another value for B."


def _misfit(spec: Spec, name: str, value: Any) -> str:
    try:
        spec.replace(**{name: value})
    except SpecError as error:
        return error.words
    return ""


def _altered(lab: Lab, setting: Setting, spec: Spec, other: Spec) -> str:
    """Return in a sentence what else becomes another with a setting, or that nothing does; as Markdown."""
    label = f"**{plain(setting.knob.label)}**"
    alters = setting.knob.alters
    if not alters:
        return f"{label} is the only difference: data, seed and initial weights are the same."
    if alters == ("tensors",):
        same = _begins_alike(tensors_shown(lab.panels(spec)), tensors_shown(lab.panels(other)))
        return f"{label} is the only setting that differs: data and seed are the same, but it makes another net. {same}"
    if [ALTERED[part] for part in alters] == [f"the {setting.knob.label.lower()}"]:
        return f"{label} are the only difference: data and seed are the same."
    what = " and ".join(ALTERED[part] for part in alters)
    return f"Another value of {label} changes {what} too, so it is not the only difference."


def _begins_alike(mine: Sequence[str], others: Sequence[str]) -> str:
    """Return in a sentence which tensors the nets A (``mine``) and B both have, for only these begin alike; as
    far as tensors are shown.
    """
    if not others:
        return "What both have begins alike."
    both = [tensor for tensor in others if tensor in mine]
    named = [f"`{tensor}`" for tensor in both[:MOST_NAMED]]
    if len(both) > MOST_NAMED:
        named.append(f"{len(both) - MOST_NAMED} more")
    which = "all" if len(both) == len(others) else f"{', '.join(named) or 'none'};"
    count = f"{len(others)}" if len(both) == len(others) else f"{len(both)} of the {len(others)}"
    return f"What both have begins alike: {which} {count} tensors of B whose gradients are shown."


def _pair_told(lab: Lab, beside: Beside, spec: Spec, run: Run, second: Run) -> str:
    setting = settings_by_name(type(spec))[beside.name]
    label = plain(setting.knob.label)
    mine, other = (plain(setting.word(value)) for value in (getattr(spec, beside.name), *beside.values))
    altered = _altered(lab, setting, spec, spec.model_copy(update={beside.name: beside.values[0]}))
    late = f" {_late(spec, run, second)} **Reset** begins both anew." if _late(spec, run, second) else ""
    return f"**A:** {label} {mine}. **B:** {label} {other}. {altered}{late}{_touched_told([run, second])}"


def _late(spec: Spec, run: Run, second: Run) -> str:
    """Return what the two runs have not had in common since their first step, or nothing."""
    if uneven(type(spec), run):
        return "A setting of A was changed while it ran, and B has it from its first step:"
    return "A began earlier:" if second.state == "ready" and run.step > 0 else ""


def _touched_told(runs: Sequence[Run]) -> str:
    """Return which of the runs are no longer what they had learnt, for a hand was in their nets; as Markdown."""
    names = [name for name, run in zip("AB", runs, strict=False) if touched(run)]
    if not names:
        return ""
    return (
        f" Numbers of the net of {' and of '.join(names)} were set by hand, so that is a difference too: "
        "**Reset** begins both anew."
    )


def _seeds_told(beside: Beside, spec: Spec, run: Run) -> str:
    others = ", ".join(str(value) for value in beside.values)
    hand = " Numbers of the net shown were set by hand: **Reset** begins all anew." if touched(run) else ""
    return (
        f"**{len(beside.values) + 1} seeds:** {getattr(spec, SEED)} is shown, and {others} train beside it: with other "
        f"initial weights and another order of the points, on the same data.{hand}"
    )
