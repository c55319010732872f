"""A spec as a form: every setting that matters, in its group, with the bounds that the spec has written down."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import streamlit as st

from engine.errors import SpecError
from engine.spec import Setting, Spec, knobs, unfitting
from pages.ui import uploads, widgets

S = TypeVar("S", bound=Spec)
ALL = "all"


@dataclass(frozen=True, slots=True)
class Filled(Generic[S]):
    """What a person made of a form: the ``spec``; a ``complaint`` where that stayed as it was, for what stands in the
    form is not allowed; a ``note`` of what was changed along, for it would no longer fit.
    """

    spec: S
    complaint: str = ""
    note: str = ""


def form(spec: S, key: str) -> Filled[S]:
    """Draw the form of ``spec`` and return what a person made of it.

    ``key`` begins the keys of all widgets; under a new key the form begins anew with ``spec``.
    """
    filled = _read(spec, key)
    wanted = filled.spec
    everything = st.toggle("Show all settings", key=f"{key}.{ALL}")
    for group, settings in _groups(wanted, everything).items():
        with st.expander(group, expanded=True):
            for setting in settings:
                _draw(setting, wanted, key)
    return filled


def setting_key(key: str, name: str) -> str:
    """Return the key under which the form keeps the setting ``name``."""
    return f"{key}.{name}"


def _read(spec: S, key: str) -> Filled[S]:
    read = {s.name: widgets.read(s, spec, setting_key(key, s.name)) for s in knobs(type(spec))}
    changes = {name: value for name, value in read.items() if value != getattr(spec, name)}
    if not changes:
        return Filled(spec)
    note = _bring_along(spec, changes, key)
    try:
        return Filled(spec.replace(**changes), note=note)
    except SpecError as error:
        return Filled(spec, error.words, note)


def _bring_along(spec: Spec, changes: dict[str, Any], key: str) -> str:
    """Put back to its default, in ``changes`` and on the page, what would not fit the rest; return a note of it.

    Another data set would leave a loss behind that it cannot have, or a column that it does not have.
    """
    # Not validated, for just this is about to be mended.
    strange = unfitting(type(spec).model_construct(**(spec.model_dump() | changes)))
    told = [_moved(setting, changes.get(setting.name, getattr(spec, setting.name))) for setting in strange]
    for setting in strange:
        changes[setting.name] = st.session_state[setting_key(key, setting.name)] = setting.default
    return " ".join(told)


def _moved(setting: Setting, value: Any) -> str:
    default = setting.word(setting.default) or widgets.AUTOMATIC
    return f"{setting.knob.label} is back at {default}: {setting.word(value)} does not fit the other settings."


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
        uploads.upload(setting_key(key, setting.name), getattr(spec, setting.name), getattr(spec, "target", ""))
    else:
        widgets.draw(setting, spec, setting_key(key, setting.name))
