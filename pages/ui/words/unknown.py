"""Words that a space does not have: said so, with what may be meant; and words that it makes up from subwords."""

from collections.abc import Callable, Sequence

import streamlit as st

from engine.errors import DataError
from engine.words.asking import near_misses
from engine.words.space import Space
from pages.ui.text import plain

MOST_TOLD = 3
"""Of so many words it is said what may be meant; of more, that they are not there."""
MOST_NAMED = 20


HERE = ("king", "paris", "dog", "water", "day", "say")
"""Words to go on with where nothing is spelt like the one that a space does not have, those of them that it has."""


def all_known(space: Space, words: Sequence[str], key: str, replace: Callable[[str, str], None]) -> bool:
    """Tell whether all words have vectors. Of those that have none it is said, with others to be taken instead:
    ``replace(word, other)`` is called when one is.
    """
    lacking = [word for word in dict.fromkeys(words) if not _has_vector(space, word)]
    for place, word in enumerate(lacking[:MOST_TOLD]):
        _tell(space, word, f"{key}.near.{place}", replace)
    if more := lacking[MOST_TOLD:]:
        named = ", ".join(f"**{plain(word, 60)}**" for word in more[:MOST_NAMED])
        others = f" and {len(more) - MOST_NAMED:,} others" if len(more) > MOST_NAMED else ""
        st.warning(f"Not there either: {named}{others}.", icon=":material/search_off:")
    unseen = [] if lacking else [word for word in dict.fromkeys(words) if word not in space]
    if unseen:
        told = ", ".join(f"**{plain(word)}**" for word in unseen)
        few = "Its vector is the mean of its subwords'" if len(unseen) == 1 else "Their vectors are means of subwords'"
        st.info(f"Never seen in the text: {told}. {few}.", icon=":material/extension:")
    return not lacking


def _has_vector(space: Space, word: str) -> bool:
    try:
        space.vector(word)
    except DataError:
        return False
    return True


def _tell(space: Space, word: str, key: str, replace: Callable[[str, str], None]) -> None:
    st.warning(f"**{plain(word)}** is not among these {len(space):,} words.", icon=":material/search_off:")
    near = near_misses(space, word)
    offered = near or [other for other in HERE if other in space]
    if not offered:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("Did you mean" if near else "Some that are there:", width="content")
        for place, other in enumerate(offered):
            st.button(plain(other), key=f"{key}.{place}", on_click=replace, args=(word, other))
