"""The index page: which vectors, and what indexes find among them."""

from engine.words.space import Space
from pages.ui.index_lab.cell_view import cell_view
from pages.ui.index_lab.measuring import measuring
from pages.ui.index_lab.slot import Desk, desk
from pages.ui.words.arrived import arrived
from pages.ui.words.space_page import space_page


def index_page() -> None:
    """Show it."""
    here = desk()
    arrived(here)
    space_page(here, _lab)
    here.write(here.asked.to_link())


def _lab(here: Desk, space: Space) -> None:
    measuring(here, space)
    cell_view(here, space)
