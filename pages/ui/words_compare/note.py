"""The note of the page that compares spaces, with steps that set it up."""

import functools
from collections.abc import Mapping

from pages.ui.places import ASSETS
from pages.ui.words.card import COMPARE_WORDS
from pages.ui.words.chapters import chapter_first, show
from pages.ui.words_compare.asked import Section
from pages.ui.words_compare.slot import desk

CHAPTERS: Mapping[Section, str] = {
    "query": "What you see",
    "agreement": "Agreement",
    "alignment": "Alignment",
    "scores": "Scores",
    "shape": "Shape",
    "relations": "Relations",
}
"""The chapter of the note that is about a section; who opens the page reads on from the beginning."""


def note() -> None:
    """Show the note: what is said about the section that is open comes first."""
    show(chapter_first(text(), CHAPTERS[desk().asked.section]), "compare.note", _set_up)


def _set_up(settings: Mapping[str, str]) -> None:
    desk().open_step(settings)


@functools.cache
def text() -> str:
    """Return the note as it is written."""
    return (ASSETS / "notes" / f"{COMPARE_WORDS.name}.md").read_text(encoding="utf-8")
