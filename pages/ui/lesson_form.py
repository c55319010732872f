"""The teacher's form: a link to this lab with a task, and with the controls that students are to leave alone."""

from urllib.parse import urlencode, urlsplit
from zlib import crc32

import streamlit as st

from engine.figures.panel import Panel
from engine.labs.lab import Lab
from pages.ui import class_seat
from pages.ui.lesson import MOST_TASK, SETTINGS, Lesson, group_word, groups, page_parts, settable
from pages.ui.notes import READABLE
from pages.ui.text import plain

LONG = 2_000
"""Characters from which on some programs cut a link."""
# Streamlit writes what was chosen in white on the theme's own colour, which is too pale for that in the dark.
_STYLE = """<style>
[data-testid="stMultiSelect"] [data-tag] { background: transparent; border: 1px solid currentColor; color: inherit; }
[data-testid="stMultiSelect"] [data-tag] * { color: inherit; }
</style>"""
LOCAL = ("localhost", "127.0.0.1", "::1")


def offer_link(lab: Lab, panels: tuple[Panel, ...], now: Lesson, link: dict[str, str], run: str, key: str) -> None:
    """Offer a link for a class. ``link`` are the settings that it brings, ``run`` is the run shown, ``now`` the lesson
    that this page itself is in: the form begins with it.
    """
    key = f"{key}.{crc32(urlencode(now.to_link()).encode())}"
    with st.expander("Link for a class", icon=":material/school:"), st.container(width=READABLE):
        st.html(_STYLE)
        st.markdown("A link that opens the lab with the settings as they are now, a task, and fewer controls.")
        lesson = _lesson(lab, panels, now, key)
        shared = st.toggle(
            "All watch the run shown",
            key=f"{key}.shared",
            help="Otherwise everybody who opens the link gets a run of their own with these settings.",
        )
        with_class = _class_toggle(key)
        both = ({"run": run} if shared else {}) | link | lesson.to_link()
        if with_class:
            both |= {class_seat.CLASS: class_seat.code()}
        _show(_address(both))


def _lesson(lab: Lab, panels: tuple[Panel, ...], now: Lesson, key: str) -> Lesson:
    words, parts = _words(lab), page_parts(lab)
    titles = {panel.id: panel.title for panel in panels}
    task = st.text_area(
        "Task",
        now.task,
        max_chars=MOST_TASK,
        key=f"{key}.task",
        placeholder=lab.task,
        help="Stands above the panels. Lines beginning with - become a list, **two stars** make bold.",
    )
    hidden = st.multiselect(
        "Hidden",
        [*words, *parts],
        [word for word in now.hidden if word in words or word in parts],
        format_func=lambda word: words.get(word) or f"Page: {parts[word]}",
        key=f"{key}.hidden",
        placeholder="Nothing",
        help="Settings, and parts of the page, that are not shown at all. Each setting stays as it is now.",
    )
    locked = st.multiselect(
        "Locked",
        list(words),
        [word for word in now.locked if word in words],
        format_func=lambda word: words[word],
        key=f"{key}.locked",
        placeholder="Nothing",
        help="Settings that are shown and cannot be changed. Each stays as it is now.",
    )
    shown = st.multiselect(
        "Panels",
        list(titles),
        [panel for panel in now.panels if panel in titles],
        format_func=lambda panel: titles[panel],
        key=f"{key}.panels",
        placeholder="All",
        help="The only panels that are shown; all of them where none is chosen.",
    )
    return Lesson((task or "").strip(), _short(lab, hidden), _short(lab, locked), tuple(shown))


def _short(lab: Lab, words: list[str]) -> tuple[str, ...]:
    """Return words without settings whose whole group is named."""
    settings = settable(lab.spec)
    return tuple(word for word in words if word not in settings or group_word(settings[word]) not in words)


def _words(lab: Lab) -> dict[str, str]:
    """Return what can be hidden and locked, as the form calls it: each group as a whole, then its settings."""
    found: dict[str, str] = {}
    settings = settable(lab.spec)
    for word, group in groups(lab.spec).items():
        found[word] = f"{group}: all"
        of_it = {name: one for name, one in settings.items() if (one.knob.group or SETTINGS) == group}
        found |= {name: f"{group}: {one.knob.label}" for name, one in of_it.items()}
    return found


def _class_toggle(key: str) -> bool:
    code = class_seat.code()
    if not code:
        st.caption("Join a class on the home page, and the link can seat its readers in it.")
        return False
    return st.toggle(
        f"Readers sit in the class {plain(code)}",
        value=True,
        key=f"{key}.class",
        help="Whoever opens the link is seen on the page Class.",
    )


def _show(address: str) -> None:
    st.code(address, language=None, wrap_lines=True)
    st.caption("It guides, and guards nothing: a student who knows how addresses work can unlock all of it.")
    if len(address) > LONG:
        st.caption(f"The link has {len(address):,} characters: some programs cut one that long. A shorter task helps.")
    if urlsplit(address).hostname in LOCAL:
        st.caption("Others reach this server by its own address in the network, not by localhost.")


def _address(parameters: dict[str, str]) -> str:
    """Return the address of this page with other parameters."""
    here = urlsplit(st.context.url or "")
    return here._replace(query=urlencode(parameters), fragment="").geturl()
