"""What is asked of a net, and how, as widgets: which picture, which class, and the settings of the methods."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import streamlit as st

from engine.labs.vision import problem_of
from engine.labs.why_spec import LABEL, SECOND, TOLD, PixelsSpec
from engine.nets.images.plan import title
from engine.spec import Spec, knobs, settings_by_name
from pages.ui.desk import asking
from pages.ui.house import hub
from pages.ui.images.why_asking import Asking

S = TypeVar("S", bound=Spec)
CLASSES = {TOLD: "What it predicts", SECOND: "Its runner-up", LABEL: "The label"}
MOST_IMAGE = 99_999


@dataclass(slots=True)
class Kept:
    """What is asked in this session: the place of a desk for ``pages.ui.desk.asking``."""

    beneath: Mapping[type[Spec], Spec] = field(default_factory=dict)
    notice: str = ""


def image_and_class(here: Asking) -> tuple[int, str]:
    """Ask for an image held out and a class; return the number of the image, and the class as a job takes it."""
    looked = int(hub().settings(here.run.id).get("image") or here.spec.image)
    classes = problem_of(here.spec).classes
    words = CLASSES | {str(place): f"Class {name}" for place, name in enumerate(classes)}
    number, chosen, slot = f"{here.key}.image", f"{here.key}.class", f"{here.key}.about"
    before = st.session_state.get(slot, (None, TOLD))  # widgets that were not drawn have forgotten it
    if st.session_state.setdefault(chosen, before[1]) not in words:
        st.session_state[chosen] = TOLD
    image = st.number_input(
        "Image held out",
        0,
        MOST_IMAGE,
        st.session_state.setdefault(number, before[0]),
        placeholder=f"{looked}, looked at",
        key=number,
        width=170,
        help="By its number; where none is given, it is the image looked at above.",
    )
    target = st.selectbox(
        "Why does it say",
        list(words),
        list(words).index(st.session_state[chosen]),
        format_func=lambda one: words[one],
        key=chosen,
        width=190,
        help="The class whose sum, before the softmax, is asked about.",
    )
    st.session_state[slot] = (image, target)
    return looked if image is None else int(image), target


def ask_about(here: Asking, image: int) -> None:
    """Have an image held out asked about, by its number."""
    st.session_state[f"{here.key}.image"] = image


def settings(here: Asking, kind: type[S], name: str) -> S:
    """Offer the settings of ``kind`` behind a button, and return them."""
    kept: Kept = st.session_state.setdefault(f"{here.key}.{name}.asked", Kept())
    with st.popover("Settings", icon=":material/tune:", key=f"{here.key}-{name}-settings"):
        group = ""
        for setting in knobs(kind):
            if setting.knob.group != group:
                group = setting.knob.group
                st.markdown(f"**{group}**")
            if setting.name == "layer":
                _layer(here, kept, f"{here.key}-{name}-layer")
            else:
                asking.draw(kept, kind, setting.name, f"{here.key}-{name}")
    return asking.asked_of(kept, kind)


def _layer(here: Asking, kept: Kept, key: str) -> None:
    """Ask for the convolution of Grad-CAM: the last one, or another."""
    kernels = here.plan.kernels
    if not kernels:
        st.caption("It asks a convolution, and this net has none.")
        asking.change(kept, PixelsSpec, layer="")
        return
    now = asking.asked_of(kept, PixelsSpec).layer or kernels[-1]
    if st.session_state.setdefault(key, now) not in kernels:
        st.session_state[key] = kernels[-1]
    setting = settings_by_name(PixelsSpec)["layer"]
    chosen = st.selectbox(
        setting.knob.label,
        kernels,
        kernels.index(st.session_state[key]),
        format_func=title,
        key=key,
        help=setting.knob.help,
    )
    asking.change(kept, PixelsSpec, layer="" if chosen == kernels[-1] else chosen)
