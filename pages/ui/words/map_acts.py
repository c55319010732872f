"""What can be done with words that were chosen on a map, and the scores by which its words are coloured."""

from collections.abc import Sequence

import streamlit as st

from engine.errors import FrameError, LearnscopeError
from engine.frames import decode
from engine.words.formula import MAX_CHARS, parse_pairs, quoted
from engine.words.maps import keeping
from engine.words.maps.scores import on_axis
from engine.words.maps.spec import MapSpec
from engine.words.space import Space
from pages.ui.text import plain
from pages.ui.words.map_scores import Score
from pages.ui.words.pointmap import Choice
from pages.ui.words.slot import Desk

ACTIONS = {
    "map": "Map these words alone",
    "odd": "Odd one out",
    "pairs": "Nearest pairs",
    "centre": "Near to their mean",
}
MOST_ASKED = 60
"""So many of the chosen words are asked about; a map may take as many as its field holds."""


def act(here: Desk, space: Space, choice: Choice) -> None:
    """Do what is asked for with the chosen words."""
    chosen = [space.words[row] for row in choice.rows if row < len(space)]
    text = listed(chosen, len(chosen) if choice.action == "map" else MOST_ASKED)
    if choice.action == "map":
        here.map = MapSpec.from_strings({"of": "selection", "selection": text}, here.map)
        here.map_edition += 1
    else:
        here.put(section="questions", question=choice.action, words=text)


def listed(words: Sequence[str], most: int) -> str:
    """Return words as a list that can be read back, as many of them as fit into a field."""
    text = ""
    for word in words[:most]:
        more = f"{text} {quoted(word, always=bool(set(',;') & set(word)))}"
        if len(more) > MAX_CHARS:
            break
        text = more.strip()
    return text


def axis_field(here: Desk) -> None:
    """Let a person name an axis."""
    with st.popover("Colour along an axis", icon=":material/palette:"):
        here.take("ends")
        here.widget("ends")
        st.caption(
            "Two opposites, such as *small big*: each word is coloured by where it lies between them. More pairs, with "
            "commas between them, give a surer direction: *small big, short long*."
        )


def scores(here: Desk, space: Space, key: str) -> list[Score]:
    """Return what the words of a map can be coloured by: the axis that a person named, and how far each strays."""
    return [*_along(here.asked.ends, space, key), *_wobble(key)]


def _along(ends: str, space: Space, key: str) -> list[Score]:
    if not ends.strip():
        return []
    try:
        pairs = parse_pairs(ends)
        rows = decode((keeping.maps_folder() / key / keeping.MAP).read_bytes()).arrays["rows"]
        along = on_axis(space, rows, pairs)
    except (LearnscopeError, OSError) as error:
        st.warning(plain(f"There is no such axis: {error}", 300), icon=":material/info:")
        return []
    first, second = pairs[0]
    more = " …" if len(pairs) > 1 else ""
    return [Score(f"{second} to {first}{more}", along, second, first, middle=0.0)]


def _wobble(key: str) -> list[Score]:
    try:
        spread = decode((keeping.maps_folder() / key / keeping.WOBBLE).read_bytes()).arrays["spread"]
    except (FrameError, OSError, KeyError):
        return []
    return [Score("Wobble over seeds", spread, "stays", "strays")]
