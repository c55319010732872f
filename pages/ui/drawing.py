"""Points by hand, Python's side: the pad on which they are drawn, and the points of a run as a drawing to go on with.

A drawing leaves the browser when the person presses *Use these points*; then a run of just these points begins.
"""

from typing import Any

import numpy as np
import streamlit as st
from streamlit.components import v2 as components

from engine.data.drawing import MOST_CLASSES, MOST_POINTS, checked, fitted, write_drawing
from engine.errors import RunError
from engine.figures.style import CLASS_COLOURS
from engine.frames import decode
from engine.runs.run import Run
from engine.spec import Spec
from pages.ui import live_assets
from pages.ui.house import hub
from pages.ui.live_panel import shim
from pages.ui.live_routes import LIVE

SETTING = "drawing"
"""The setting that holds drawn points: it is filled by the pad, not by typing."""
DRAWN = {"dataset": "drawn"}
HEIGHT = 420
PARTS = ("train", "validation")

_mount = components.component(
    "learnscope.drawing", html='<div class="ls-pad"></div>', js=shim("pad.js"), isolate_styles=False
)


def is_drawn(spec: Spec) -> bool:
    """Tell whether the points of ``spec`` are drawn."""
    return SETTING in type(spec).model_fields and all(getattr(spec, name) == value for name, value in DRAWN.items())


def pad(spec: Spec, slot: str, key: str) -> None:
    """Show the pad with the points of ``spec``; what is drawn there comes to stand in ``st.session_state[slot]``."""

    def take() -> None:
        text = st.session_state[key].get("use")
        try:
            st.session_state[slot] = checked(text if isinstance(text, str) else "?")
        except ValueError:
            return  # it comes from a browser, and may be anything

    data: dict[str, Any] = {
        "text": getattr(spec, SETTING),
        "most": MOST_POINTS,
        "colours": list(CLASS_COLOURS[:MOST_CLASSES]),
        "base": LIVE,
        "version": live_assets.version(),
    }
    _mount(key=key, data=data, height=HEIGHT, on_use_change=take)


def can_begin_with(spec: Spec) -> bool:
    """Tell whether points of ``spec`` could be drawn on: others than drawn ones, where a lab has a drawing at all."""
    return SETTING in type(spec).model_fields and not is_drawn(spec)


def drawing_of(run: Run) -> str:
    """Return the points of ``run`` as a drawing, at most as many as it may have; raises RunError where it cannot be."""
    opening = hub().recordings.opening(run.id)
    arrays = decode(opening).arrays if opening else {}
    if not all(f"points.{part}_{name}" in arrays for part in PARTS for name in ("x", "y", "label")):
        raise RunError("The points of this run are not here yet: try again in a second.")
    x, y, label = (
        np.concatenate([arrays[f"points.{part}_{name}"] for part in PARTS]).astype(float)
        for name in ("x", "y", "label")
    )
    if not np.array_equal(label, np.rint(label)) or label.min() < 0 or label.max() >= MOST_CLASSES:
        raise RunError("Only points of classes can be drawn on: these have numbers to be told.")
    # Of too many every so manyth, so that training and validation points and all classes stay.
    chosen = np.unique(np.linspace(0, len(x) - 1, min(len(x), MOST_POINTS)).astype(int))
    return write_drawing(fitted(np.stack([x, y], axis=1))[chosen], label[chosen].astype(int))
