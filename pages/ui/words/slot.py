"""What one person has before them on the words page. This file owns that slot of the session's state, and the address.

Widgets of a section show settings of ``Asked``: a section first takes in what stands in its widgets, then draws them.
Where something else changes a setting (a click on a word, a link), it is put into the widget too.
"""

import functools
from dataclasses import dataclass, field
from typing import ClassVar

import streamlit as st

from engine.words.maps.spec import MapSpec
from pages.ui.links import given_twice
from pages.ui.words.asked import Asked
from pages.ui.words.map_look import MapLook
from pages.ui.words.page_desk import told_ignored
from pages.ui.words.space_desk import SpaceDesk

LOOK = "look"
MAP = "map."
"""What the settings of a map begin with in an address."""
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
class Desk(SpaceDesk):
    """``map_edition`` counts how often the form of the map was filled by a link. ``past`` are queries asked before,
    newest last, ``formulas`` those of analogies, each with the word that was expected. ``guesses`` are of riddles.

    ``drawn`` is the map that was last seen whole: the name of ``folder`` and its key. ``look`` is how the map was last
    looked at, ``opened_look`` what a link asks for.
    """

    page: ClassVar = "words"
    asked: Asked = field(default_factory=Asked)
    look: MapLook = field(default_factory=MapLook)
    opened_look: MapLook = field(default_factory=MapLook)
    map: MapSpec = field(default_factory=MapSpec)
    drawn: str = ""
    past: list[str] = field(default_factory=list)
    formulas: list[tuple[str, str]] = field(default_factory=list)
    guesses: Guesses = field(default_factory=Guesses)
    map_edition: int = 0

    def ask_for(self, query: str) -> None:
        """Make ``query`` the next one; the one before can be gone back to."""
        if self.asked.query and query != self.asked.query:
            self.past = [*self.past, self.asked.query][-MOST_PAST:]
        self.put(query=query)

    def open(self, source: str) -> None:
        """Open other vectors; what was asked of the ones before begins anew, for those words may not be there."""
        self.put(query="", formula="", expected="", words="", ends="", across="")
        self.past = []
        SpaceDesk.open(self, source)  # with slots there is no super() of a dataclass

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
    here.follow(functools.partial(_read, here))
    return here


def open_on_words() -> Desk | None:
    """Return the desk of the words page, for pages that go on with its vectors; None before its first visit."""
    return st.session_state.get(_SLOT)


def write_link(here: Desk) -> None:
    """Have the page's address say all that is asked."""
    look = here.look.to_link()
    of_map = {f"{MAP}{name}": value for name, value in here.map.to_link().items()}
    here.write(here.asked.to_link() | of_map | ({LOOK: look} if look else {}))


def _read(here: Desk, address: dict[str, str]) -> None:
    of_map = {name.removeprefix(MAP): text for name, text in address.items() if name.startswith(MAP)}
    rest = {name: text for name, text in address.items() if name != LOOK and not name.startswith(MAP)}
    here.asked, ignored = Asked.from_link(rest)
    here.map, more = MapSpec.from_link(of_map)
    here.look = here.opened_look = MapLook.of_link(address.get(LOOK, ""))
    here.notice = " ".join(filter(None, (told_ignored((*ignored, *more)), given_twice())))
    here.map_edition += 1
