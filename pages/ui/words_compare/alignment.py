"""Alignment: one space turned onto the other, what is left between them, and the words that moved most."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from engine.figures.spaces import histogram, overlaid
from engine.figures.style import Figure
from engine.words.compare.work import order
from engine.words.formula import parse_words, quoted
from pages.ui.notes import READABLE
from pages.ui.text import plain
from pages.ui.words.ranked import Row, number, ranked
from pages.ui.words_compare.chart import chart, numbers
from pages.ui.words_compare.comparing import compared
from pages.ui.words_compare.pairs import chosen_pair, same
from pages.ui.words_compare.slot import Desk
from pages.ui.words_compare.spaces import Opened, folders

FIELDS = ("centred", "unit", "restrict", "least_count")
MOST_WORDS = 40


def alignment(here: Desk, spaces: Sequence[Opened]) -> None:
    """Show the section; raises DataError for words that cannot be read."""
    asked = here.take(*FIELDS, "words")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        first, second = chosen_pair(here, spaces)
        counted = any(one.space.frequency is not None for one in (first, second))
        with st.container(width=480):
            here.widget("words")
        with st.popover("How", icon=":material/tune:"):
            for name in FIELDS if counted else FIELDS[:-1]:
                here.widget(name)
    same(first, second)
    named = list(dict.fromkeys(parse_words(asked.words)))[:MOST_WORDS] if asked.words.strip() else []
    wanted = order(
        "align",
        folders((first, second)),
        centred=asked.centred,
        unit=asked.unit,
        restrict=asked.restrict,
        least_count=asked.least_count if counted else 0,
        words=named,
    )
    result = compared(here, wanted, "Laying one space over the other")
    if result is not None:
        _show(here, spaces, (first, second), result)


def _show(here: Desk, spaces: Sequence[Opened], pair: tuple[Opened, Opened], result: Mapping[str, Any]) -> None:
    first, second = pair
    mean = result["mean"]
    with st.container(horizontal=True, gap="large"):
        st.metric(
            "Residual",
            number(result["residual"]),
            help="What is left between the two after turning, as a share of the second's size: 0 where all words come "
            "to lie upon each other, about 1.4 where words of length 1 have nothing to do with each other.",
            width="content",
        )
        st.metric(
            "Mean cosine",
            "–" if mean is None else number(mean),
            help="Of each word with itself in the other space, after turning.",
            width="content",
        )
        st.metric("Words in both", f"{result['words']:,}", width="content")
    if not result["determined"]:
        st.warning(
            f"{result['words']:,} shared words do not fix a rotation of {min(result['dimensions'])} dimensions: it "
            "bends to them, and they agree better than they should.",
            icon=":material/info:",
        )
    st.markdown(
        f"Nothing in the learning tells which way is up. So **{first.letter}** is turned onto **{second.letter}** as a "
        "whole, without stretching (orthogonal Procrustes); only what no turning removes is told.",
        width=READABLE,
    )
    left, right = st.columns([3, 2])
    with left:
        _map(spaces, pair, result)
        rows, figure = _cosines(pair, result)
    with right:
        st.markdown("**They moved most**")
        _moved(here, pair, result["moved"])
    numbers(here, "alignment", rows, figure, "Words by how far they moved")


def _cosines(pair: tuple[Opened, Opened], result: Mapping[str, Any]) -> tuple[list[dict[str, Any]], Figure]:
    """Draw how near words lie to themselves; return the numbers of it, and the figure."""
    counts, mean = result["counts"], result["mean"]
    width = 2 / len(counts)
    rows = [
        {"from": round(place * width - 1, 6), "to": round((place + 1) * width - 1, 6), "words": count}
        for place, count in enumerate(counts)
    ]
    told = [f"{row['from']:.2f} to {row['to']:.2f}" for row in rows]
    marks = () if mean is None else ((f"mean {mean:.3f}", mean),)
    figure = histogram(counts, width / 2 - 1, width, "cosine of a word with itself", told, marks)
    chart(
        figure,
        f"The cosines of words in {pair[0].name} with themselves in {pair[1].name}, after turning: the mean is "
        f"{'unknown' if mean is None else f'{mean:.3f}'}. The table below has all numbers.",
        "alignment",
    )
    return rows, figure


def _map(spaces: Sequence[Opened], pair: tuple[Opened, Opened], result: Mapping[str, Any]) -> None:
    """Draw some words where they lie in both spaces."""
    drawn = result["overlay"]
    if drawn is None:
        st.info(plain(result["why"], 400), icon=":material/info:")
        return
    first, second = pair
    letters = [one.letter for one in spaces]
    colours = letters.index(first.letter), letters.index(second.letter)
    figure = overlaid(drawn["words"], drawn["first"], drawn["second"], (first.name, second.name), colours)
    told = ", ".join(f"{word} {cosine:.2f}" for word, cosine in zip(drawn["words"], drawn["cosines"], strict=True))
    chart(
        figure,
        f"Words of {first.name} and {second.name} in one plane, an arrow from one place to the other. Cosines of "
        f"each word with itself: {told}.",
        "overlay",
    )
    absent = f" Not in both: {plain(', '.join(drawn['absent']), 200)}." if drawn["absent"] else ""
    st.caption(
        f"Each arrow leads from {first.letter} to {second.letter}. This plane holds {drawn['held']:.0%} of how these "
        f"points spread; the rest is not to be seen.{absent}"
    )


def _moved(here: Desk, pair: tuple[Opened, Opened], moved: Sequence[Mapping[str, Any]]) -> None:
    counted = all(one.space.frequency is not None for one in pair)
    first, second = (one.letter for one in pair)
    ranked(
        [
            Row(
                one["word"],
                number(one["cosine"]),
                (0.0, max(0.0, one["cosine"])),
                (", ".join(f"{value:,}" for value in one["counts" if counted else "places"]),),
            )
            for one in moved
        ],
        title="The words that moved most",
        columns=["Word", "Cosine", f"{'Counts' if counted else 'Ranks'} {first}, {second}"],
        key="compare.moved",
        on_choose=lambda word: here.put(query=quoted(word), section="query"),
    )
