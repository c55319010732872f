"""A spec as a form: every setting that matters, in its group, with the bounds that the spec has written down."""

from collections import defaultdict
from collections.abc import Mapping
from typing import TypeVar

import streamlit as st

from engine.errors import SpecError
from engine.spec import Setting, Spec, knobs
from pages.ui import uploads, widgets
from pages.ui.text import plain

S = TypeVar("S", bound=Spec)
ALL = "all"


def form(spec: S, key: str) -> S:
    """Draw the form of ``spec`` and return what a person made of it; the same spec where that is not allowed.

    ``key`` begins the keys of all widgets; under a new key the form begins anew with ``spec``.
    """
    wanted, complaint = _read(spec, key)
    everything = st.toggle("Show all settings", key=f"{key}.{ALL}")
    for group, settings in _groups(wanted, everything).items():
        with st.expander(group, expanded=True):
            for setting in settings:
                _draw(setting, wanted, key)
    if complaint:
        st.error(plain(complaint))
    return wanted


def setting_key(key: str, name: str) -> str:
    """Return the key under which the form keeps the setting ``name``."""
    return f"{key}.{name}"


def _read(spec: S, key: str) -> tuple[S, str]:
    """Return the spec that stands in the form, and a sentence if it is not allowed."""
    read = {s.name: widgets.read(s, setting_key(key, s.name), getattr(spec, s.name)) for s in knobs(type(spec))}
    changes = {name: value for name, value in read.items() if value != getattr(spec, name)}
    try:
        return (spec.replace(**changes), "") if changes else (spec, "")
    except SpecError as error:
        return spec, str(error)


def _groups(spec: Spec, everything: bool) -> Mapping[str, list[Setting]]:
    """Return the settings to show, by group: those that matter; advanced ones only if changed, or if all are wanted."""
    groups: dict[str, list[Setting]] = defaultdict(list)
    for setting in knobs(type(spec)):
        plain_one = everything or not setting.knob.advanced or getattr(spec, setting.name) != setting.default
        drawn = not setting.knob.hidden or setting.name == uploads.SETTING
        if plain_one and drawn and setting.applies(spec):
            groups[setting.knob.group or "Settings"].append(setting)
    return groups


def _draw(setting: Setting, spec: Spec, key: str) -> None:
    if setting.name == uploads.SETTING:
        uploads.upload(setting_key(key, setting.name), getattr(spec, setting.name))
    else:
        widgets.draw(setting, spec, setting_key(key, setting.name))
