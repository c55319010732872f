"""What is asked beneath a lab, of an explorer say: a spec that the desk keeps beneath its own, and widgets for it."""

from typing import Any, Protocol, TypeVar

import streamlit as st

from engine.errors import SpecError
from engine.spec import Spec, settings_by_name
from pages.ui import widgets

MOST_SEGMENTS = 6
"""So many choices stand side by side; of more one is chosen from a list."""
S = TypeVar("S", bound=Spec)


class Keeper(Protocol):
    """Who keeps what is asked, ``beneath``, and takes a ``notice`` to be told: a desk, or a place of one's own."""

    beneath: Spec | None
    notice: str


def asked_of(desk: Keeper, kind: type[S]) -> S:
    """Return what is asked at a desk."""
    found = desk.beneath.get(kind)
    return found if isinstance(found, kind) else kind()


def change(desk: Keeper, kind: type[Spec], **changes: Any) -> None:
    """Ask for something else; what is not allowed is left out."""
    try:
        desk.beneath = {**desk.beneath, kind: asked_of(desk, kind).replace(**changes)}
    except SpecError as error:
        desk.notice = error.words


def draw(desk: Keeper, kind: type[Spec], name: str, key: str, *, as_list: bool = False) -> Any:
    """Draw the widget of something that may be asked, take in what stands in it, and return that.

    A few choices stand side by side, but ``as_list``.
    """
    setting, own = settings_by_name(kind)[name], f"{key}-{name}"
    few = not as_list and setting.kind == "choice" and len(setting.options) <= MOST_SEGMENTS
    if few and setting.knob.labels and setting.knob.choices is None:
        st.session_state.setdefault(own, getattr(asked_of(desk, kind), name))
        st.segmented_control(
            setting.knob.label,
            setting.options,
            default=st.session_state[own],
            format_func=setting.word,
            key=own,
            help=setting.knob.help or None,
            required=True,
        )
    else:
        widgets.draw(setting, asked_of(desk, kind), own)
    change(desk, kind, **{name: widgets.read(setting, asked_of(desk, kind), own)})
    return getattr(asked_of(desk, kind), name)
