"""The note of the words page, with steps that set it up."""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from engine.words.maps.spec import MapSpec
from pages.ui.notes import READABLE, Heading, Part, Step, parts
from pages.ui.places import ASSETS
from pages.ui.words.asked import Asked, Section
from pages.ui.words.card import WORDS
from pages.ui.words.slot import MAP, desk

CHAPTERS: Mapping[Section, str] = {
    "neighbours": "What you see",
    "analogies": "Analogies",
    "map": "Maps",
    "questions": "Questions and scores",
    "scores": "Questions and scores",
}
"""The chapter of the note that is about a section; who opens the page reads on from the beginning."""
CHAPTER = re.compile(r"^(?=## )", re.MULTILINE)
CHAPTER_TITLE = re.compile(r"## (.+)")


@dataclass(frozen=True, slots=True)
class SetUp:
    """What a step of the note asks of the page."""

    asked: Asked
    map: MapSpec


def note() -> None:
    """Show the note: what is said about the section that is open comes first."""
    with st.container(width=READABLE):
        for place, part in ordered(desk().asked.section):
            match part:
                case Step():
                    st.button(
                        part.words,
                        key=f"words.note.{place}",
                        icon=":material/play_circle:",
                        on_click=_set_up,
                        args=(part.settings,),
                        help="Sets the page up, above.",
                    )
                case Heading():
                    st.subheader(part.title)
                case str():
                    st.markdown(part)


@functools.cache
def ordered(section: Section) -> list[tuple[int, Part]]:
    """Return the parts of the note with their places in it, those of the chapter about ``section`` first."""
    chapter, own, others = "", [], []
    for numbered in enumerate(part for piece in CHAPTER.split(text()) for part in parts(piece)):
        if isinstance(numbered[1], str) and (found := CHAPTER_TITLE.match(numbered[1])):
            chapter = found[1]
        (own if chapter == CHAPTERS[section] else others).append(numbered)
    return own + others


def read_step(settings: Mapping[str, str]) -> SetUp:
    """Return what a step asks; raises SpecError where the page does not have it."""
    of_map = {name.removeprefix(MAP): text for name, text in settings.items() if name.startswith(MAP)}
    rest = {name: text for name, text in settings.items() if not name.startswith(MAP)}
    return SetUp(Asked.from_strings(rest), MapSpec.from_strings(of_map))


def _set_up(settings: Mapping[str, str]) -> None:
    step = read_step(settings)
    desk().open_step(step.asked, step.map)


@functools.cache
def text() -> str:
    """Return the note as it is written."""
    return (ASSETS / "notes" / f"{WORDS.name}.md").read_text(encoding="utf-8")
