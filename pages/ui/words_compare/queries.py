"""One query, asked of all spaces side by side: which answers they share, and which one has alone."""

import functools
from collections.abc import Sequence
from itertools import combinations

import streamlit as st

from engine.errors import LearnscopeError
from engine.words.compare.queries import Column, overlap, side_by_side
from engine.words.formula import quoted
from pages.ui.text import plain
from pages.ui.words.answers import named
from pages.ui.words.neighbours import STARTERS, starter
from pages.ui.words.ranked import Row, number, ranked
from pages.ui.words.taking import offer
from pages.ui.words.unknown import all_known
from pages.ui.words_compare.slot import Desk, write_link
from pages.ui.words_compare.spaces import Opened

BEYOND, ABSENT = "–", "×"


@st.fragment
def queries(here: Desk, spaces: Sequence[Opened]) -> None:
    """Show the section."""
    before = here.asked.query
    asked = here.take("query", "k")
    if asked.query != before and before:
        here.past = [*here.past, before]
    if not asked.query.strip():
        here.put(query=_starter(spaces))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=480):
            here.widget("query")
        st.button(
            "Back",
            icon=":material/arrow_back:",
            disabled=not here.past,
            on_click=_back,
            args=(here,),
            help="To the query before this one.",
        )
        with st.popover("How", icon=":material/tune:"):
            here.widget("k")
    try:
        _answers(here, spaces)
    except LearnscopeError as error:
        st.warning(plain(str(error), 400), icon=":material/info:")
    write_link(here)


def _starter(spaces: Sequence[Opened]) -> str:
    """Return a word to begin with, that all have if there is one."""
    shared = (word for word in STARTERS if all(word in one.space for one in spaces))
    return next(shared, starter(spaces[0].space))


def _back(here: Desk) -> None:
    if here.past:
        query = here.past.pop()
        here.put(query=query)


def _answers(here: Desk, spaces: Sequence[Opened]) -> None:
    asked = here.asked
    found = side_by_side([one.space for one in spaces], asked.query, asked.k)
    for place, (box, one) in enumerate(zip(st.columns(len(spaces)), spaces, strict=True)):
        with box:
            st.markdown(f"**{one.letter}** · {plain(one.title)}")
            _column(here, spaces, found, place)
    if any(one.answers for one in found):
        st.caption(
            f"**Bold**: no other space has this word among its first {asked.k}. Beside it is its place in the other "
            f"list: {BEYOND} is farther down, {ABSENT} not known to that space."
        )
        _tell_shared(spaces, found)
        rows = [
            {"space": one.name, "place": at, "word": word, "cosine": cosine}
            for one, column in zip(spaces, found, strict=True)
            for at, (word, cosine) in enumerate(column.answers, 1)
        ]
        offer(here, "compare-query", rows)


def _column(here: Desk, spaces: Sequence[Opened], found: Sequence[Column], place: int) -> None:
    """Show what one space answers, or why it has none."""
    one, column = spaces[place], found[place]
    _, asked_words = named(one.space, here.asked.query)
    if not all_known(one.space, asked_words, f"{here.key('query')}.{one.letter}", functools.partial(_replace, here)):
        return
    if not column.answers:
        st.info(plain(column.why or "No word is left to be told.", 400), icon=":material/info:")
        return
    others = [other for other in range(len(spaces)) if other != place]
    ranks = {other: {word: at for at, (word, _) in enumerate(found[other].answers, 1)} for other in others}
    alone = [word for word, _ in column.answers if not any(word in ranks[other] for other in others)]
    rows = [
        Row(
            word,
            number(cosine),
            (0.0, max(0.0, min(1.0, cosine))),
            tuple(_rank(ranks[other].get(word), word, spaces[other]) for other in others),
        )
        for word, cosine in column.answers
    ]
    ranked(
        rows,
        title=f"Neighbours of {here.asked.query} in {one.name}",
        columns=["Word", "Cosine", *(f"In {spaces[other].letter}" for other in others)],
        key=f"compare.query.{one.letter}",
        marked=alone,
        on_choose=lambda word: here.ask_for(quoted(word)),
    )


def _rank(rank: int | None, word: str, other: Opened) -> str:
    if rank is not None:
        return str(rank)
    return BEYOND if word in other.space else ABSENT


def _tell_shared(spaces: Sequence[Opened], found: Sequence[Column]) -> None:
    """Say of each two spaces how many of their answers they share."""
    shares = overlap(found)
    for a, b in combinations(range(len(spaces)), 2):
        first, second = ({word for word, _ in found[place].answers} for place in (a, b))
        if first and second:
            st.markdown(
                f"**{spaces[a].letter}** and **{spaces[b].letter}** have {len(first & second)} of these "
                f"{len(first | second)} words in common: Jaccard {number(shares[a, b], 2)}."
            )


def _replace(here: Desk, word: str, other: str) -> None:
    text = here.asked.query
    here.put(query=quoted(other) if text.strip() in (word, quoted(word)) else text.replace(quoted(word), quoted(other)))
