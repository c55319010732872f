"""What one person has before them on a page that works on one space: which vectors, and what has become of them.

Each page has a desk of its own, which keeps this one and adds to it, in a slot of the session's state.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, ClassVar

import streamlit as st
from pydantic import Field

from engine.errors import SpecError
from engine.spec import Ignored, Knob, Spec, settings_by_name
from pages.ui import class_seat, widgets
from pages.ui.links import WHY, named

CATALOGUE = "catalogue:"
SETTLED_SECONDS = 1.0
MOST_SOURCE_CHARS = 400
MOST_ROWS = 100_000_000


class OfSpace(Spec):
    """Which vectors a page is about: part of all that its address says."""

    source: Annotated[str, Field(max_length=MOST_SOURCE_CHARS), Knob("Vectors")] = "world"
    limit: Annotated[
        int,
        Field(ge=0, le=MOST_ROWS),
        Knob("Only the first rows", help="0 opens all rows. The first are as a rule the frequent words."),
    ] = 0


@dataclass(slots=True)
class SpaceDesk:
    """``asked`` is a spec of the page's own that has ``OfSpace`` among its parts. ``edition`` counts how often the
    widgets were filled by a link, ``steps`` how many steps of the note were taken. ``folder`` is where the open space
    is kept, ``called_off`` what was being opened when that was called off, ``had`` where what was open last is kept.
    ``written`` is the address as this page last read or wrote it, ``written_at`` when it wrote.
    """

    page: ClassVar[str] = "space"
    """What the keys of the page's widgets begin with."""
    asked: Any
    notice: str = ""
    folder: Path | None = None
    called_off: str = ""
    had: Path | None = None
    edition: int = 0
    steps: int = 0
    written: Mapping[str, str] = field(default_factory=dict)
    written_at: float = 0.0

    @property
    def opening(self) -> str:
        """Return what is to be opened, as text."""
        return f"{self.asked.source} {self.asked.limit}"

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

    def open(self, source: str) -> None:
        """Open other vectors."""
        self.put(source=source, limit=0)
        self.wait_for_download()

    def wait_for_download(self) -> None:
        """Download nothing before that is asked for: it may be gigabytes, and a link alone is no reason."""
        self.called_off = self.opening if self.asked.source.startswith(CATALOGUE) else ""

    def follow(self, read: Callable[[dict[str, str]], None]) -> None:
        """Have ``read`` take in the page's address where that was changed from outside."""
        address = class_seat.address()
        # A rerun that was asked for just before the page wrote a new address still brings the old one.
        if address and address != self.written and time.monotonic() - self.written_at > SETTLED_SECONDS:
            read(address)
            self.wait_for_download()
            self.edition += 1
            self.written = dict(address)

    def write(self, link: Mapping[str, str]) -> None:
        """Have the page's address say ``link``."""
        if class_seat.address() != link:
            class_seat.write_address(link)
        if link != self.written:
            self.written, self.written_at = link, time.monotonic()


def told_ignored(ignored: Sequence[Ignored]) -> str:
    """Return what is told of the parts of a link that were not used."""
    return f"Ignored in this link, {WHY['unknown']}: {named([one.name for one in ignored])}." if ignored else ""
