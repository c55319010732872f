"""Neighbours: what is near to a word, or to a mix of words, by one way of measuring or two."""

import functools
from dataclasses import asdict

import streamlit as st

from engine.errors import LearnscopeError
from engine.words.formula import quoted
from engine.words.space import Metric, Space
from pages.ui.text import plain
from pages.ui.words import searching
from pages.ui.words.answers import Answer, answer, named, rows_of
from pages.ui.words.asked import METRICS, Asked
from pages.ui.words.by_hand import neighbours_by_hand
from pages.ui.words.ranked import ranked
from pages.ui.words.slot import Desk, write_link
from pages.ui.words.taking import offer
from pages.ui.words.unknown import all_known

STARTERS = ("france", "king", "paris", "dog", "water", "day")
FIELDS = ("query", "metric", "beside", "k", "prefix", "contains", "skip", "top")


@st.fragment
def neighbours(here: Desk, space: Space) -> None:
    """Show the section."""
    before = here.asked.query
    asked = here.take(*FIELDS)
    if asked.query != before and before:
        here.past = [*here.past, before]
    if not asked.query.strip():
        here.put(query=starter(space))
    _fields(here, space)
    try:
        _answers(here, space)
    except LearnscopeError as error:
        st.warning(plain(str(error), 400), icon=":material/info:")
    write_link(here)


def starter(space: Space) -> str:
    """Return a word to begin with."""
    return next((word for word in STARTERS if word in space), quoted(space.words[min(20, len(space) - 1)]))


def _fields(here: Desk, space: Space) -> None:
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
        how = st.popover("How", icon=":material/tune:", key=here.key("how"), on_change="rerun")
    if how.open:
        with how:
            for name in FIELDS[1:]:
                here.widget(name)
            searching.choose(here, searching.index_of(space))


def _back(here: Desk) -> None:
    if here.past:
        query = here.past.pop()
        here.put(query=query)


def _answers(here: Desk, space: Space) -> None:
    asked = here.asked
    query, words = named(space, asked.query)
    if not all_known(space, words, here.key("query"), functools.partial(_replace, here)):
        return
    metrics: list[Metric] = [asked.metric]
    if asked.beside and asked.beside != asked.metric:
        metrics.append(asked.beside)
    found = [answer(space, asked, query, metric) for metric in metrics]
    for place, one in zip(st.columns(len(metrics)), found, strict=True):
        with place:
            _list(here, space, one)
    rows = [{"metric": one.metric, **asdict(neighbour)} for one in found for neighbour in one.found]
    offer(here, "words-neighbours", rows, neighbours_by_hand(space, asked))


def _list(here: Desk, space: Space, found: Answer) -> None:
    if not found.found:
        st.info(_nothing(here.asked, len(space)), icon=":material/filter_alt_off:")
        return
    title = f"Neighbours of {here.asked.query} by {METRICS[found.metric]}"
    columns = ["Word", METRICS[found.metric], "Rank", *(["Count"] if space.frequency is not None else [])]
    ranked(
        rows_of(found),
        title=title,
        columns=columns,
        key=f"words.neighbours.{found.metric}",
        on_choose=functools.partial(_choose, here),
    )
    searching.tell(here, space, found, searching.index_of(space))


def _nothing(asked: Asked, words: int) -> str:
    last = min(asked.top or words, words)
    if asked.skip >= last:
        return f"No word is left: those up to rank {asked.skip:,} are left out, and the last one asked is {last:,}."
    return "No word passes this filter."


def _choose(here: Desk, word: str) -> None:
    here.ask_for(quoted(word))


def _replace(here: Desk, word: str, other: str) -> None:
    text = here.asked.query
    here.put(query=quoted(other) if text.strip() in (word, quoted(word)) else text.replace(quoted(word), quoted(other)))
