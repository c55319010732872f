"""A spec as a form: every setting that matters, in its group, with the bounds that the spec has written down."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import streamlit as st

from engine.data.images.spec import ImagesSpec
from engine.data.sequences.own_spec import OwnSequencesSpec
from engine.errors import SpecError
from engine.spec import Setting, Spec, knobs, unfitting
from pages.ui import texts, uploads, widgets
from pages.ui.images import sources
from pages.ui.language import models
from pages.ui.lesson import Lesson
from pages.ui.sequences import sources as sequences
from pages.ui.text import plain

S = TypeVar("S", bound=Spec)
ALL = "all"
BROUGHT = (
    uploads.SETTING,
    texts.SETTING,
    texts.SECOND,
    sources.SETTING,
    sequences.SETTING,
    models.SETTING,
)
"""Settings that no person types, which are yet drawn: they are filled by bringing something."""


@dataclass(frozen=True, slots=True)
class Filled(Generic[S]):
    """What a person made of a form: the ``spec``; a ``complaint`` where that stayed as it was, for what stands in the
    form is not allowed; a ``note`` of what was changed along, for it would no longer fit; why a table was ``refused``.
    """

    spec: S
    complaint: str = ""
    note: str = ""
    refused: str = ""


def form(spec: S, key: str, lesson: Lesson | None = None) -> Filled[S]:
    """Draw the form of ``spec`` and return what a person made of it; what ``lesson`` fixes stays as it is.

    ``key`` begins the keys of all widgets; under a new key the form begins anew with ``spec``.
    """
    lesson = lesson or Lesson()
    filled = _read(spec, key, lesson)
    wanted = filled.spec
    everything = st.toggle("Show all settings", key=f"{key}.{ALL}")
    for group, settings in _groups(wanted, everything, lesson).items():
        with st.expander(group, expanded=True):
            _tell_locked([setting for setting in settings if lesson.fixes(setting)], len(settings))
            for setting in settings:
                _draw(setting, wanted, key, locked=lesson.fixes(setting))
    return replace(filled, refused=uploads.refusal(setting_key(key, uploads.SETTING)))


def setting_key(key: str, name: str) -> str:
    """Return the key under which the form keeps the setting ``name``."""
    return f"{key}.{name}"


def _read(spec: S, key: str, lesson: Lesson) -> Filled[S]:
    # Of a widget that is locked, or not even shown, nothing is read: a browser can say of it what it likes.
    free = [setting for setting in knobs(type(spec)) if not lesson.fixes(setting)]
    read = {s.name: widgets.read(s, spec, setting_key(key, s.name)) for s in free}
    changes = {name: value for name, value in read.items() if value != getattr(spec, name)}
    if not changes:
        return Filled(spec)
    strange = _strange(spec, changes)
    stuck = next((setting for setting in strange if lesson.fixes(setting)), None)
    if stuck is not None:
        word = stuck.word(getattr(spec, stuck.name))
        return Filled(spec, f"{stuck.knob.label} stays at {word} for this task, and does not fit that.")
    note = _bring_along(spec, strange, changes, key)
    try:
        return Filled(spec.replace(**changes), note=note)
    except SpecError as error:
        return Filled(spec, error.words, note)


def _strange(spec: Spec, changes: dict[str, Any]) -> tuple[Setting, ...]:
    """Return the settings that would not fit the others any more."""
    # Not validated, for just this is about to be mended.
    return unfitting(type(spec).model_construct(**(spec.model_dump() | changes)))


def _bring_along(spec: Spec, strange: Sequence[Setting], changes: dict[str, Any], key: str) -> str:
    """Put back to its default, in ``changes`` and on the page, what would not fit the rest; return a note of it.

    Another data set would leave a loss behind that it cannot have, or a column that it does not have.
    """
    told = [_moved(setting, changes.get(setting.name, getattr(spec, setting.name))) for setting in strange]
    for setting in strange:
        changes[setting.name] = st.session_state[setting_key(key, setting.name)] = setting.default
    return " ".join(told)


def _moved(setting: Setting, value: Any) -> str:
    default = setting.word(setting.default) or widgets.AUTOMATIC
    return f"{setting.knob.label} is back at {default}: {setting.word(value)} does not fit the other settings."


def _tell_locked(locked: Sequence[Setting], shown: int) -> None:
    """Say in words why what stands below cannot be changed: a hint at a widget is not seen on a phone."""
    if locked:
        which = "" if len(locked) == shown else f": {plain(', '.join(setting.knob.label for setting in locked), 400)}"
        st.caption(f":material/lock: Locked by the task{which}.")


def _groups(spec: Spec, everything: bool, lesson: Lesson) -> Mapping[str, list[Setting]]:
    """Return the settings to show, by group: those that matter; advanced ones only if changed, or if all are wanted."""
    groups: dict[str, list[Setting]] = defaultdict(list)
    for setting in knobs(type(spec)):
        plain_one = everything or not setting.knob.advanced or getattr(spec, setting.name) != setting.default
        drawn = _has_choice(setting, spec) if not setting.knob.hidden else setting.name in BROUGHT
        if plain_one and drawn and setting.applies(spec) and not lesson.hides(setting):
            groups[setting.knob.group or "Settings"].append(setting)
    return groups


def _has_choice(setting: Setting, spec: Spec) -> bool:
    """Tell whether there is anything to be chosen: of what fits the rest of the settings, there may be but one."""
    if setting.knob.most and setting.low is not None and (setting.highest(spec) or 0) <= setting.low:
        return False
    return setting.kind != "text" or setting.knob.choices is None or bool(setting.knob.choices(spec))


def _draw(setting: Setting, spec: Spec, key: str, locked: bool) -> None:
    if setting.name == uploads.SETTING:
        current, target = getattr(spec, setting.name), getattr(spec, "target", "")
        uploads.upload(setting_key(key, setting.name), current, target, locked=locked)
    elif setting.name in (texts.SETTING, texts.SECOND):
        asks = texts.TARGETS if setting.name == texts.SECOND else texts.asks(spec)
        texts.bring(setting_key(key, setting.name), getattr(spec, setting.name), locked=locked, asks=asks)
    elif setting.name == sources.SETTING and isinstance(spec, ImagesSpec):
        sources.own_images(setting_key(key, setting.name), spec, locked=locked)
    elif setting.name == sequences.SETTING and isinstance(spec, OwnSequencesSpec):
        sequences.own_sequences(setting_key(key, setting.name), spec, locked=locked)
    elif setting.name == models.SETTING:
        models.own_model(setting_key(key, setting.name), getattr(spec, setting.name), locked=locked)
    else:
        widgets.draw(setting, spec, setting_key(key, setting.name), locked=locked)
