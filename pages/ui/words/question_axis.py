"""Where words lie on an axis that pairs of opposites give, or between two such axes: as a plot and as a list."""

from collections.abc import Callable, Sequence

import streamlit as st

from engine.figures.axes import one_axis, two_axes
from engine.words.formula import parse_pairs
from engine.words.space import Space
from pages.ui.corpus.plot import inked
from pages.ui.text import plain
from pages.ui.words.ranked import Row, number, ranked, signed_bar
from pages.ui.words.slot import Desk
from pages.ui.words.taking import Picture, offer

PLACE, SECOND = "Place on the axis", "On the second"


def axis(here: Desk, space: Space, words: Sequence[str], go_to: Callable[[str], None]) -> None:
    """Show them; a click on a word in the list calls ``go_to``. Raises DataError."""
    ends, places = _on(space, here.asked.ends, words)
    more = _on(space, here.asked.across, words) if here.asked.across.strip() else None
    order = sorted(range(len(words)), key=lambda at: -places[at])
    st.markdown(
        f"To the right towards **{plain(ends[0])}**, to the left towards **{plain(ends[1])}**."
        + (f" Up towards **{plain(more[0][0])}**, down towards **{plain(more[0][1])}**." if more else "")
    )
    figure = two_axes(words, places, more[1], ends, more[0]) if more else one_axis(words, places, ends)
    left, right = st.columns([3, 2])
    with left:
        told = ", ".join(f"{words[at]} {number(places[at])}" for at in order[:10])
        st.plotly_chart(
            inked(figure),
            alt=f"Words from {ends[1]} to {ends[0]}: {told}. The list beside it has all numbers.",
            config={"displayModeBar": False},
            key="words.question.axis.plot",
        )
    with right:
        ranked(
            [
                Row(words[at], number(places[at]), signed_bar(places[at]), (number(more[1][at]),) if more else ())
                for at in order
            ],
            title=f"Axis: {here.asked.words}",
            columns=["Word", PLACE, *([SECOND] if more else [])],
            key="words.question.axis",
            on_choose=go_to,
        )
    rows = [
        {"words": words[at], PLACE.lower(): places[at]} | ({SECOND.lower(): more[1][at]} if more else {})
        for at in order
    ]
    offer(here, "words-axis", rows, picture=Picture(figure, f"From {ends[1]} to {ends[0]}"))


def _on(space: Space, text: str, words: Sequence[str]) -> tuple[tuple[str, str], list[float]]:
    """Return what lies at the ends of the axis that some pairs give, and where words lie on it."""
    pairs = parse_pairs(text)
    first, second = (", ".join(pair[side] for pair in pairs) for side in (0, 1))
    return (first, second), space.axis(pairs).project(words)
