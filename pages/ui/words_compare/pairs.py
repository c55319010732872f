"""Which two of the spaces are held against each other."""

from collections.abc import Sequence

import streamlit as st

from pages.ui.text import plain
from pages.ui.words_compare.slot import Desk
from pages.ui.words_compare.spaces import Opened


def chosen_pair(here: Desk, spaces: Sequence[Opened]) -> tuple[Opened, Opened]:
    """Return the two; of three a person chooses."""
    if len(spaces) == 2:
        return spaces[0], spaces[1]
    by_letter = {one.letter.lower(): one for one in spaces}
    first, second = (by_letter[letter] for letter in here.take("pair").pair)
    here.widget("pair")
    return first, second


def same(first: Opened, second: Opened) -> bool:
    """Tell whether two spaces are one, and say so: whatever is compared of it agrees."""
    is_one = first.space.folder == second.space.folder
    if is_one:
        st.info(
            f"{first.letter} and {second.letter} are the same space, **{plain(first.title)}**: choose others at the "
            "side.",
            icon=":material/info:",
        )
    return is_one
