"""What one person has before them on a page of words: what they ask of it, in its fields and in its address.

Widgets show settings of ``asked``: the page first takes in what stands in its widgets, then draws them. Where something
else changes a setting (a click on a word, a link), it is put into the widget too. Each page has a desk of its own,
which keeps this one and adds to it, in a slot of the session's state.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import streamlit as st

from engine.errors import SpecError
from engine.spec import Ignored, settings_by_name
from pages.ui import class_seat, widgets
from pages.ui.address_bar import Known
from pages.ui.links import WHY, named


@dataclass(slots=True)
class PageDesk:
    """``asked`` is a spec of the page's own. ``edition`` counts how often the widgets were filled by a link, ``steps``
    how many steps of the note were taken. ``known`` are the addresses that this page has read or written.
    """

    page: ClassVar[str] = "words"
    """What the keys of the page's widgets begin with."""
    asked: Any
    notice: str = ""
    edition: int = 0
    steps: int = 0
    known: Known = field(default_factory=Known)

    def key(self, name: str) -> str:
        """Return the key of a widget."""
        return f"{self.page}.{self.edition}.{name}"

    def take(self, *names: str) -> Any:
        """Take in what stands in the widgets of some settings; what is not allowed stays as it was, and is told."""
        settings = settings_by_name(type(self.asked))
        read = {name: widgets.read(settings[name], self.asked, self.key(name)) for name in names}
        changes = {name: value for name, value in read.items() if value != getattr(self.asked, name)}
        if changes:
            self.change(**changes)
        return self.asked

    def widget(self, name: str) -> None:
        """Draw the widget of a setting."""
        widgets.draw(settings_by_name(type(self.asked))[name], self.asked, self.key(name))

    def change(self, **changes: Any) -> None:
        """Ask for something else; a value that is not allowed is told, and left out."""
        try:
            self.asked = self.asked.replace(**changes)
        except SpecError as error:
            self.notice = error.words

    def put(self, **changes: Any) -> None:
        """Ask for something else and show it in the widgets; only before they are drawn, as from a click."""
        self.change(**changes)
        for name in changes:
            if self.key(name) in st.session_state:
                st.session_state[self.key(name)] = getattr(self.asked, name)

    def follow(self, read: Callable[[dict[str, str]], None]) -> None:
        """Have ``read`` take in the page's address where that was changed from outside."""
        address = class_seat.address()
        if self.known.is_news(address):
            read(address)
            self.edition += 1
            self.known.keep(address)

    def write(self, link: Mapping[str, str]) -> None:
        """Have the page's address say ``link``."""
        if class_seat.address() != link:
            class_seat.write_address(link)
        self.known.keep(link)


def told_ignored(ignored: Sequence[Ignored]) -> str:
    """Return what is told of the parts of a link that were not used."""
    return f"Ignored in this link, {WHY['unknown']}: {named([one.name for one in ignored])}." if ignored else ""
