"""The note of the index page, with steps that set it up."""

import functools
from collections.abc import Mapping

from pages.ui.index_lab.asked import Asked
from pages.ui.index_lab.slot import desk
from pages.ui.note_text import parts
from pages.ui.places import ASSETS
from pages.ui.words.card import INDEX
from pages.ui.words.chapters import show


def note() -> None:
    """Show it."""
    show(list(enumerate(parts(text()))), "index.note", _set_up)


def _set_up(settings: Mapping[str, str]) -> None:
    desk().set_up(Asked.from_strings(settings))


@functools.cache
def text() -> str:
    """Return the note as it is written."""
    return (ASSETS / "notes" / f"{INDEX.name}.md").read_text(encoding="utf-8")
