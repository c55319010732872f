"""What one person has before them on the index page. This file owns that slot of the session's state, and the address.

Who comes from the words page goes on with the vectors that are open there.
"""

import functools
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import streamlit as st

from engine.words.indexes.cells import Cells
from pages.ui import class_seat
from pages.ui.index_lab.asked import Asked
from pages.ui.links import given_twice
from pages.ui.words.page_desk import told_ignored
from pages.ui.words.slot import open_on_words
from pages.ui.words.space_desk import SpaceDesk

_SLOT = "learnscope.index"


@dataclass(slots=True)
class Desk(SpaceDesk):
    """``followed`` is what was open on the words page when that was last taken over; ``cells`` are the cells drawn, and
    of which folder.
    """

    page: ClassVar = "index"
    asked: Asked = field(default_factory=Asked)
    followed: str = ""
    cells: tuple[Path | None, Cells] | None = None

    def set_up(self, asked: Asked) -> None:
        """Set the page up as a step of its note says, for the vectors that are open; all widgets begin anew."""
        self.asked = asked.replace(source=self.asked.source, limit=self.asked.limit)
        self.steps += 1
        self.edition += 1


def desk() -> Desk:
    """Return this session's desk, set as the page's address says where that was changed from outside."""
    here: Desk = st.session_state.setdefault(_SLOT, Desk())
    here.follow(functools.partial(_read, here))
    there = open_on_words()
    if there is not None and there.opening != here.followed and not class_seat.address():
        here.followed = there.opening
        here.change(source=there.asked.source, limit=there.asked.limit)
        here.called_off = there.called_off
        here.edition += 1
    return here


def _read(here: Desk, address: dict[str, str]) -> None:
    here.asked, ignored = Asked.from_link(address)
    here.notice = " ".join(filter(None, (told_ignored(ignored), given_twice())))
