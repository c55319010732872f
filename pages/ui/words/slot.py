"""What one person has before them on the words page. This file owns that slot of the session's state, and the address.

Widgets of a section show settings of ``Asked``: a section first takes in what stands in its widgets, then draws them.
Where something else changes a setting (a click on a word, a link), it is put into the widget too.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import streamlit as st

from engine.errors import SpecError
from engine.spec import Ignored, settings_by_name
from engine.words.maps.spec import MapSpec
from pages.ui import class_seat, widgets
from pages.ui.links import WHY, given_twice, named
from pages.ui.words.asked import Asked
from pages.ui.words.map_look import MapLook

LOOK = "look"
CATALOGUE = "catalogue:"
MAP = "map."
"""What the settings of a map begin with in an address."""
SETTLED_SECONDS = 1.0
MOST_PAST = 30
_SLOT = "learnscope.words"


@dataclass(slots=True)
class Guesses:
    """Riddles guessed: the number of the one on show, what was chosen of it, and how many of ``asked`` were right."""

    number: int = 0
    chosen: str = ""
    asked: int = 0
    right: int = 0
    space_right: int = 0


@dataclass(slots=True)
class Desk:
    """``edition`` counts how often the widgets were filled by a link, ``map_edition`` the form of the map. ``past`` are
    queries asked before, newest last, ``formulas`` those of analogies, each with the word that was expected.
    ``guesses`` are those of riddles. ``steps`` counts how many steps of the note were taken.

    ``folder`` is where the open space is kept, ``called_off`` what was being opened
    when that was called off, ``had`` where what was open last is kept.

    ``drawn`` is the map that was last seen whole: the name of ``folder`` and its key. ``look`` is how the map was last
    looked at, ``opened_look`` what a link asks for. ``written`` is the address as this
    page last read or wrote it, ``written_at`` when it wrote.
    """

    asked: Asked = field(default_factory=Asked)
    look: MapLook = field(default_factory=MapLook)
    opened_look: MapLook = field(default_factory=MapLook)
    map: MapSpec = field(default_factory=MapSpec)
    drawn: str = ""
    past: list[str] = field(default_factory=list)
    formulas: list[tuple[str, str]] = field(default_factory=list)
    guesses: Guesses = field(default_factory=Guesses)
    notice: str = ""
    folder: Path | None = None
    called_off: str = ""
    had: Path | None = None
    steps: int = 0
    edition: int = 0
    map_edition: int = 0
    written: dict[str, str] = field(default_factory=dict)
    written_at: float = 0.0

    @property
    def opening(self) -> str:
        """Return what is to be opened, as text."""
        return f"{self.asked.source} {self.asked.limit}"

    def key(self, name: str) -> str:
        """Return the key of a widget."""
        return f"words.{self.edition}.{name}"

    def take(self, *names: str) -> Asked:
        """Take in what stands in the widgets of some settings; what is not allowed stays as it was, and is told."""
        settings = settings_by_name(Asked)
        read = {name: widgets.read(settings[name], self.asked, self.key(name)) for name in names}
        changes = {name: value for name, value in read.items() if value != getattr(self.asked, name)}
        if changes:
            self.change(**changes)
        return self.asked

    def widget(self, name: str) -> None:
        """Draw the widget of a setting."""
        widgets.draw(settings_by_name(Asked)[name], self.asked, self.key(name))

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

    def ask_for(self, query: str) -> None:
        """Make ``query`` the next one; the one before can be gone back to."""
        if self.asked.query and query != self.asked.query:
            self.past = [*self.past, self.asked.query][-MOST_PAST:]
        self.put(query=query)

    def open(self, source: str) -> None:
        """Open other vectors; what was asked of the ones before begins anew, for those words may not be there."""
        self.put(source=source, limit=0, query="", formula="", expected="", words="", ends="", across="")
        self.past = []
        self.wait_for_download()

    def wait_for_download(self) -> None:
        """Download nothing before that is asked for: it may be gigabytes, and a link alone is no reason."""
        self.called_off = self.opening if self.asked.source.startswith(CATALOGUE) else ""

    def open_step(self, asked: Asked, map_spec: MapSpec) -> None:
        """Set the page up as a step of its note says; all widgets begin anew with that."""
        self.asked, self.map = asked, map_spec
        self.steps += 1
        self.edition += 1
        self.map_edition += 1

    def remember(self, formula: str, expected: str) -> None:
        """Keep a formula that was asked, once, as the newest."""
        others = [one for one in self.formulas if one[0] != formula]
        self.formulas = [*others, (formula, expected)][-MOST_PAST:]


def desk() -> Desk:
    """Return this session's desk, set as the page's address says where that was changed from outside."""
    here: Desk = st.session_state.setdefault(_SLOT, Desk())
    address = class_seat.address()
    # A rerun that was asked for just before the page wrote a new address still brings the old one.
    if address and address != here.written and time.monotonic() - here.written_at > SETTLED_SECONDS:
        _open(here, address)
    return here


def write_link(here: Desk) -> None:
    """Have the page's address say all that is asked."""
    look = here.look.to_link()
    of_map = {f"{MAP}{name}": value for name, value in here.map.to_link().items()}
    link = here.asked.to_link() | of_map | ({LOOK: look} if look else {})
    if class_seat.address() != link:
        class_seat.write_address(link)
    if link != here.written:
        here.written, here.written_at = link, time.monotonic()


def _open(here: Desk, address: dict[str, str]) -> None:
    of_map = {name.removeprefix(MAP): text for name, text in address.items() if name.startswith(MAP)}
    rest = {name: text for name, text in address.items() if name != LOOK and not name.startswith(MAP)}
    here.asked, ignored = Asked.from_link(rest)
    here.map, more = MapSpec.from_link(of_map)
    here.look = here.opened_look = MapLook.of_link(address.get(LOOK, ""))
    here.notice = " ".join(filter(None, (_ignored((*ignored, *more)), given_twice())))
    here.wait_for_download()
    here.map_edition += 1
    here.edition += 1
    here.written = dict(address)


def _ignored(ignored: Sequence[Ignored]) -> str:
    return f"Ignored in this link, {WHY['unknown']}: {named([one.name for one in ignored])}." if ignored else ""
