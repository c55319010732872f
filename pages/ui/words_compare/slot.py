"""What one person has before them on the page that compares spaces. This file owns that slot of the session's state."""

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import streamlit as st

from engine.jobs import Order
from engine.spec import Ignored
from pages.ui.links import given_twice
from pages.ui.words.page_desk import PageDesk, told_ignored
from pages.ui.words.space_desk import OfSpace, SpaceDesk
from pages.ui.words_compare.asked import Compared, OfSecond, OfThird

MOST_PAST = 30
_SLOT = "learnscope.compare"


@dataclass(slots=True)
class Place(SpaceDesk):
    """One of the spaces: what is asked for, and how its opening has gone. Its ``letter`` is what the page calls it."""

    letter: str = "A"

    def key(self, name: str) -> str:
        """Return the key of a widget."""
        return f"compare.{self.letter}.{self.edition}.{name}"

    @property
    def prefix(self) -> str:
        """What the settings of this space begin with in an address."""
        return f"{self.letter.lower()}."


def _places() -> tuple[Place, ...]:
    return Place(OfSpace(), letter="A"), Place(OfSecond(), letter="B"), Place(OfThird(), letter="C")


@dataclass(slots=True)
class Desk(PageDesk):
    """``places`` are those of three spaces, of which the last may be empty. ``past`` are queries asked before, newest
    last. ``begun`` is the comparison that was begun last without being asked for by a button.
    """

    page: ClassVar[str] = "compare"
    asked: Compared = field(default_factory=Compared)
    places: tuple[Place, ...] = field(default_factory=_places)
    past: list[str] = field(default_factory=list)
    begun: Order | None = None

    def wanted(self) -> Iterator[Place]:
        """Yield the places that are to have a space."""
        return (place for place in self.places if place is not self.places[2] or place.asked.source)

    def ask_for(self, query: str) -> None:
        """Make ``query`` the next one; the one before can be gone back to."""
        if self.asked.query and query != self.asked.query:
            self.past = [*self.past, self.asked.query][-MOST_PAST:]
        self.put(query=query)

    def open_step(self, link: Mapping[str, str]) -> None:
        """Set the page up as a step of its note says; all widgets begin anew with that."""
        self.set_up(link)
        self.steps += 1
        self.edition += 1

    def set_up(self, link: Mapping[str, str]) -> list[Ignored]:
        """Take in what a link asks for; return what of it cannot be used."""
        ignored: list[Ignored] = []
        for place in self.places:
            own = {
                name.removeprefix(place.prefix): text for name, text in link.items() if name.startswith(place.prefix)
            }
            place.asked, strange = type(place.asked).from_link(own)
            place.wait_for_download()
            place.edition += 1
            ignored += [Ignored(place.prefix + one.name, one.why) for one in strange]
        prefixes = tuple(place.prefix for place in self.places)
        rest = {name: text for name, text in link.items() if not name.startswith(prefixes)}
        self.asked, strange = Compared.from_link(rest)
        return [*ignored, *strange]


def desk() -> Desk:
    """Return this session's desk, set as the page's address says where that was changed from outside."""
    here: Desk = st.session_state.setdefault(_SLOT, Desk())
    here.follow(functools.partial(_read, here))
    return here


def write_link(here: Desk) -> None:
    """Have the page's address say all that is asked."""
    of_spaces = {f"{place.prefix}{name}": text for place in here.places for name, text in place.asked.to_link().items()}
    here.write(of_spaces | here.asked.to_link())


def _read(here: Desk, address: dict[str, str]) -> None:
    ignored = here.set_up(address)
    here.notice = " ".join(filter(None, (told_ignored(ignored), given_twice())))
