"""The note of the words page, with steps that set it up."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from engine.words.maps.spec import MapSpec
from pages.ui.note_text import Part
from pages.ui.places import ASSETS
from pages.ui.words.asked import Asked, Section
from pages.ui.words.card import WORDS
from pages.ui.words.chapters import chapter_first, show
from pages.ui.words.slot import MAP, desk

CHAPTERS: Mapping[Section, str] = {
    "neighbours": "What you see",
    "analogies": "Analogies",
    "map": "Maps",
    "questions": "Questions and scores",
    "scores": "Questions and scores",
}
"""The chapter of the note that is about a section; who opens the page reads on from the beginning."""


@dataclass(frozen=True, slots=True)
class SetUp:
    """What a step of the note asks of the page."""

    asked: Asked
    map: MapSpec


def note() -> None:
    """Show the note: what is said about the section that is open comes first."""
    show(ordered(desk().asked.section), "words.note", _set_up)


def ordered(section: Section) -> list[tuple[int, Part]]:
    """Return the parts of the note with their places in it, those of the chapter about ``section`` first."""
    return chapter_first(text(), CHAPTERS[section])


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
