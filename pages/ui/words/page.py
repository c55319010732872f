"""The words page: which vectors, what is known of them, and the section in which one asks them."""

from engine.words.space import Space
from pages.ui.words.arrived import arrived
from pages.ui.words.sections import SECTIONS, chosen_section
from pages.ui.words.slot import Desk, desk, write_link
from pages.ui.words.space_page import space_page


def words_page() -> None:
    """Show it."""
    here = desk()
    arrived(here)
    space_page(here, _section)
    write_link(here)


def _section(here: Desk, space: Space) -> None:
    SECTIONS[chosen_section(here)].show(here, space)
