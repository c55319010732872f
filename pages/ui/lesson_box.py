"""What a student sees of a teacher's link above the run: the task, what was taken from them, and the way out."""

from collections.abc import Callable

import streamlit as st

from engine.spec import Spec, knobs
from pages.ui.lesson import Lesson
from pages.ui.links import named
from pages.ui.notes import READABLE
from pages.ui.text import plain, prose

# What is locked is there to be read; Streamlit fades it until one hardly can.
_STYLE = """<style>
[data-testid="stSidebar"] label[data-testid="stWidgetLabel"][disabled] {
  color: color-mix(in srgb, currentColor 76%, transparent);
}
[data-testid="stSidebar"] label[data-testid="stWidgetLabel"][disabled] p { color: inherit; }
[data-testid="stSidebar"] input:disabled {
  color: color-mix(in srgb, currentColor 76%, transparent); -webkit-text-fill-color: currentColor; opacity: 1;
}
[data-testid="stSidebar"] [data-testid="stSlider"]:has(label[disabled]) [data-testid="stSliderThumbValue"] {
  color: inherit;
}
</style>"""


def lesson_box(lesson: Lesson, spec: type[Spec], key: str, leave: Callable[[], None]) -> None:
    """Show the task of ``lesson``, if there is one; ``leave`` ends it."""
    if not lesson:
        return
    with st.container(border=True, key=f"{key}-task"):
        st.html(_STYLE)
        if lesson.task:
            st.markdown("**Task**")
            st.markdown(prose(lesson.task), width=READABLE)
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.caption(_taken(lesson, spec), width="stretch")
            st.button(
                "Leave this task",
                icon=":material/logout:",
                key=f"{key}.leave",
                on_click=leave,
                help="The lab with all its controls; the settings and the run stay. Back in the browser returns here.",
            )


def _taken(lesson: Lesson, spec: type[Spec]) -> str:
    """Return in a sentence what is not as in the lab itself."""
    locked = [setting.knob.label for setting in knobs(spec) if lesson.fixes(setting) and not lesson.hides(setting)]
    parts = [
        "Some controls are hidden for this task." if lesson.hidden else "",
        f"Locked: {plain(named(locked))}." if locked else "",
        "Not all panels are shown." if lesson.panels else "",
    ]
    return " ".join(filter(None, parts)) or "All controls of the lab are here."
