"""One setting of a spec as one widget (or a row of them): which widget fits, and how its value is read back.

A widget's value lives in Streamlit's session state under the key that it is given. ``read`` looks there, ``draw`` puts
the widget on the page. Streamlit forgets the value of a widget that was not drawn; the spec remembers it, and ``draw``
begins with that.

A widget is told its value twice: in the session's state, and as what it begins with. The state reaches a browser once,
with the run that sets it, and when another run comes soon the browser may never see that one: it would begin with the
least of a slider, or with no text, and say so to the server as if a person had chosen it.
"""

import math
from collections.abc import Sequence
from typing import Any

import streamlit as st

from engine.spec import Setting, Spec
from pages.ui.text import told_apart

MOST_SLIDER_STEPS = 100
SMALLEST_SHARE = 1e-6
"""Where a setting in decades may also be 0, its decades begin at this share of its upper bound."""
AUTOMATIC = "Automatic"
MOST_CHARS = 60


def read(setting: Setting, spec: Spec, key: str) -> Any:
    """Return what stands in the widget under ``key``, or as in ``spec`` where there is no widget, or an empty one."""
    state, value = st.session_state, getattr(spec, setting.name)
    if setting.kind == "integers":
        count = state.get(f"{key}.count")
        return tuple(
            _or(state.get(f"{key}.{place}"), _item(setting, value, place)) for place in range(_or(count, len(value)))
        )
    found = _or(state.get(key), value)
    return (
        _with_unoffered(setting, value, found, state.get(_offered_key(key), ())) if setting.kind == "choices" else found
    )


def draw(setting: Setting, spec: Spec, key: str, *, locked: bool = False) -> None:
    """Put the widget of ``setting`` on the page, showing its value in ``spec``; one that is ``locked`` shows just that
    and takes no other.
    """
    value = getattr(spec, setting.name)
    if setting.kind == "integers":
        _integers(setting, value, key, locked)
        return
    begin = list(value) if setting.kind == "choices" else value
    if locked:
        st.session_state[key] = begin
    st.session_state.setdefault(key, begin)
    label, about = setting.knob.label, setting.knob.help or None
    match setting.kind:
        case "switch":
            st.toggle(label, st.session_state[key], key=key, help=about, disabled=locked)
        case "choice":
            _choice(setting, spec, key, locked)
        case "choices":
            _choices(setting, spec, key, locked)
        case "text":
            _text(setting, spec, key, locked)
        case "integer" | "number":
            _number(setting, spec, key, locked)


def _choice(setting: Setting, spec: Spec, key: str, locked: bool) -> None:
    """Draw a choice; of those alone that fit the rest of the settings, where these say so."""
    fitting = setting.knob.choices(spec) if setting.knob.choices else ()
    options = [option for option in setting.options if not fitting or option in fitting]
    if st.session_state[key] not in options:
        st.session_state[key] = setting.default
    label, about = setting.knob.label, setting.knob.help or None
    index = options.index(st.session_state[key])
    st.selectbox(label, options, index, format_func=setting.word, key=key, help=about, disabled=locked)


def _choices(setting: Setting, spec: Spec, key: str, locked: bool) -> None:
    """Draw some of several; where not all fit the rest of the settings, those that do."""
    fitting = setting.knob.choices(spec) if setting.knob.choices else ()
    options = tuple(fitting or setting.options)
    state = st.session_state
    if state.get(_offered_key(key)) != options:
        state[_offered_key(key)] = options
        state[key] = [option for option in getattr(spec, setting.name) if option in options]
    about = setting.knob.help or None
    label = setting.knob.label
    st.pills(
        label,
        options,
        selection_mode="multi",
        default=state[key],
        format_func=setting.word,
        key=key,
        help=about,
        disabled=locked,
    )


def _offered_key(key: str) -> str:
    return f"{key}.offered"


def _with_unoffered(setting: Setting, value: Sequence[Any], found: Sequence[Any], offered: Sequence[Any]) -> Any:
    """Return what was chosen, and with it what could not be: it waits for settings that it fits."""
    kept = {option for option in value if offered and option not in offered}
    if set(found) | kept == set(value):
        return tuple(value)
    return tuple(option for option in setting.options if option in found or option in kept)


def _text(setting: Setting, spec: Spec, key: str, locked: bool) -> None:
    """Draw a text; where only some texts fit the rest of the settings, a choice of them and of leaving it open."""
    label, about = setting.knob.label, setting.knob.help or None
    if setting.knob.choices is None:
        begin = st.session_state[key]
        st.text_input(label, begin, key=key, max_chars=setting.max_length, help=about, disabled=locked)
        return
    options = ("", *setting.knob.choices(spec))
    if st.session_state[key] not in options:
        st.session_state[key] = ""
    titles = told_apart({text: text[:MOST_CHARS] or AUTOMATIC for text in options})
    index = options.index(st.session_state[key])
    st.selectbox(
        label,
        options,
        index,
        format_func=lambda text: titles.get(text, str(text)),
        key=key,
        help=about,
        disabled=locked,
    )


def _number(setting: Setting, spec: Spec, key: str, locked: bool) -> None:
    """Draw a number: a slider in decades, a slider in steps, or a field to type in, whichever its bounds ask for."""
    label, about = setting.knob.label, setting.knob.help or None
    low, high, step = setting.low, setting.highest(spec), setting.knob.step
    whole, value = setting.kind == "integer", getattr(spec, setting.name)
    number = int if whole else float
    if setting.knob.most and high is not None:
        st.session_state[key] = min(st.session_state[key], number(high))
    begin = st.session_state[key]
    if low is None or high is None:
        st.number_input(label, value=begin, key=key, help=about, disabled=locked)
    elif setting.knob.log:
        options = sorted({*decades(low, high, whole), value})
        st.select_slider(
            label, options, begin, format_func=lambda shown: f"{shown:g}", key=key, help=about, disabled=locked
        )
    elif _steps(low, high, step or (1 if whole else None)) <= MOST_SLIDER_STEPS:
        grain = number(step or 1)
        st.slider(
            label,
            number(low),
            number(high),
            begin,
            step=grain,
            format=None if whole else f"%.{_digits(grain)}f",
            key=key,
            help=about,
            disabled=locked,
        )
    else:
        grain = number(step or (1 if whole else _grain(high - low)))
        st.number_input(
            label,
            number(low),
            number(high),
            begin,
            step=grain,
            format="%d" if whole else "%g",
            key=key,
            help=about,
            disabled=locked,
        )


def _integers(setting: Setting, value: Sequence[int], key: str, locked: bool) -> None:
    """Draw a list of whole numbers: how many there are, and a field for each."""
    if locked:
        st.session_state[f"{key}.count"] = len(value)
        st.session_state.update({f"{key}.{place}": number for place, number in enumerate(value)})
    st.session_state.setdefault(f"{key}.count", len(value))
    low, high = setting.min_length or 0, setting.max_length or len(value)
    begin, about = st.session_state[f"{key}.count"], setting.knob.help or None
    st.slider(setting.knob.label, low, high, begin, key=f"{key}.count", help=about, disabled=locked)
    count = len(value)
    for start in range(0, count, 3):
        for place, column in enumerate(st.columns(3), start):
            if place < count:
                st.session_state.setdefault(f"{key}.{place}", value[place])
                column.number_input(
                    f"Layer {place + 1}",
                    int(setting.low or 0),
                    int(setting.high or 2**53 - 1),
                    st.session_state[f"{key}.{place}"],
                    step=1,
                    key=f"{key}.{place}",
                    disabled=locked,
                )


def decades(low: float, high: float, whole: bool) -> tuple[float, ...]:
    """Return 1, 2 and 5 of every decade (1 and 3 where there are many) from ``low`` to ``high``, the ends too."""
    start = low if low > 0 else (1 if whole else high * SMALLEST_SHARE)
    first, last = math.floor(math.log10(start)), math.ceil(math.log10(high))
    marks = (1, 3) if last - first > 4 and not whole else (1, 2, 5)
    # Through text, for 3 * 10**-3 is 0.0030000000000000001 and 3e-3 is what a person typed.
    values = {float(f"{mark}e{exponent}") for exponent in range(first, last + 1) for mark in marks}
    inside = {value for value in values if start <= value <= high} | {float(low), float(high)}
    return tuple(sorted(int(value) if whole else value for value in inside))


def _item(setting: Setting, value: Sequence[int], place: int) -> int:
    """Return what a new item begins with: what the spec has there, or else the same as the item before it."""
    if place < len(value):
        return value[place]
    return value[-1] if value else int(setting.default[0] if setting.default else setting.low or 1)


def _steps(low: float, high: float, step: float | None) -> float:
    return (high - low) / step if step else math.inf


def _grain(width: float) -> float:
    """Return a hundredth of ``width``, rounded down to a power of ten."""
    return float(f"1e{math.floor(math.log10(width / 100))}")


def _digits(grain: float) -> int:
    return max(0, -math.floor(math.log10(grain)))


def _or(value: Any, other: Any) -> Any:
    return other if value is None else value
